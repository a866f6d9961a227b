//! Hooks: when they run, where, with what, and what becomes of a container whose hook fails.

use flatrack_engine::{Error, Status, Step, delete, info, kill, start};
use flatrack_sys::process::wait;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;

crate::claims![
    privileged_hooks_run_in_order_each_in_its_place,
    privileged_hooks_add_to_the_tree_before_it_is_closed,
    privileged_a_start_hook_has_no_more_rights_than_the_program,
    privileged_a_hook_that_fails_leaves_nothing,
    privileged_a_hook_that_hangs_is_ended,
    privileged_a_hook_after_the_start_that_fails_ends_the_container,
    privileged_a_hook_gets_the_documents_variables_and_no_descriptors,
];

fn shell(script: &str) -> Value {
    json!([{"path": "/bin/sh", "args": ["sh", "-c", script], "env": ["PATH=/bin:/usr/bin"]}])
}

/// One that notes its moment, its state and its mount namespace in a file of the host's.
fn note(sandbox: &Sandbox, moment: &str) -> Value {
    let log = sandbox.dir.path().join("log");
    shell(&format!(
        "read state; echo {moment} $(readlink /proc/self/ns/mnt) $state >> {}",
        log.display()
    ))
}

fn privileged_hooks_run_in_order_each_in_its_place() {
    let mut sandbox = Sandbox::new("cat /tmp/started");
    // what the program sees of the host's file system is in the root
    let inside = shell("cat > /tmp/started; readlink /proc/self/ns/mnt >> /tmp/started");
    let hooks = json!({
        "prestart": note(&sandbox, "prestart"),
        "createRuntime": note(&sandbox, "createRuntime"),
        "createContainer": note(&sandbox, "createContainer"),
        "startContainer": inside,
        "poststart": note(&sandbox, "poststart"),
        "poststop": note(&sandbox, "poststop"),
    });
    sandbox.spec["hooks"] = hooks;
    let running = sandbox.create().unwrap();
    let pid = running.pid.as_raw_nonzero().get();
    let log = || std::fs::read_to_string(sandbox.dir.path().join("log")).unwrap();
    assert_eq!(log().lines().count(), 3, "{}", log());
    assert!(!sandbox.rootfs().join("tmp/started").exists());
    start(&sandbox.state, &sandbox.id).unwrap();
    wait(&running.pidfd).unwrap();
    delete(&sandbox.state, &sandbox.id, false).unwrap();
    let own = std::fs::read_link("/proc/self/ns/mnt").unwrap();
    let own = own.to_str().unwrap();
    let log = log();
    let lines: Vec<(&str, &str, Value)> = log
        .lines()
        .map(|line| {
            let mut parts = line.splitn(3, ' ');
            let (moment, place) = (parts.next().unwrap(), parts.next().unwrap());
            (
                moment,
                place,
                serde_json::from_str(parts.next().unwrap()).unwrap(),
            )
        })
        .collect();
    let expected = [
        ("prestart", true, "creating", pid),
        ("createRuntime", true, "creating", pid),
        ("createContainer", false, "creating", 1),
        ("poststart", true, "running", pid),
        ("poststop", true, "stopped", 0),
    ];
    assert_eq!(lines.len(), expected.len(), "{log}");
    for ((moment, place, state), (wanted, outside, status, pid)) in lines.iter().zip(expected) {
        assert_eq!((*moment, *place == own), (wanted, outside), "{log}");
        assert_eq!(state["status"], status, "{moment}");
        assert_eq!(state["pid"], pid, "{moment}");
        assert_eq!(state["id"], sandbox.id.as_str());
        assert_eq!(state["bundle"], sandbox.dir.path().to_str().unwrap());
    }
    let inside = std::fs::read_to_string(sandbox.rootfs().join("tmp/started")).unwrap();
    assert!(
        inside.contains("\"created\"") && !inside.contains(own),
        "{inside}"
    );
}

