//! What a program sees, under flatrack-oci and under runc: the same bundle, the same answers.

use flatrack_testbed::needs;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::runtime::Runtime;

/// Parts of a document, by JSON pointer, and what the program looks at.
struct Case {
    name: &'static str,
    set: Vec<(&'static str, Value)>,
    mounts: Vec<Value>,
    script: &'static str,
}

const WHO: &str = "id; grep -E '^(Cap|NoNew|Seccomp:|Uid|Gid|Groups)' /proc/self/status; umask";

fn cases() -> Vec<Case> {
    let case = |name, set, mounts, script| Case {
        name,
        set,
        mounts,
        script,
    };
    let allow_all = |rules: Value| json!({"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": rules});
    vec![
        case("as it is", vec![], vec![], WHO),
        case(
            "the file systems",
            vec![],
            vec![],
            // what hides paths is stricter than runc's
            "cut -d' ' -f4- /proc/self/mountinfo | grep -vE ' /(proc/keys|proc/kcore|sys/firmware)? ' | sed 's/ - .*//' | awk '{print $2, $3}' | sort; ls -l /dev | awk '{print $1, $3, $4, $5, $6}' 2>/dev/null",
        ),
        case(
            "what is in /dev",
            vec![],
            vec![],
            "ls /dev; readlink /dev/fd /dev/ptmx; stat -c '%n %F %a %u %g %t:%T' /dev/null /dev/zero /dev/full /dev/tty /dev/random /dev/urandom",
        ),
        case(
            "hidden and read-only paths",
            vec![],
            vec![],
            "cat /proc/kcore /proc/keys; ls /sys/firmware; touch /proc/sys/x /proc/bus/x 2>&1 | sed 's/.*: //'; cat /proc/sys/kernel/ostype",
        ),
        case(
            "another user",
            vec![(
                "/process/user",
                json!({"uid": 1000, "gid": 1001, "additionalGids": [5, 27], "umask": 63}),
            )],
            vec![],
            WHO,
        ),
        case(
            "ambient capabilities",
            vec![
                ("/process/user", json!({"uid": 1000, "gid": 1000})),
                ("/process/noNewPrivileges", json!(false)),
                (
                    "/process/capabilities",
                    json!({
                        "bounding": ["CAP_NET_BIND_SERVICE", "CAP_KILL"], "effective": ["CAP_NET_BIND_SERVICE"], "permitted": ["CAP_NET_BIND_SERVICE"],
                        "inheritable": ["CAP_NET_BIND_SERVICE"], "ambient": ["CAP_NET_BIND_SERVICE"],
                    }),
                ),
            ],
            vec![],
            WHO,
        ),
        case(
            "no capabilities",
            vec![("/process/capabilities", json!({}))],
            vec![],
            WHO,
        ),
        case(
            "limits of the process",
            vec![(
                "/process/rlimits",
                json!([{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}, {"type": "RLIMIT_CORE", "soft": 0, "hard": 0}]),
            )],
            vec![],
            "ulimit -Sn; ulimit -Hn; ulimit -c",
        ),
        case(
            "the memory killer's score",
            vec![("/process/oomScoreAdj", json!(345))],
            vec![],
            "cat /proc/self/oom_score_adj",
        ),
        case(
            "a directory that is not there yet",
            vec![("/process/cwd", json!("/data/deep/er"))],
            vec![],
            "pwd; stat -c '%a %u' /data/deep",
        ),
        case(
            "variables",
            vec![(
                "/process/env",
                json!(["PATH=/bin", "A=1", "B=two words", "A=3", "HOME=/x"]),
            )],
            vec![],
            "env | grep -vE '^(PWD|SHLVL|_)=' | sort",
        ),
        case(
            "no home",
            vec![("/process/env", json!(["PATH=/bin"]))],
            vec![],
            "echo $HOME",
        ),
        case(
            "a read-only root",
            vec![("/root/readonly", json!(true))],
            vec![],
            "touch /x 2>&1 | sed 's/.*: //'; touch /dev/x && echo yes",
        ),
        case(
            "names",
            vec![("/hostname", json!("one")), ("/domainname", json!("two"))],
            vec![],
            "hostname",
        ),
        case(
            "kernel parameters",
            vec![(
                "/linux/sysctl",
                json!({"net.ipv4.ip_forward": "1", "kernel.shmmni": "100"}),
            )],
            vec![],
            "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni",
        ),
        case(
            "a device",
            vec![(
                "/linux/devices",
                json!([{"path": "/dev/own", "type": "c", "major": 1, "minor": 5, "fileMode": 416, "uid": 7, "gid": 8}]),
            )],
            vec![],
            "stat -c '%F %a %u %g %t:%T' /dev/own; head -c 3 /dev/own | wc -c",
        ),
        case(
            "rules for devices",
            vec![
                (
                    "/linux/resources",
                    json!({"devices": [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 1, "minor": 11, "access": "r"}]}),
                ),
                (
                    "/linux/devices",
                    json!([{"path": "/dev/log-of-kernel", "type": "c", "major": 1, "minor": 11}, {"path": "/dev/some-memory", "type": "c", "major": 1, "minor": 1}]),
                ),
            ],
            vec![],
            "(: < /dev/log-of-kernel) 2>&1 | sed 's/.*: //'; (: < /dev/some-memory) 2>&1 | sed 's/.*: //'; head -c 2 /dev/zero | wc -c",
        ),
        case(
            "a file system in memory",
            vec![],
            vec![
                json!({"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m", "noexec", "nosuid", "nodev"]}),
            ],
            "grep ' /data ' /proc/mounts; stat -c %a /data",
        ),
        case(
            "binds",
            vec![],
            vec![
                json!({"destination": "/data/ro", "type": "bind", "source": "/usr/share", "options": ["rbind", "ro"]}),
                json!({"destination": "/etc/file", "type": "bind", "source": "/etc/passwd", "options": ["bind", "ro", "nosuid", "noexec"]}),
                json!({"destination": "/data/private", "source": "/usr/lib", "options": ["bind", "private", "noatime"]}),
            ],
            "touch /data/ro/x 2>&1 | sed 's/.*: //'; head -n 1 /etc/file; grep -E ' (/data/|/etc/file)' /proc/self/mountinfo | sed 's/.* \\(\\/data[^ ]*\\|\\/etc\\/file\\) \\([^ ]*\\) .*/\\1 \\2/' | sort",
        ),
        case(
            "a filter that answers with an error",
            vec![(
                "/linux/seccomp",
                allow_all(
                    json!([{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}, {"names": ["kill"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 1, "value": 10, "op": "SCMP_CMP_EQ"}]}]),
                ),
            )],
            vec![],
            "mkdir /tmp/x 2>&1 | sed 's/.*: //'; kill -USR1 $$ 2>&1 | sed 's/.*: //'; kill -0 $$ && echo may; grep Seccomp: /proc/self/status",
        ),
        case(
            "a limit of memory and processes",
            vec![
                (
                    "/linux/resources",
                    json!({"memory": {"limit": 33_554_432}, "pids": {"limit": 20}}),
                ),
                (
                    "/linux/namespaces",
                    json!([{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}, {"type": "cgroup"}]),
                ),
            ],
            vec![
                json!({"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro", "nosuid", "noexec", "nodev"]}),
            ],
            "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max; grep -E ':(memory|pids):' /proc/self/cgroup | sed 's/.*://'",
        ),
        case(
            "a user namespace",
            vec![
                (
                    "/linux/namespaces",
                    json!([{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}, {"type": "user"}]),
                ),
                (
                    "/linux/uidMappings",
                    json!([{"containerID": 0, "hostID": 100_000, "size": 65536}]),
                ),
                (
                    "/linux/gidMappings",
                    json!([{"containerID": 0, "hostID": 100_000, "size": 65536}]),
                ),
            ],
            vec![],
            "id; cat /proc/self/uid_map /proc/self/gid_map | tr -s ' '; cat /proc/self/setgroups; stat -c '%u %F' /dev/null /bin/busybox",
        ),
        case("a code of its own", vec![], vec![], "exit 42"),
        case(
            "an end by a signal",
            vec![],
            vec![],
            "kill -KILL $$; echo alive",
        ),
        case(
            "a program that is not there",
            vec![("/process/args", json!(["none"]))],
            vec![],
            "",
        ),
    ]
}

#[test]
fn privileged_a_program_sees_the_same_as_under_runc() {
    needs!(Root, Runc);
    let mut differences = Vec::new();
    for case in cases() {
        let outcome = |runtime: Runtime| {
            let mut bundle = Bundle::new(case.script);
            for (pointer, value) in &case.set {
                bundle = bundle.set(pointer, value.clone());
            }
            for mount in &case.mounts {
                bundle = bundle.mount(mount.clone());
            }
            let outcome = runtime.run_bundle(&bundle);
            // names differ between the two runs
            let out = outcome.stdout.replace(&bundle.id, "ID");
            (outcome.code, out, outcome.stderr)
        };
        let (ours, theirs) = (outcome(Runtime::ours()), outcome(Runtime::runc()));
        if (ours.0, &ours.1) != (theirs.0, &theirs.1) {
            differences.push(format!(
                "{}:\nours: {} {}{}\nrunc: {} {}{}",
                case.name, ours.0, ours.1, ours.2, theirs.0, theirs.1, theirs.2
            ));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
