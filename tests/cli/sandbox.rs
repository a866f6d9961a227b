//! The default sandbox of an app without permissions, seen from inside.

use flatrack_testbed::{HELLO, Testbed, User, needs};

/// What a shell line prints in the app.
#[track_caller]
fn inside(bed: &Testbed, options: &[&str], line: &str) -> String {
    let mut words = vec!["run"];
    words.extend(options);
    words.extend(["--command=sh", HELLO, "-c", line]);
    bed.flatrack(words).assert_success().to_owned()
}

#[test]
fn every_capability_set_is_empty() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let sets = inside(&bed, &[], "grep ^Cap /proc/self/status");
    assert_eq!(sets.lines().count(), 5);
    assert!(
        sets.lines().all(|line| line.ends_with("0000000000000000")),
        "{sets}"
    );
}

#[test]
fn no_new_privileges_and_a_filter_are_in_force() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let status = inside(
        &bed,
        &[],
        "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status",
    );
    assert_eq!(status, "NoNewPrivs:\t1\nSeccomp:\t2");
}

#[test]
fn the_app_is_the_second_process_and_sees_no_other() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    assert_eq!(
        inside(&bed, &[], "echo $$; cd /proc; echo [0-9]*"),
        "2\n1 2"
    );
}

#[test]
fn orphans_are_reaped() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let line = "(sh -c 'sleep 0.2 &'); sleep 0.6; grep -l '^State:.Z' /proc/[0-9]*/status | wc -l";
    assert_eq!(inside(&bed, &[], line), "0");
}

#[test]
fn runtime_and_app_cannot_be_written() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    for dir in ["/usr", "/app"] {
        let line = format!("touch {dir}/x 2>/dev/null && echo written || echo refused");
        assert_eq!(inside(&bed, &[], &line), "refused", "{dir}");
    }
}

#[test]
fn the_home_of_the_user_is_not_there() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.write("home/secret", "x");
    assert_eq!(
        inside(&bed, &[], "cat $HOME/secret 2>/dev/null || echo hidden"),
        "hidden"
    );
}

#[test]
fn an_apps_own_data_stays_from_run_to_run() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    inside(&bed, &[], "echo kept >$XDG_DATA_HOME/note");
    assert_eq!(inside(&bed, &[], "cat /var/data/note"), "kept");
    assert!(
        bed.home()
            .join(".var/app")
            .join(HELLO)
            .join("data/note")
            .exists()
    );
}

#[test]
fn without_the_permission_there_is_no_network() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    assert_eq!(
        inside(&bed, &[], "sed -n '3,$s/:.*//p' /proc/net/dev").trim(),
        "lo"
    );
    let shared = inside(&bed, &["--share=network"], "readlink /proc/self/ns/net");
    let own = std::fs::read_link("/proc/self/ns/net").unwrap();
    assert_eq!(shared, own.display().to_string());
}

#[test]
fn no_descriptor_but_the_three_is_inherited() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let flatrack = bed.flatrack_command(["run", "--command=ls", HELLO, "/proc/self/fd"]);
    let line = format!("exec 7</dev/null 9</dev/null; exec {}", quoted(&flatrack));
    let mut shell = bed.command("sh", ["-c", &line]);
    let output = shell.output().unwrap();
    // the fourth is the directory that `ls` reads
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "0\n1\n2\n3\n");
}

/// The program and its arguments as words of a shell, without a change of user.
fn quoted(command: &std::process::Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn mounting_and_new_namespaces_are_refused() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    assert_eq!(
        inside(
            &bed,
            &[],
            "mount -t tmpfs x /tmp 2>/dev/null || echo refused"
        ),
        "refused"
    );
}

#[test]
fn an_ordinary_user_gets_the_same_walls() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::of(User::ordinary()).with_flatpak();
    let line = "grep -E '^(CapBnd|CapEff|NoNewPrivs|Seccomp):' /proc/self/status";
    let zero = "0000000000000000";
    let expected = format!("CapEff:\t{zero}\nCapBnd:\t{zero}\nNoNewPrivs:\t1\nSeccomp:\t2");
    assert_eq!(inside(&bed, &[], line), expected);
}

#[test]
fn the_app_can_read_what_it_is() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let info = inside(&bed, &[], "cat /.flatpak-info");
    assert!(info.starts_with("[Application]\n"), "{info}");
    assert!(info.contains(&format!("\nname={HELLO}\n")), "{info}");
    assert!(info.contains("\n[Instance]\n"), "{info}");
}
