//! From create to delete.

use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use flatrack_engine::{
    Descriptors, Error, Status, Step, delete, info, kill, list, pause, resume, start,
};
use flatrack_sys::process::{Exit, has_ended, wait};
use serde_json::json;

use crate::sandbox::{Sandbox, captured};

crate::claims![
    privileged_create_start_kill_delete,
    privileged_a_program_that_does_not_exist_is_127_and_leaves_nothing,
    privileged_every_failing_step_leaves_nothing,
    privileged_a_fast_exit_is_never_lost,
    privileged_exec_is_in_all_namespaces_and_the_cgroup,
    privileged_exec_joins_the_user_namespace,
    privileged_pause_and_resume,
    privileged_two_containers_cannot_have_one_name,
    privileged_namespaces_are_joined_by_path,
    privileged_a_terminal_is_the_controlling_one,
    privileged_init_reaps_and_forwards,
    privileged_what_is_not_supported_is_refused_by_name,
    privileged_the_last_step_runs_in_the_container,
    privileged_the_start_tells_why_the_program_was_not_executed,
    privileged_a_program_inherits_what_it_is_given_and_nothing_else,
    privileged_others_are_told_before_the_program_runs,
];

fn privileged_create_start_kill_delete() {
    let mut sandbox = Sandbox::new("touch /tmp/started; sleep 100");
    sandbox.set("/annotations", json!({"key": "value"}));
    let running = sandbox.create().unwrap();
    let facts = info(&sandbox.state, &sandbox.id).unwrap();
    assert_eq!(
        (facts.status, facts.pid),
        (Status::Created, running.pid.as_raw_nonzero().get())
    );
    assert_eq!(facts.annotations["key"], "value");
    assert!(!sandbox.rootfs().join("tmp/started").exists());
    assert!(matches!(
        delete(&sandbox.state, &sandbox.id, false),
        Err(Error::Status {
            status: Status::Created,
            ..
        })
    ));
    start(&sandbox.state, &sandbox.id).unwrap();
    assert!(matches!(
        start(&sandbox.state, &sandbox.id),
        Err(Error::Status {
            status: Status::Running,
            ..
        })
    ));
    assert_eq!(list(&sandbox.state).unwrap().len(), 1);
    until(|| sandbox.rootfs().join("tmp/started").exists());
    kill(&sandbox.state, &sandbox.id, 9).unwrap();
    assert_eq!(wait(&running.pidfd).unwrap(), Exit::Signal(9));
    assert!(sandbox.rootfs().join("tmp/started").exists());
    assert_eq!(
        info(&sandbox.state, &sandbox.id).unwrap().status,
        Status::Stopped
    );
    assert!(matches!(
        kill(&sandbox.state, &sandbox.id, 9),
        Err(Error::Status { .. })
    ));
    delete(&sandbox.state, &sandbox.id, false).unwrap();
    assert!(matches!(
        info(&sandbox.state, &sandbox.id),
        Err(Error::NotFound(_))
    ));
}

fn privileged_a_program_that_does_not_exist_is_127_and_leaves_nothing() {
    for (program, code) in [("/bin/none", 127), ("none", 127), ("/etc", 126)] {
        let mut sandbox = Sandbox::new("");
        sandbox.set("/process/args", json!([program]));
        match sandbox.start() {
            Err(Error::Setup(failure)) => assert_eq!(
                (failure.step, failure.exit_code()),
                (Step::Execute, code),
                "{failure}"
            ),
            other => panic!("{other:?}"),
        }
        sandbox.assert_nothing_left();
    }
}

fn privileged_every_failing_step_leaves_nothing() {
    let cases = [
        ("/root/path", json!("nowhere"), Step::Root),
        ("/mounts/0/type", json!("nofs"), Step::Mount),
        ("/mounts/1/options", json!(["size=x"]), Step::Mount),
        (
            "/process/rlimits",
            json!([{"type": "RLIMIT_NOFILE", "soft": 9, "hard": 8}]),
            Step::Rlimit,
        ),
        (
            "/linux/devices",
            json!([{"path": "etc/x", "type": "c", "major": 1, "minor": 3}]),
            Step::Device,
        ),
        ("/linux/rootfsPropagation", json!("sideways"), Step::Root),
        ("/hostname", json!("x".repeat(100)), Step::Hostname),
        ("/process/oomScoreAdj", json!(5000), Step::Attribute),
    ];
    for (pointer, value, step) in cases {
        let mut sandbox = Sandbox::new("true");
        sandbox.set(pointer, value);
        match sandbox.start() {
            Err(Error::Setup(failure)) => assert_eq!(failure.step, step, "{pointer}: {failure}"),
            other => panic!("{pointer}: {other:?}"),
        }
        sandbox.assert_nothing_left();
    }
}

