//! What a container is kept from.

use std::path::Path;

use flatrack_engine::{Error, Root, Skeleton, SkeletonOp, Step};
use flatrack_sys::process::Exit;
use serde_json::json;

use crate::sandbox::Sandbox;

crate::claims![
    privileged_no_capability_is_left_in_any_set,
    privileged_capabilities_are_exactly_those_of_the_spec,
    privileged_the_filter_and_no_new_privs_hold_for_init_and_exec,
    privileged_the_filter_holds_without_no_new_privs_too,
    privileged_no_descriptor_above_two_reaches_the_program,
    privileged_a_working_directory_through_a_descriptor_is_refused,
    privileged_nothing_is_mounted_over_proc,
    privileged_masked_and_read_only_paths_hold,
    privileged_recursive_read_only_covers_submounts,
    privileged_devices_are_the_standard_ones,
    privileged_a_pinned_source_is_what_gets_mounted,
    privileged_a_tmpfs_root_holds_its_skeleton,
    privileged_only_own_kernel_parameters_can_be_set,
    privileged_no_user_namespace_below_when_limited,
    privileged_a_profile_without_apparmor_is_refused,
    privileged_user_groups_umask_and_rlimits_are_set,
    privileged_the_setup_process_cannot_be_inspected,
];

const CAPS: &str = "grep -E '^Cap' /proc/self/status";

fn privileged_no_capability_is_left_in_any_set() {
    for uid in [0, 1000] {
        let mut sandbox = Sandbox::new(CAPS);
        sandbox.set("/process/user", json!({"uid": uid, "gid": uid}));
        let out = sandbox.output();
        assert_eq!(out.lines().count(), 5);
        assert!(
            out.lines().all(|line| line.ends_with("0000000000000000")),
            "{out}"
        );
    }
}

