//! What a container's program gets of open files.

use std::process::Command;

use flatrack_testbed::needs;

use crate::bundle::Bundle;
use crate::runtime::{Runtime, binary, finish};

#[test]
fn privileged_only_what_is_handed_on_is_inherited() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("ls /proc/self/fd; cat <&3");
    let given = bundle.path().join("given");
    std::fs::write(&given, "handed on\n").unwrap();
    bundle.write();
    let run = |preserve: &str, open: &str| {
        let script = format!(
            "exec {open}; exec \"$@\" run --preserve-fds {preserve} --bundle {} {}",
            bundle.path().display(),
            bundle.id
        );
        finish(
            Command::new("bash")
                .args(["-c", &script, "bash"])
                .arg(binary())
                .arg("--root")
                .arg(runtime.root()),
        )
    };
    let open = format!("3<{0} 4<{0} 7<{0}", given.display());
    let outcome = run("1", &open);
    // 4 is what ls opens itself
    assert_eq!(
        outcome.stdout, "0\n1\n2\n3\n4\nhanded on\n",
        "{}",
        outcome.stderr
    );
    let none = run("0", &open);
    assert!(
        none.stdout.starts_with("0\n1\n2\n3\n") && !none.stdout.contains("handed"),
        "{none:?}"
    );
    // a number that is closed would name something of the runtime's own
    let closed = run("2", "4>&-");
    closed.assert_code(1);
    assert!(closed.stderr.contains("not open"), "{}", closed.stderr);
}