fn privileged_a_fast_exit_is_never_lost() {
    for round in 0..200 {
        let mut sandbox = Sandbox::new("");
        sandbox.set("/process/args", json!(["/bin/true"]));
        sandbox.set("/mounts", json!([]));
        let running = sandbox.start().unwrap();
        assert!(has_ended(&running.pidfd, 10_000).unwrap(), "round {round}");
        assert_eq!(wait(&running.pidfd).unwrap(), Exit::Code(0));
        sandbox.end();
    }
}

/// Waits for something another process does.
fn until(done: impl Fn() -> bool) {
    for _ in 0..2000 {
        if done() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("waited in vain");
}

const WHERE: &str = "for n in user mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$n; done; cat /proc/self/cgroup; hostname";

fn privileged_exec_is_in_all_namespaces_and_the_cgroup() {
    let mut sandbox = Sandbox::new(&format!(
        "({WHERE}) > /tmp/where; echo > /tmp/done; sleep 100"
    ));
    let _running = sandbox.start().unwrap();
    let done = sandbox.rootfs().join("tmp/done");
    until(|| done.exists());
    let outcome = sandbox.exec(WHERE).unwrap();
    assert_eq!(
        outcome.out,
        std::fs::read_to_string(sandbox.rootfs().join("tmp/where")).unwrap()
    );
    assert_eq!(sandbox.exec("exit 42").unwrap().exit, Exit::Code(42));
    let caps = sandbox.exec("grep -E ^Cap /proc/self/status").unwrap().out;
    assert!(
        caps.lines().all(|line| line.ends_with("0000000000000000")),
        "{caps}"
    );
    assert!(
        sandbox
            .exec("ls /proc")
            .unwrap()
            .out
            .lines()
            .any(|name| name == "1")
    );
    sandbox.end();
}

fn privileged_exec_joins_the_user_namespace() {
    let mut sandbox = Sandbox::new("sleep 100");
    let map = json!([{"containerID": 0, "hostID": 100_000, "size": 65536}]);
    sandbox
        .set("/linux/uidMappings", map.clone())
        .set("/linux/gidMappings", map);
    sandbox.spec["linux"]["namespaces"]
        .as_array_mut()
        .unwrap()
        .push(json!({"type": "user"}));
    open_to_all(sandbox.dir.path());
    let running = sandbox.start().unwrap();
    let outcome = sandbox
        .exec("id -u; cat /proc/self/uid_map; readlink /proc/self/ns/user; sleep 0")
        .unwrap();
    let init = std::fs::read_link(format!("/proc/{}/ns/user", running.pid)).unwrap();
    assert!(outcome.out.starts_with("0\n"), "{}", outcome.out);
    assert!(
        outcome.out.contains("100000") && outcome.out.contains(init.to_str().unwrap()),
        "{}",
        outcome.out
    );
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.pid)).unwrap();
    assert!(status.contains("Uid:\t100000"), "{status}");
    sandbox.end();
}

/// A root of another user's ids has to walk through the directory.
pub(crate) fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

fn privileged_pause_and_resume() {
    let mut sandbox = Sandbox::new("while true; do echo x >> /tmp/log; sleep 0.01; done");
    let _running = sandbox.start().unwrap();
    let log = sandbox.rootfs().join("tmp/log");
    let size = || log.metadata().map_or(0, |facts| facts.len());
    let nap = || std::thread::sleep(std::time::Duration::from_millis(150));
    nap();
    pause(&sandbox.state, &sandbox.id).unwrap();
    assert_eq!(
        info(&sandbox.state, &sandbox.id).unwrap().status,
        Status::Paused
    );
    let before = size();
    nap();
    assert_eq!(size(), before);
    resume(&sandbox.state, &sandbox.id).unwrap();
    nap();
    assert!(size() > before);
    pause(&sandbox.state, &sandbox.id).unwrap();
    sandbox.end();
}

