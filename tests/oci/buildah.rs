//! buildah's `run` with flatrack-oci.

use std::process::{Command, Stdio};

use flatrack_testbed::needs;

use crate::image::layer;
use crate::runtime::{binary, finish};

#[test]
fn privileged_buildah_runs_the_steps_of_a_build() {
    needs!(Root, Buildah);
    let dir = tempfile::tempdir().unwrap();
    let buildah = |args: &[&str]| {
        finish(
            Command::new("buildah")
                .arg("--root")
                .arg(dir.path().join("root"))
                .arg("--runroot")
                .arg(dir.path().join("run"))
                .args(["--storage-driver", "vfs"])
                .args(args)
                .stdin(Stdio::null()),
        )
    };
    let made = buildah(&["from", "scratch"]);
    let container = made.assert_success();
    buildah(&["add", container, layer(dir.path()).to_str().unwrap(), "/"]).assert_code(0);
    let binary = binary();
    let run = |script: &str| {
        let options = ["--isolation", "oci", "--network", "none", "--runtime"];
        let program = [
            binary.to_str().unwrap(),
            container,
            "--",
            "sh",
            "-c",
            script,
        ];
        buildah(&[&["run"], &options[..], &program].concat())
    };
    assert_eq!(run("echo made > /data/file; id -u").assert_success(), "0");
    assert_eq!(run("cat /data/file").assert_success(), "made");
    run("exit 3").assert_code(3);
    buildah(&["rm", "--all"]).assert_code(0);
}