fn privileged_capabilities_are_exactly_those_of_the_spec() {
    let mut sandbox = Sandbox::new(CAPS);
    sandbox.set("/process/capabilities", json!({"bounding": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"]}));
    let out = sandbox.output();
    assert!(out.contains("CapBnd:\t0000000000000021"), "{out}");
    assert!(
        out.contains("CapInh:\t0000000000000000") && out.contains("CapAmb:\t0000000000000000"),
        "{out}"
    );
}

fn filter() -> serde_json::Value {
    json!({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]})
}

fn privileged_the_filter_and_no_new_privs_hold_for_init_and_exec() {
    let script =
        "grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status; mkdir /tmp/x 2>&1; test ! -e /tmp/x";
    let mut sandbox = Sandbox::new(&format!("{script} && sleep 100"));
    sandbox.set("/linux/seccomp", filter());
    let running = sandbox.start().unwrap();
    let outcome = sandbox.exec(script).unwrap();
    assert_eq!(outcome.exit, Exit::Code(0));
    assert!(
        outcome.out.contains("Seccomp:\t2") && outcome.out.contains("NoNewPrivs:\t1"),
        "{}",
        outcome.out
    );
    assert!(
        outcome.out.contains("Function not implemented"),
        "{}",
        outcome.out
    );
    let init = std::fs::read_to_string(format!("/proc/{}/status", running.pid)).unwrap();
    assert!(
        init.contains("Seccomp:\t2") && init.contains("NoNewPrivs:\t1"),
        "{init}"
    );
    sandbox.end();
}

fn privileged_the_filter_holds_without_no_new_privs_too() {
    let mut sandbox = Sandbox::new(
        "grep -E '^(Seccomp|NoNewPrivs|CapEff):' /proc/self/status; mkdir /tmp/x 2>/dev/null; sleep 100",
    );
    sandbox
        .set("/linux/seccomp", filter())
        .set("/process/noNewPrivileges", json!(false));
    let running = sandbox.start().unwrap();
    let init = std::fs::read_to_string(format!("/proc/{}/status", running.pid)).unwrap();
    for out in [init, sandbox.exec("cat /proc/self/status").unwrap().out] {
        assert!(
            out.contains("Seccomp:\t2")
                && out.contains("NoNewPrivs:\t0")
                && out.contains("CapEff:\t0000000000000000"),
            "{out}"
        );
    }
    assert!(!sandbox.rootfs().join("tmp/x").exists());
    sandbox.end();
}

fn privileged_no_descriptor_above_two_reaches_the_program() {
    let leaked = std::fs::File::open("/etc/passwd").unwrap();
    flatrack_sys::fd::set_close_on_exec(&leaked, false).unwrap();
    // `ls` itself opens one descriptor, for the directory.
    let script = "cd /proc/self/fd; for f in *; do test $f -le 2 || readlink $f; done; sleep 100";
    let mut sandbox = Sandbox::new(script);
    let bundle = sandbox.bundle();
    let options = sandbox.options();
    let running = flatrack_engine::run(&bundle, options).unwrap();
    let fds: Vec<_> = std::fs::read_dir(format!("/proc/{}/fd", running.pid))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(fds.len(), 3, "{fds:?}");
    let outcome = sandbox.exec("ls /proc/self/fd | wc -l").unwrap();
    assert_eq!(
        outcome.out.trim(),
        "4",
        "three streams and the directory that is listed"
    );
    sandbox.end();
}

fn privileged_a_working_directory_through_a_descriptor_is_refused() {
    let host = std::fs::File::open("/").unwrap();
    flatrack_sys::fd::set_close_on_exec(&host, false).unwrap();
    use std::os::fd::AsRawFd;
    for path in [
        format!("/proc/self/fd/{}", host.as_raw_fd()),
        "/link".to_owned(),
        "/proc/self/cwd/../..".into(),
        "/proc/1/root/proc/self/fd/3".into(),
    ] {
        let mut sandbox = Sandbox::new("ls");
        std::os::unix::fs::symlink(
            format!("/proc/self/fd/{}", host.as_raw_fd()),
            sandbox.rootfs().join("link"),
        )
        .unwrap();
        sandbox.set("/process/cwd", json!(path));
        match sandbox.run() {
            Err(Error::Setup(failure)) => assert_eq!(failure.step, Step::WorkingDirectory),
            other => panic!("{path}: {other:?}"),
        }
    }
}

fn privileged_nothing_is_mounted_over_proc() {
    for destination in ["/proc", "/proc/self/attr", "/link/sys", "/proc/../proc/sys"] {
        let mut sandbox = Sandbox::new("true");
        std::os::unix::fs::symlink("/proc", sandbox.rootfs().join("link")).unwrap();
        let source = tempfile::tempdir().unwrap();
        sandbox.bind(source.path(), destination, &[]);
        match sandbox.run() {
            Err(Error::Setup(failure)) => assert_eq!(failure.step, Step::Mount, "{failure}"),
            other => panic!("{destination}: {other:?}"),
        }
    }
}

fn privileged_masked_and_read_only_paths_hold() {
    let script = "cat /etc/secret; ls /etc/hidden; touch /etc/fixed/x 2>&1; stat -c %t:%T /etc/secret; echo > /proc/sys/kernel/hostname";
    let mut sandbox = Sandbox::new(script);
    let etc = sandbox.rootfs().join("etc");
    std::fs::create_dir_all(etc.join("hidden")).unwrap();
    std::fs::create_dir_all(etc.join("fixed")).unwrap();
    std::fs::write(etc.join("hidden/file"), "SECRET").unwrap();
    std::fs::write(etc.join("secret"), "SECRET").unwrap();
    std::os::unix::fs::symlink("/etc/secret", etc.join("link")).unwrap();
    sandbox.set(
        "/linux/maskedPaths",
        json!([
            "/etc/link",
            "/etc/hidden",
            "/not/there",
            "/etc/secret/below"
        ]),
    );
    sandbox.set(
        "/linux/readonlyPaths",
        json!(["/etc/fixed", "/proc/sys", "/nor/this"]),
    );
    let outcome = sandbox.run().unwrap();
    assert!(
        !outcome.out.contains("SECRET") && !outcome.out.contains("file\n"),
        "{}",
        outcome.out
    );
    assert!(
        outcome.out.contains("Read-only file system") && outcome.out.contains("1:3"),
        "{}",
        outcome.out
    );
    assert_ne!(outcome.exit, Exit::Code(0));
}

fn privileged_recursive_read_only_covers_submounts() {
    let mut sandbox = Sandbox::new("touch /data/a 2>&1; touch /data/shm/a 2>&1; true");
    // /dev has mounts below it on every machine; nothing is written if the claim holds.
    sandbox.bind(Path::new("/dev"), "/data", &["rro", "rslave"]);
    let out = sandbox.output();
    assert_eq!(
        out.matches("Read-only file system").count() + out.matches("nonexistent").count(),
        2,
        "{out}"
    );
}

fn privileged_devices_are_the_standard_ones() {
    let mut sandbox = Sandbox::new(
        "echo x > /dev/null && head -c 4 /dev/zero | wc -c; readlink /dev/fd; readlink /dev/ptmx; ls /dev; test -c /dev/tty",
    );
    let out = sandbox.output();
    assert!(out.starts_with("4\n/proc/self/fd\npts/ptmx\n"), "{out}");
    for name in ["full", "null", "random", "urandom", "zero"] {
        assert!(out.contains(name), "{out}");
    }
}

fn privileged_a_pinned_source_is_what_gets_mounted() {
    let host = tempfile::tempdir().unwrap();
    let place = host.path().join("data");
    std::fs::create_dir(&place).unwrap();
    std::fs::write(place.join("which"), "checked").unwrap();
    let mut sandbox = Sandbox::new("cat /data/which");
    sandbox.bind(&place, "/data", &["ro"]);
    let pin = flatrack_sys::path::open_nofollow(&place).unwrap();
    sandbox.pins.insert(place.clone(), pin);
    // The path leads somewhere else by the time of the start.
    std::fs::rename(&place, host.path().join("old")).unwrap();
    std::os::unix::fs::symlink("/etc", &place).unwrap();
    assert_eq!(sandbox.output(), "checked");
}

fn privileged_a_tmpfs_root_holds_its_skeleton() {
    let mut sandbox = Sandbox::new(
        "cat /etc/name; readlink /lib; stat -c %a /tmp; touch /new && ls /new; stat -f -c %T / ",
    );
    let mut skeleton = Skeleton::new();
    skeleton.push(SkeletonOp::File {
        path: "/etc/name".into(),
        mode: 0o444,
        bytes: b"skeleton\n".to_vec(),
    });
    skeleton.push(SkeletonOp::Symlink {
        path: "/lib".into(),
        target: "usr/lib".into(),
    });
    skeleton.push(SkeletonOp::Dir {
        path: "/tmp".into(),
        mode: 0o1777,
    });
    sandbox.root = Root::Tmpfs {
        size: Some(1 << 20),
        skeleton,
    };
    let bin = sandbox.rootfs().join("bin");
    sandbox.bind(&bin, "/bin", &["ro"]);
    assert_eq!(sandbox.output(), "skeleton\nusr/lib\n1777\n/new\ntmpfs\n");
    assert!(!sandbox.rootfs().join("new").exists());
}

fn privileged_only_own_kernel_parameters_can_be_set() {
    let mut sandbox = Sandbox::new("cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax");
    sandbox.set(
        "/linux/sysctl",
        json!({"net.ipv4.ip_forward": "1", "kernel.msgmax": "4096"}),
    );
    assert_eq!(sandbox.output(), "1\n4096\n");
    let mut sandbox = Sandbox::new("true");
    sandbox.set("/linux/sysctl", json!({"kernel.panic": "0"}));
    assert!(matches!(sandbox.run(), Err(Error::Setup(failure)) if failure.step == Step::Sysctl));
}

fn privileged_no_user_namespace_below_when_limited() {
    for limited in [true, false] {
        let mut sandbox = Sandbox::new("unshare -U true && echo made");
        let map = json!([{"containerID": 1000, "hostID": 0, "size": 1}]);
        sandbox
            .set("/linux/uidMappings", map.clone())
            .set("/linux/gidMappings", map);
        sandbox.set("/process/user", json!({"uid": 1000, "gid": 1000}));
        sandbox.spec["linux"]["namespaces"]
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "user"}));
        let mut options = sandbox.options();
        options.limit_user_namespaces = limited;
        let outcome = sandbox.run_with(options).unwrap();
        assert_eq!(outcome.out == "made\n", !limited, "{outcome:?}");
    }
}