fn privileged_two_containers_cannot_have_one_name() {
    let mut sandbox = Sandbox::new("sleep 100");
    let _running = sandbox.start().unwrap();
    assert!(matches!(sandbox.start(), Err(Error::Exists(_))));
    assert_eq!(
        info(&sandbox.state, &sandbox.id).unwrap().status,
        Status::Running
    );
    sandbox.end();
}

fn privileged_namespaces_are_joined_by_path() {
    let mut first = Sandbox::new("sleep 100");
    let running = first.start().unwrap();
    let mut second =
        Sandbox::new("ls /proc; readlink /proc/self/ns/net; readlink /proc/self/ns/pid");
    let path = |kind: &str| format!("/proc/{}/ns/{kind}", running.pid);
    second.set("/linux/namespaces", json!([
        {"type": "mount"}, {"type": "pid", "path": path("pid")}, {"type": "network", "path": path("net")},
        {"type": "ipc", "path": path("ipc")}, {"type": "uts", "path": path("uts")},
    ]));
    second.set("/hostname", json!(""));
    let out = second.output();
    for kind in ["net", "pid"] {
        assert!(
            out.contains(std::fs::read_link(path(kind)).unwrap().to_str().unwrap()),
            "{out}"
        );
    }
    assert!(
        out.lines().any(|line| line == "1") && out.lines().any(|line| line == "2"),
        "{out}"
    );
    let mut wrong = Sandbox::new("true");
    wrong.set(
        "/linux/namespaces",
        json!([{"type": "mount"}, {"type": "network", "path": path("uts")}]),
    );
    assert!(matches!(wrong.start(), Err(Error::InvalidSpec { .. })));
    first.end();
}

fn privileged_a_terminal_is_the_controlling_one() {
    let mut sandbox = Sandbox::new(
        "tty; test -t 0 && test -c /dev/console && echo terminal; ps -o pid,tty | head -2 >/dev/null; read line; echo got $line",
    );
    sandbox.set("/process/terminal", json!(true));
    sandbox.set("/process/consoleSize", json!({"height": 33, "width": 99}));
    let running = sandbox.start().unwrap();
    let master = running.terminal.unwrap();
    rustix::io::write(&master, b"hello\n").unwrap();
    let mut text = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = rustix::io::read(&master, &mut buffer) {
        text.extend_from_slice(&buffer[..count]);
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(
        text.contains("/dev/pts/0") && text.contains("terminal") && text.contains("got hello"),
        "{text}"
    );
    assert_eq!(wait(&running.pidfd).unwrap(), Exit::Code(0));
    sandbox.end();
}

fn privileged_init_reaps_and_forwards() {
    let script = "trap 'echo term; exit 9' TERM; (sleep 0.05 &) ; (true &); echo > /tmp/ready; while true; do sleep 0.02; done";
    let mut sandbox = Sandbox::new(script);
    std::fs::write(sandbox.rootfs().join("init"), flatrack_sys::tiny::INIT).unwrap();
    open_to_all(&sandbox.rootfs().join("init"));
    sandbox.set("/process/args", json!(["/init", "--", "sh", "-c", script]));
    let (exit, out) = captured(|| {
        let running = sandbox.start().unwrap();
        let ready = sandbox.rootfs().join("tmp/ready");
        until(|| ready.exists());
        std::thread::sleep(std::time::Duration::from_millis(200));
        let children =
            std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", running.pid)).unwrap();
        assert_eq!(
            children.split_whitespace().count(),
            1,
            "orphans are reaped: {children}"
        );
        kill(&sandbox.state, &sandbox.id, 15).unwrap();
        wait(&running.pidfd).unwrap()
    });
    assert_eq!((exit, out.as_str()), (Exit::Code(9), "term\n"));
    sandbox.end();
}

fn privileged_what_is_not_supported_is_refused_by_name() {
    for (pointer, value, field) in [
        ("/linux/mountLabel", json!("x"), "linux.mountLabel"),
        (
            "/linux/namespaces",
            json!([{"type": "pid"}]),
            "linux.namespaces",
        ),
        ("/linux/intelRdt", json!({}), "linux.intelRdt"),
        ("/process/selinuxLabel", json!("x"), "process.selinuxLabel"),
    ] {
        let mut sandbox = Sandbox::new("true");
        sandbox.set(pointer, value);
        match sandbox.start() {
            Err(Error::Unsupported { field: found, .. }) => assert_eq!(found, field),
            other => panic!("{pointer}: {other:?}"),
        }
    }
    let mut sandbox = Sandbox::new("true");
    sandbox.set("/linux/seccomp", json!({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["moumt"], "action": "SCMP_ACT_ERRNO"}]}));
    let error = sandbox.start().unwrap_err();
    assert!(error.to_string().contains("`moumt`"), "{error}");
}

