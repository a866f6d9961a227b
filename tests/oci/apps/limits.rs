//! Whose limits count: the tighter ones of pod and app, below the node's policy.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use flatrack_testbed::needs;
use serde_json::{Value, json};

use super::{APP, app, run};
use crate::runtime::Runtime;

#[test]
fn privileged_of_two_limits_the_tighter_one_counts() {
    needs!(Root, MemoryLimit);
    let runtime = Runtime::ours();
    let limit = |image: &str, pod: Value| {
        let bundle = app(&format!("[X-Resources]\n{image}"), "").set("/linux/resources", pod);
        runtime.create(&bundle).assert_code(0);
        let events = runtime.run(["events", "--stats", &bundle.id]);
        let events: Value = serde_json::from_str(events.assert_success()).unwrap();
        runtime.end(&bundle.id);
        let limit = |pointer: &str| events.pointer(pointer).and_then(Value::as_u64);
        (limit("/data/memory/usage/limit"), limit("/data/pids/limit"))
    };
    let memory =
        |megabytes: u64| json!({"memory": {"limit": megabytes << 20}, "pids": {"limit": 40}});
    let is = |megabytes: u64, pids: u64| (Some(megabytes << 20), Some(pids));
    assert_eq!(limit("memory-max=32M\npids-max=50", memory(64)), is(32, 40));
    assert_eq!(
        limit("memory-max=128M\npids-max=30", memory(64)),
        is(64, 30)
    );
    assert_eq!(limit("memory-max=16M\npids-max=20", json!({})), is(16, 20));
}

#[test]
fn privileged_an_image_takes_no_better_place_than_the_pod_has() {
    needs!(Root);
    let asks = "[X-Resources]\nnice=-10\noom-score-adj=-900\nnofile=500000";
    let script = "nice; cat /proc/self/oom_score_adj; ulimit -n";
    let plain = run(&app("", script));
    assert_eq!(
        run(&app(asks, script)).stdout,
        plain.assert_success().to_owned() + "\n"
    );
    let modest = run(&app(
        "[X-Resources]\nnice=5\noom-score-adj=700\nnofile=64",
        script,
    ));
    assert_eq!(modest.assert_success(), "5\n700\n64");
    let placed =
        app("[X-Resources]\noom-score-adj=100", script).set("/process/oomScoreAdj", json!(300));
    assert!(run(&placed).assert_success().contains("\n300\n"));
}

/// flatrack-oci on a node with a policy.
fn under(policy: &str) -> (Runtime, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let etc = dir.path().join("etc");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg("/etc")
        .arg(&etc)
        .status();
    assert!(copied.unwrap().success());
    let rules = etc.join("flatrack/policy.d");
    fs::create_dir_all(&rules).unwrap();
    fs::write(rules.join("test.toml"), policy).unwrap();
    let program = dir.path().join("flatrack-oci");
    let script = format!(
        "#!/bin/sh\nexec unshare --mount --propagation private sh -c 'mount --bind {} /etc && exec {} \"$@\"' - \"$@\"\n",
        etc.display(),
        crate::runtime::binary().display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    (Runtime::of(program), dir)
}

fn memory_limit(runtime: &Runtime, id: &str) -> u64 {
    let events = runtime.run(["events", "--stats", id]);
    let events: Value = serde_json::from_str(events.assert_success()).unwrap();
    events["data"]["memory"]["usage"]["limit"].as_u64().unwrap() >> 20
}

#[test]
fn privileged_the_nodes_policy_is_above_the_pod() {
    needs!(Root, MemoryLimit);
    let policy = format!(
        "[[app]]\nid = '{APP}'\ndeny = ['shared=network']\n[app.limits]\nmemory-max = '48M'\n"
    );
    let (runtime, _node) = under(&policy);
    let shared = json!([{"type": "pid"}, {"type": "mount"}]);
    let bundle = app("[Context]\nshared=network;", "sleep 100")
        .set("/linux/namespaces", shared)
        .set("/linux/resources", json!({"memory": {"limit": 64 << 20}}));
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    assert_eq!(memory_limit(&runtime, &bundle.id), 48);
    let net = runtime.run(["exec", &bundle.id, "readlink", "/proc/self/ns/net"]);
    let of_host = fs::read_link("/proc/self/ns/net").unwrap();
    assert_ne!(Path::new(net.assert_success()), of_host);
    // a change does not go above it either, and what is not named stays
    for (option, left) in [
        ("--memory=40m", 40),
        ("--pids-limit=50", 40),
        ("--memory=1g", 48),
        ("--memory=-1", 48),
    ] {
        runtime.run(["update", option, &bundle.id]).assert_code(0);
        assert_eq!(memory_limit(&runtime, &bundle.id), left, "{option}");
    }
    runtime.end(&bundle.id);
    let strict = format!("[[app]]\nid = '{APP}'\ndeny = ['sockets=x11']\non-excess = 'refuse'\n");
    let (runtime, _node) = under(&strict);
    let asking = |sockets: &str| app(&format!("[Context]\nsockets={sockets};"), "echo ran");
    assert_eq!(runtime.run_bundle(&asking("pulseaudio")).stdout, "ran\n");
    runtime.run_bundle(&asking("x11")).assert_code(1);
    let (runtime, _node) = under("[[app]]\nid = '*'\norigins = ['flathub']\n");
    let refused = runtime.create(&app("", "true"));
    refused.assert_code(1);
    assert!(refused.stderr.contains("policy"), "{}", refused.stderr);
}
