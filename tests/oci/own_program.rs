//! The runtime's own file is not the container's to write (CVE-2019-5736).

use std::process::{Command, Stdio};

use flatrack_testbed::needs;
use serde_json::json;

use crate::bundle::Bundle;
use crate::runtime::{binary, finish, until};

#[test]
fn privileged_a_container_that_runs_the_runtime_cannot_write_to_it() {
    needs!(Root);
    // a copy, in case that the attack succeeds
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("flatrack-oci");
    std::fs::copy(binary(), &copy).unwrap();
    let before = std::fs::read(&copy).unwrap();
    let bundle = ["/lib", "/lib64", "/usr/lib"].iter().fold(Bundle::new("sleep 1000"), |bundle, path| {
        bundle.mount(json!({"destination": path, "source": path, "type": "bind", "options": ["rbind", "ro"]}))
    });
    // root with every right over files
    let capabilities = json!([
        "CAP_DAC_OVERRIDE",
        "CAP_DAC_READ_SEARCH",
        "CAP_KILL",
        "CAP_SYS_PTRACE"
    ]);
    let bundle = bundle.set(
        "/process/capabilities",
        json!({"bounding": capabilities, "effective": capabilities, "permitted": capabilities}),
    );
    bundle.write();
    let runtime = |args: &[&str]| {
        let mut command = Command::new(&copy);
        command
            .arg("--root")
            .arg(dir.path().join("state"))
            .args(args);
        command
    };
    let id = bundle.id.as_str();
    finish(&mut runtime(&[
        "create",
        "--bundle",
        bundle.path().to_str().unwrap(),
        id,
    ]))
    .assert_code(0);
    finish(&mut runtime(&["start", id])).assert_code(0);
    // the runtime itself, as a program in the container: it waits for its standard input
    let mut victim = runtime(&["exec", id, "/proc/self/exe", "update", "-r", "-", "x"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let find = "for p in /proc/[0-9]*; do case $(cat $p/cmdline | tr '\\0' ' ') in /proc/self/exe*) echo $p;; esac; done";
    let run =
        |script: &str| finish(runtime(&["exec", id, "sh", "-c", script]).stdin(Stdio::null()));
    until(
        || !run(find).stdout.is_empty(),
        "the runtime runs in the container",
    );
    let attack = format!(
        "v=$({find}); exec 9<$v/exe && echo held; kill -KILL ${{v#/proc/}}; sleep 0.3; echo evil > /proc/self/fd/9"
    );
    let outcome = run(&attack);
    victim.wait().unwrap();
    finish(&mut runtime(&["delete", "--force", id])).assert_code(0);
    assert!(outcome.stdout.contains("held"), "{outcome:?}");
    assert!(outcome.stderr.contains("Read-only"), "{outcome:?}");
    assert!(
        std::fs::read(&copy).unwrap() == before,
        "the runtime was written to"
    );
}
