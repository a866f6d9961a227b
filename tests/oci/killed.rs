//! A runtime that is killed at any instant leaves what `delete` cleans.

use std::process::Stdio;
use std::time::Duration;

use flatrack_testbed::needs;
use serde_json::json;

use crate::bundle::Bundle;
use crate::runtime::{Runtime, cgroup_is_left, until};

#[test]
fn privileged_a_killed_create_leaves_what_delete_cleans() {
    needs!(Root);
    let runtime = Runtime::ours();
    for microseconds in (0..24_000).step_by(600) {
        let bundle = Bundle::new("sleep 1000");
        bundle.write();
        let mut create = runtime
            .command([
                "create",
                "--bundle",
                bundle.path().to_str().unwrap(),
                &bundle.id,
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(microseconds));
        create.kill().unwrap();
        create.wait().unwrap();
        let pid = runtime.state(&bundle.id)["pid"].as_i64().unwrap_or(0);
        let deleted = runtime.run(["delete", &bundle.id]);
        if deleted.code != 0 {
            assert!(
                deleted.stderr.contains("does not exist"),
                "{}",
                deleted.stderr
            );
        }
        assert!(
            !runtime.root().join(&bundle.id).exists(),
            "state is left after {microseconds} µs"
        );
        assert!(
            !cgroup_is_left(&bundle.id),
            "a cgroup is left after {microseconds} µs"
        );
        let gone = || pid == 0 || !std::path::Path::new(&format!("/proc/{pid}/ns/mnt")).exists();
        until(gone, "the container's process ends");
        // the name is free again
        runtime.create(&bundle).assert_code(0);
        runtime.end(&bundle.id);
    }
}

#[test]
fn privileged_one_that_was_killed_in_a_hook_is_stopped() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("true");
    let marker = bundle.path().join("in-the-hook");
    let hook = json!([{"path": "/bin/sh", "args": ["sh", "-c", format!("touch {}; sleep 5", marker.display())], "env": ["PATH=/bin:/usr/bin"]}]);
    let bundle = bundle.set("/hooks", json!({}));
    let bundle = bundle.set("/hooks/createRuntime", hook);
    bundle.write();
    let mut create = runtime
        .command([
            "create",
            "--bundle",
            bundle.path().to_str().unwrap(),
            &bundle.id,
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until(|| marker.exists(), "the hook runs");
    assert_eq!(runtime.state(&bundle.id)["status"], "creating");
    runtime.run(["delete", &bundle.id]).assert_code(1);
    create.kill().unwrap();
    create.wait().unwrap();
    assert_eq!(runtime.state(&bundle.id)["status"], "stopped");
    runtime.run(["delete", &bundle.id]).assert_code(0);
    assert!(!cgroup_is_left(&bundle.id));
}

#[test]
fn privileged_a_killed_start_has_started_the_container_or_can_be_repeated() {
    needs!(Root);
    let runtime = Runtime::ours();
    for microseconds in (0..9000).step_by(300) {
        let bundle = Bundle::new("sleep 1000");
        runtime.create(&bundle).assert_code(0);
        let mut start = runtime
            .command(["start", &bundle.id])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(microseconds));
        start.kill().unwrap();
        start.wait().unwrap();
        if runtime.state(&bundle.id)["status"] == "created" {
            runtime.run(["start", &bundle.id]).assert_code(0);
        }
        // not in our name, but in the program's own
        let pid = runtime.state(&bundle.id)["pid"].clone();
        let name = || std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap();
        until(
            || ["sh\n", "sleep\n"].contains(&name().as_str()),
            "the program runs",
        );
        runtime.end(&bundle.id);
    }
}
