//! Each rule of the system call filter, tried from inside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flatrack_spec::{SeccompRule, seccomp_rules};
use flatrack_testbed::{Testbed, User, needs};
use libseccomp::ScmpSyscall;

/// Arguments that meet a rule's condition; everything else is tried with zeros, which no call accepts.
fn arguments(rule: &SeccompRule, syscall: &str) -> &'static str {
    match (syscall, rule.why.as_str()) {
        // CLONE_NEWUSER with an exit signal
        ("clone", _) => "0x10000011, 0, 0, 0, 0",
        // the upper half is dirt that the kernel ignores (CVE-2019-10063)
        ("ioctl", why) if why.starts_with("TIOCSTI") => "0, 0x100005412, 0",
        ("ioctl", _) => "0, 0x10000541c, 0",
        // IPPROTO_TCP and TCP_FASTOPEN_CONNECT, with dirt above
        ("setsockopt", _) => "-1, 0x100000006, 0x10000001e, 0, 0",
        ("sendmsg", _) => "-1, 0, 0x20000000",
        ("sendto" | "sendmmsg", _) => "-1, 0, 0, 0x20000000, 0, 0",
        ("personality", _) => "0xffffffff",
        // asks about nobody; 0 would have the test's own process trace the caller
        ("ptrace", _) => "2, 0, 0, 0",
        ("keyctl", _) => "0, 0xfffffffd, 0",
        _ => "0, 0, 0, 0, 0",
    }
}

/// A program that makes each call and prints `NAME ERRNO`.
fn script() -> (String, BTreeMap<String, u32>) {
    let mut script = String::from("use strict;\n");
    let mut expected = BTreeMap::new();
    for (number, rule) in seccomp_rules().iter().enumerate() {
        for name in &rule.syscalls {
            let call = i32::from(ScmpSyscall::from_name(name).unwrap());
            if call < 0 {
                continue; // not a call of this architecture
            }
            let label = format!("{number}:{name}");
            writeln!(
                script,
                "$! = 0; my $r{number}{name} = syscall({call}, {}); exit 0 if $r{number}{name} == 0 && '{name}' eq 'clone'; \
                 print '{label} ', $r{number}{name} == -1 ? $!+0 : 0, \"\\n\";",
                arguments(rule, name)
            )
            .unwrap();
            expected.insert(label, rule.errno.number());
        }
    }
    (script, expected)
}

fn answers(output: &str) -> BTreeMap<String, u32> {
    output
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(label, errno)| (label.to_owned(), errno.parse().unwrap()))
        .collect()
}

#[test]
fn every_rule_answers_with_its_errno_and_most_calls_answer_otherwise_without_it() {
    needs!(UserNamespaces);
    // as an ordinary user, for whom the filter does the most
    let bed = Testbed::of(User::ordinary());
    let (perl, expected) = script();
    let dir = bed
        .host_build_dir("org.flatrack.Test.Calls")
        .script(&format!("perl <<'PERL'\n{perl}PERL"))
        .lines("[Context]\nshared=network\n[X-Network]\nconnect=tcp:1")
        .write();
    let inside = bed.flatrack(["run", dir.to_str().unwrap()]);
    inside.assert_success();
    assert_eq!(answers(&inside.stdout), expected);

    // the same calls with no filter, but as little privilege: the check above can fail
    let bed = Testbed::new();
    let file = bed.write("calls.pl", &perl);
    let outside = bed.run(
        "setpriv",
        [
            "--no-new-privs",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--reuid=65534",
            "--clear-groups",
            "perl",
            file.to_str().unwrap(),
        ],
    );
    let different = answers(&outside.stdout)
        .iter()
        .filter(|(label, errno)| expected[*label] != **errno)
        .count();
    assert!(
        different >= 15,
        "only {different} calls tell the filter from its absence:\n{}",
        outside.stdout
    );
}

#[test]
fn rare_socket_families_are_refused_and_common_ones_are_not() {
    let bed = Testbed::new();
    let perl = "for my $f (1, 2, 10, 16, 3, 9, 17, 29, 31, 40, 200) { $! = 0; my $r = syscall(41, $f, 2, 0); \
                print \"$f \", $r == -1 ? $!+0 : 0, \"\\n\"; }";
    let dir = bed
        .host_build_dir("org.flatrack.Test.Families")
        .script(&format!("perl -e '{perl}'"))
        .write();
    let outcome = bed.flatrack(["run", dir.to_str().unwrap()]);
    outcome.assert_success();
    let refused: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| line.ends_with(" 97"))
        .filter_map(|l| l.split(' ').next())
        .collect();
    assert_eq!(refused, ["3", "9", "17", "29", "31", "40", "200"]);
    assert!(outcome.stdout.contains("1 0") && outcome.stdout.contains("2 0"));
}

#[test]
fn devel_lets_a_debugger_work_and_nothing_else() {
    let bed = Testbed::new();
    // PTRACE_TRACEME is 0; unshare stays refused
    let perl =
        "my $t = syscall(101, 0, 0, 0, 0); my $u = syscall(272, 0x10000000); print \"$t $u\\n\"";
    let dir = bed
        .host_build_dir("org.flatrack.Test.Devel")
        .script(&format!("perl -e '{perl}'"))
        .write();
    let dir = dir.to_str().unwrap();
    assert_eq!(bed.flatrack(["run", dir]).stdout, "-1 -1\n");
    assert_eq!(bed.flatrack(["run", "--allow=devel", dir]).stdout, "0 -1\n");
}
