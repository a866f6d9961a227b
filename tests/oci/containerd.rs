//! Debian's containerd with its own shim, which starts flatrack-oci by its `BinaryName`. With flatrack's: `shim.rs`.

use flatrack_testbed::{Outcome, needs};

use crate::client::containerd::{Containerd, IMAGE};
use crate::runtime::{binary, until};

fn run(containerd: &Containerd, options: &[&str], id: &str, command: &[&str]) -> Outcome {
    let binary = binary();
    let runtime = [
        "--snapshotter",
        "native",
        "--runtime",
        "io.containerd.runc.v2",
        "--runc-binary",
        binary.to_str().unwrap(),
    ];
    containerd.ctr([&["run"], options, &runtime, &[IMAGE, id], command].concat())
}

#[test]
fn privileged_containerd_drives_a_container_through_its_life() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    let id = |name: &str| format!("flatrack-{}-{name}", std::process::id());
    let hello = run(&containerd, &["--rm"], &id("a"), &["echo", "hello"]);
    assert_eq!(hello.assert_success(), "hello");
    run(&containerd, &["--rm"], &id("b"), &["sh", "-c", "exit 4"]).assert_code(4);
    let missing = run(&containerd, &["--rm"], &id("c"), &["none"]);
    assert!(missing.stderr.contains("no such file"), "{missing:?}");
    let (one, ctr) = (id("one"), |args: &[&str]| containerd.ctr(args));
    let script = "trap 'exit 9' TERM; while true; do sleep 0.1; done";
    run(&containerd, &["--detach"], &one, &["sh", "-c", script]).assert_code(0);
    let status = |wanted: &str| {
        let list = ctr(&["task", "ls"]).stdout;
        list.lines()
            .any(|line| line.starts_with(&one) && line.contains(wanted))
    };
    assert!(status("RUNNING"));
    ctr(&["task", "exec", "--exec-id", "e", &one, "sh", "-c", "exit 6"]).assert_code(6);
    let metrics = ctr(&["task", "metrics", &one]);
    assert!(
        metrics.assert_success().contains("pids.current"),
        "{metrics:?}"
    );
    ctr(&["task", "pause", &one]).assert_code(0);
    assert!(status("PAUSED"));
    ctr(&["task", "resume", &one]).assert_code(0);
    ctr(&["task", "kill", "-s", "TERM", &one]).assert_code(0);
    until(|| status("STOPPED"), "the end");
    let deleted = ctr(&["task", "delete", &one]);
    assert!(deleted.stderr.contains("code 9"), "{deleted:?}");
    ctr(&["container", "rm", &one]).assert_code(0);
}