fn privileged_the_last_step_runs_in_the_container() {
    let mut sandbox = Sandbox::new("cat /tmp/hook");
    let mut options = sandbox.options();
    options.before_exec = Some(Box::new(|| {
        std::fs::write("/tmp/hook", std::fs::read_to_string("/proc/self/status")?)
    }));
    let out = sandbox.run_with(options).unwrap().out;
    assert!(
        out.contains("NoNewPrivs:\t1")
            && out.contains("CapEff:\t0000000000000000")
            && out.contains("Seccomp:\t0"),
        "{out}"
    );
    let mut options = sandbox.options();
    options.before_exec = Some(Box::new(|| Err(std::io::Error::other("no"))));
    assert!(
        matches!(sandbox.run_with(options), Err(Error::Setup(failure)) if failure.step == Step::LastStep)
    );
}

fn privileged_the_start_tells_why_the_program_was_not_executed() {
    let mut sandbox = Sandbox::new("");
    sandbox.set("/process/args", json!(["/none"]));
    // one that is not there is told of before
    match sandbox.create() {
        Err(Error::Setup(failure)) => assert_eq!(failure.exit_code(), 127),
        other => panic!("{other:?}"),
    }
    let program = sandbox.rootfs().join("none");
    std::fs::write(&program, "no program\n").unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let running = sandbox.create().unwrap();
    match start(&sandbox.state, &sandbox.id) {
        Err(Error::Setup(failure)) => assert_eq!(failure.exit_code(), 126),
        other => panic!("{other:?}"),
    }
    assert_eq!(wait(&running.pidfd).unwrap(), Exit::Code(126));
    sandbox.end();
}

fn privileged_a_program_inherits_what_it_is_given_and_nothing_else() {
    let mut sandbox = Sandbox::new("ls /proc/self/fd; cat /proc/self/fd/0; echo said");
    let open = |bytes: &[u8]| flatrack_sys::fd::sealed_memory(c"test", bytes).unwrap();
    let (by_accident, given) = (open(b""), open(b""));
    flatrack_sys::fd::set_close_on_exec(&by_accident, false).unwrap();
    let number = given.as_raw_fd().to_string();
    let said = tempfile::tempfile().unwrap();
    let mut options = sandbox.options();
    options.descriptors = Descriptors {
        inherited: Vec::new(),
        streams: Some([
            open(b"asked\n"),
            said.try_clone().unwrap().into(),
            open(b""),
        ]),
        keep: vec![given],
    };
    let out = sandbox.run_with(options).unwrap().out;
    assert_eq!(out, "", "nothing goes to the caller's streams");
    let text = std::io::read_to_string({
        let mut said = &said;
        std::io::Seek::rewind(&mut said).unwrap();
        said
    })
    .unwrap();
    let (numbers, rest) = text.split_once("asked\n").unwrap();
    // the streams, what was given, and the directory that `ls` reads
    let mut numbers: Vec<&str> = numbers.lines().collect();
    numbers.sort_unstable();
    assert_eq!(numbers.len(), 5, "{text}");
    drop(by_accident);
    assert!(numbers.contains(&number.as_str()), "{text}");
    assert_eq!(rest, "said\n");
}

fn privileged_others_are_told_before_the_program_runs() {
    let mut sandbox = Sandbox::new("exit 7");
    let told = std::rc::Rc::new(std::cell::Cell::new(None));
    let mut options = sandbox.options();
    let (tell, held) = (told.clone(), std::time::Duration::from_millis(100));
    options.when_made = Some(Box::new(move |pid| {
        std::thread::sleep(held);
        // it would have ended long ago
        let (state, _) = flatrack_sys::process::state_and_start_time(pid)?;
        tell.set(Some(state));
        Ok(())
    }));
    let ended = sandbox.run_with(options).unwrap();
    assert_eq!(ended.exit, Exit::Code(7));
    assert!(told.get().is_some_and(|state| state != 'Z'), "{told:?}");
    let mut options = sandbox.options();
    options.when_made = Some(Box::new(|_| Err(std::io::Error::other("no"))));
    assert!(sandbox.run_with(options).is_err());
    sandbox.assert_nothing_left();
}
