//! Debian's podman with flatrack-oci as its runtime. Everything that podman keeps lies in a directory of the test's.

use std::ffi::OsStr;
use std::process::Command;

use flatrack_testbed::{Outcome, needs};

use crate::image::layer;
use crate::runtime::{binary, finish, until};

/// Limits that a machine without CAP_SYS_RESOURCE can give.
const ORDINARY: [&str; 6] = [
    "--network",
    "none",
    "--ulimit",
    "nofile=1024:1024",
    "--ulimit",
    "nproc=1024:1024",
];

struct Podman {
    dir: tempfile::TempDir,
}

impl Podman {
    /// With an image of busybox.
    fn new() -> Self {
        let podman = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let image = layer(podman.dir.path());
        podman
            .run(["import", image.to_str().unwrap(), "busy"])
            .assert_code(0);
        podman
    }

    /// In a mount namespace of its own, where podman's mounts end with it.
    fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let at = |name: &str| self.dir.path().join(name);
        let mut command = Command::new("podman");
        command
            .arg("--root")
            .arg(at("root"))
            .arg("--runroot")
            .arg(at("run"))
            .arg("--tmpdir")
            .arg(at("tmp"))
            .args([
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
            ])
            .arg("--runtime")
            .arg(binary())
            .args(args);
        command
    }

    fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        finish(&mut self.command(args))
    }

    fn start(&self, verb: &[&str], command: &[&str]) -> Outcome {
        self.run([verb, &ORDINARY, &["busy"], command].concat())
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let _gone = self.run(["rm", "--force", "--all", "--time", "0"]);
        let _gone = self.run(["rmi", "--force", "--all"]);
    }
}

#[test]
fn privileged_podman_runs_containers_to_their_end() {
    needs!(Root, Podman);
    let podman = Podman::new();
    let hello = podman.start(&["run", "--rm"], &["echo", "hello"]);
    assert_eq!(hello.assert_success(), "hello");
    podman
        .start(&["run", "--rm"], &["sh", "-c", "exit 3"])
        .assert_code(3);
    podman.start(&["run", "--rm"], &["none"]).assert_code(127);
    podman.start(&["run", "--rm"], &["/etc"]).assert_code(126);
    let user = podman.start(
        &[
            "run",
            "--rm",
            "--user",
            "7:8",
            "--read-only",
            "--cap-drop",
            "all",
        ],
        &["sh", "-c", "id -u; id -g; touch /x || echo closed"],
    );
    assert_eq!(user.assert_success(), "7\n8\nclosed");
    let terminal = podman.start(&["run", "--rm", "--tty"], &["tty"]);
    assert!(terminal.assert_success().contains("/dev/"), "{terminal:?}");
    let init = podman.start(
        &["run", "--rm", "--memory", "64m", "--pids-limit", "50"],
        &["cat", "/sys/fs/cgroup/pids/pids.max"],
    );
    assert_eq!(init.assert_success(), "50");
}

#[test]
fn privileged_podman_drives_a_container_through_its_life() {
    needs!(Root, Podman);
    let podman = Podman::new();
    let script = "echo started; trap 'exit 9' TERM; while true; do sleep 0.1; done";
    podman
        .start(&["run", "--detach", "--name", "one"], &["sh", "-c", script])
        .assert_code(0);
    let said = |args: &[&str]| podman.run(args).stdout.trim_end().to_owned();
    until(|| said(&["logs", "one"]) == "started", "the first words");
    let status = || said(&["inspect", "--format", "{{.State.Status}}", "one"]);
    assert_eq!(status(), "running");
    podman
        .run(["exec", "one", "sh", "-c", "exit 5"])
        .assert_code(5);
    assert!(said(&["exec", "--tty", "one", "tty"]).contains("/dev/pts/"));
    assert!(said(&["top", "one", "pid"]).contains('1'));
    podman.run(["pause", "one"]).assert_code(0);
    assert_eq!(status(), "paused");
    podman.run(["unpause", "one"]).assert_code(0);
    podman
        .run(["update", "--memory", "64m", "one"])
        .assert_code(0);
    podman.run(["stats", "--no-stream", "one"]).assert_code(0);
    podman.run(["stop", "--time", "10", "one"]).assert_code(0);
    assert_eq!(
        said(&["inspect", "--format", "{{.State.ExitCode}}", "one"]),
        "9"
    );
    podman.run(["restart", "one"]).assert_code(0);
    assert_eq!(status(), "running");
    podman.run(["kill", "one"]).assert_code(0);
    until(|| status() == "exited", "the end");
    assert_eq!(
        said(&["inspect", "--format", "{{.State.ExitCode}}", "one"]),
        "137"
    );
    podman.run(["rm", "one"]).assert_code(0);
}