fn privileged_a_profile_without_apparmor_is_refused() {
    if Path::new("/sys/kernel/security/apparmor").exists() {
        return;
    }
    let mut sandbox = Sandbox::new("true");
    sandbox.set("/process/apparmorProfile", json!("some-profile"));
    assert!(matches!(sandbox.run(), Err(Error::Setup(failure)) if failure.step == Step::AppArmor));
}

fn privileged_user_groups_umask_and_rlimits_are_set() {
    let mut sandbox = Sandbox::new("id -u; id -g; id -G; umask; ulimit -n; hostname");
    sandbox.set(
        "/process/user",
        json!({"uid": 7, "gid": 8, "additionalGids": [9, 10], "umask": 0o077}),
    );
    sandbox.set(
        "/process/rlimits",
        json!([{"type": "RLIMIT_NOFILE", "soft": 99, "hard": 99}]),
    );
    assert_eq!(sandbox.output(), "7\n8\n8 9 10\n0077\n99\ninside\n");
}

fn privileged_the_setup_process_cannot_be_inspected() {
    // Until it executes the program: it has the host's files open, and may be in the app's pid namespace already.
    let hook = || -> Option<flatrack_engine::BeforeExec> {
        Some(Box::new(|| match rustix::process::dumpable_behavior()? {
            rustix::process::DumpableBehavior::NotDumpable => Ok(()),
            other => Err(std::io::Error::other(format!("{other:?}"))),
        }))
    };
    let mut sandbox = Sandbox::new("sleep 100");
    let mut options = sandbox.options();
    options.before_exec = hook();
    let running = flatrack_engine::run(&sandbox.bundle(), options).unwrap();
    let process = sandbox
        .state
        .spec(&sandbox.id)
        .unwrap()
        .process()
        .clone()
        .unwrap();
    let options = flatrack_engine::ExecOptions {
        before_exec: hook(),
        ..flatrack_engine::ExecOptions::new(process)
    };
    let executed = flatrack_engine::exec(&sandbox.state, &sandbox.id, options).unwrap();
    // The kernel lets process 1 end only when everybody in its pid namespace is reaped, this one too.
    flatrack_engine::kill(&sandbox.state, &sandbox.id, 9).unwrap();
    flatrack_sys::process::wait(&executed.pidfd).unwrap();
    flatrack_sys::process::wait(&running.pidfd).unwrap();
    sandbox.end();
}