fn privileged_hooks_add_to_the_tree_before_it_is_closed() {
    let mut sandbox = Sandbox::new("cat /etc/added; touch /etc/more 2>/dev/null || echo closed");
    let path = sandbox.rootfs().join("etc/added");
    sandbox.set("/root/readonly", json!(true));
    let hook = shell(&format!("echo by the hook > {}", path.display()));
    sandbox.spec["hooks"] = json!({"createContainer": hook});
    assert_eq!(sandbox.output(), "by the hook\nclosed\n");
}

fn privileged_a_start_hook_has_no_more_rights_than_the_program() {
    let mut sandbox = Sandbox::new("cat /tmp/hook");
    std::fs::create_dir_all(sandbox.rootfs().join("tmp")).unwrap();
    let script = "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp|Uid):' /proc/self/status > /tmp/hook";
    sandbox.spec["hooks"] = json!({"startContainer": shell(script)});
    sandbox.set(
        "/linux/seccomp",
        json!({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}),
    );
    let out = sandbox.output();
    for line in [
        "CapEff:\t0000000000000000",
        "CapBnd:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
    ] {
        assert!(out.contains(line), "{out}");
    }
}

fn privileged_a_hook_that_fails_leaves_nothing() {
    for moment in ["prestart", "createRuntime", "createContainer"] {
        let mut sandbox = Sandbox::new("true");
        sandbox.spec["hooks"] = json!({moment: shell("echo reason; exit 3")});
        match sandbox.create() {
            Err(Error::Setup(failure)) => {
                assert_eq!(failure.step, Step::Hook);
                let text = failure.to_string();
                for part in [moment, "#0", "3", "reason"] {
                    assert!(text.contains(part), "{text}");
                }
            }
            other => panic!("{moment}: {other:?}"),
        }
        sandbox.assert_nothing_left();
    }
    let mut sandbox = Sandbox::new("true");
    sandbox.spec["hooks"] = json!({"startContainer": shell("exit 3")});
    let running = sandbox.create().unwrap();
    let failed = start(&sandbox.state, &sandbox.id);
    assert!(
        matches!(&failed, Err(Error::Setup(failure)) if failure.step == Step::Hook),
        "{failed:?}"
    );
    wait(&running.pidfd).unwrap();
    sandbox.end();
}

fn privileged_a_hook_that_hangs_is_ended() {
    let mut sandbox = Sandbox::new("true");
    let mut hook = shell("sleep 1000 & sleep 1000");
    hook[0]["timeout"] = json!(1);
    sandbox.spec["hooks"] = json!({"createRuntime": hook});
    let error = sandbox.create().unwrap_err();
    assert!(
        matches!(&error, Error::Setup(failure) if failure.message.contains("within 1 s")),
        "{error:?}"
    );
    sandbox.assert_nothing_left();
}

fn privileged_a_hook_after_the_start_that_fails_ends_the_container() {
    let mut sandbox = Sandbox::new("sleep 100");
    sandbox.spec["hooks"] = json!({"poststart": shell("exit 1")});
    let running = sandbox.create().unwrap();
    assert!(start(&sandbox.state, &sandbox.id).is_err());
    wait(&running.pidfd).unwrap();
    let status = info(&sandbox.state, &sandbox.id).unwrap().status;
    assert_eq!(status, Status::Stopped);
    assert!(kill(&sandbox.state, &sandbox.id, 9).is_err());
    sandbox.end();
}

fn privileged_a_hook_gets_the_documents_variables_and_no_descriptors() {
    let mut sandbox = Sandbox::new("true");
    let log = sandbox.dir.path().join("log");
    let script = format!("(env; ls /proc/$$/fd) > {}", log.display());
    let mut hook = shell(&script);
    hook[0]["env"] = json!(["ONLY=this"]);
    sandbox.spec["hooks"] = json!({"createRuntime": hook});
    let running = sandbox.create().unwrap();
    sandbox.end();
    drop(running);
    let text = std::fs::read_to_string(log).unwrap();
    assert!(
        text.contains("ONLY=this\n") && !text.contains("HOME="),
        "{text}"
    );
    // 10 is the shell's own
    let descriptors: Vec<&str> = text
        .lines()
        .filter(|line| line.parse::<u32>().is_ok_and(|number| number != 10))
        .collect();
    assert_eq!(descriptors, ["0", "1", "2"], "{text}");
}
