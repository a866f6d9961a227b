//! What `configs/engines` has for engines is understood by them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flatrack_testbed::{Outcome, Tree, needs, skip};
use serde_json::Value;

use crate::client::podman::Podman;
use crate::runtime::{binary, finish};

const SHIM: &str = "io.containerd.flatrack.v1";
/// The shim by its path, under runc's name.
const NAMED: &str = "/usr/local/bin/containerd-shim-flatrack-v1";

fn file(name: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../../configs/engines")
        .join(name)
        .canonicalize()
        .unwrap()
}

pub(crate) fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

/// containerd's own view of a configuration, with defaults filled in.
#[track_caller]
fn dump(mut command: Command, name: &str, shim: &str) {
    let said: Outcome = finish(command.args(["config", "dump"]).stdin(Stdio::null()));
    let text = said.assert_success();
    assert!(text.contains(shim), "{name}: {text}");
    assert!(
        !said.stderr.contains("level=warning"),
        "{name}: {}",
        said.stderr
    );
}

#[test]
fn containerd_takes_its_files() {
    needs!(Containerd);
    for name in ["containerd-1.toml", "microk8s.toml"] {
        // a drop-in has no version of its own
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let text = text(name);
        let version = if text.contains("version = ") {
            ""
        } else {
            "version = 2\n"
        };
        std::fs::write(&path, format!("{version}{text}")).unwrap();
        let mut command = Command::new("containerd");
        command.arg("--config").arg(path);
        dump(command, name, SHIM);
    }
}

#[test]
fn newer_containerd_takes_its_files() {
    needs!(Root, Containerd);
    let tree = match Tree::newer_debian() {
        Ok(tree) => tree,
        Err(reason) => skip!(NewerDebian, reason),
    };
    for name in ["containerd-2.toml", "k3s.toml"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let text = text(name);
        let version = if text.contains("version = ") {
            ""
        } else {
            "version = 3\n"
        };
        std::fs::write(&path, format!("{version}{text}")).unwrap();
        let mut command = tree.enter(&[dir.path()]);
        command
            .arg("containerd")
            .arg("--config")
            .arg(path)
            .current_dir("/");
        dump(command, name, NAMED);
    }
}

#[test]
fn podman_finds_the_runtime_by_its_name() {
    needs!(Podman);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("containers.conf");
    let ours = binary();
    let conf = text("podman.conf").replace("/usr/local/bin/flatrack-oci", ours.to_str().unwrap());
    std::fs::write(&path, conf).unwrap();
    let mut command = Command::new("podman");
    command.env("CONTAINERS_CONF", path);
    command.arg("--root").arg(dir.path().join("root"));
    command.arg("--runroot").arg(dir.path().join("run"));
    command.args([
        "--runtime",
        "flatrack",
        "info",
        "--format",
        "{{.Host.OCIRuntime.Path}}",
    ]);
    let said = finish(command.stdin(Stdio::null()));
    assert_eq!(Path::new(said.assert_success()), ours);
}

/// What a kubelet would be told, told to podman.
#[test]
fn privileged_podman_plays_the_pods() {
    needs!(Root, Podman);
    let podman = Podman::new();
    let tag = ["tag", "busy", "docker.io/library/busybox"];
    podman.run(tag).assert_code(0);
    for (name, container) in [
        ("pod.yaml", "example-main"),
        ("deployment.yaml", "example-pod-0-main"),
    ] {
        let file = file(name);
        let file = file.to_str().unwrap();
        let play = ["play", "kube", "--network", "none", file];
        podman.run(play).assert_code(0);
        let limits = "{{.State.Status}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}";
        let shown = podman.run(["inspect", "--format", limits, container]);
        assert_eq!(shown.assert_success(), "running 67108864 500000000");
        let end = ["play", "kube", "--down", file];
        podman.run(end).assert_code(0);
    }
}

/// Podman's generator of units, which Debian 12's podman does not have yet.
#[test]
fn newer_quadlet_takes_the_container() {
    needs!(Root);
    let tree = match Tree::newer_debian() {
        Ok(tree) => tree,
        Err(reason) => skip!(NewerDebian, reason),
    };
    let units = tempfile::tempdir().unwrap();
    std::fs::copy(file("app.container"), units.path().join("app.container")).unwrap();
    let said = finish(&mut tree.quadlet(units.path()));
    let unit = said.assert_success();
    let start = unit.lines().find(|line| line.starts_with("ExecStart="));
    let start = start.unwrap_or_else(|| panic!("{unit}"));
    for part in [
        "podman --runtime /usr/local/bin/flatrack-oci run",
        "--memory=64m --pids-limit=64",
        "docker.io/library/busybox sleep 3600",
    ] {
        assert!(start.contains(part), "{start}");
    }
}

#[test]
fn systemd_takes_the_unit() {
    let Ok(found) = Command::new("systemd-analyze").arg("--version").output() else {
        skip!(Systemd, "systemd-analyze is not installed");
    };
    assert!(found.status.success());
    // the program has to be there, and an instance has to have a name
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flatrack@org.example.App.service");
    let unit = text("flatrack@.service").replace("/usr/local/bin/flatrack", "/bin/true");
    std::fs::write(&path, unit).unwrap();
    let mut command = Command::new("systemd-analyze");
    let said = finish(
        command
            .args(["verify", "--man=no"])
            .arg(path)
            .stdin(Stdio::null()),
    );
    said.assert_code(0);
    assert!(!said.stderr.contains("org.example.App"), "{}", said.stderr);
}

#[test]
fn the_rest_is_well_formed() {
    let crio: toml::Table = toml::from_str(&text("crio.conf")).unwrap();
    assert_eq!(
        crio["crio"]["runtime"]["runtimes"]["flatrack"]["runtime_type"].as_str(),
        Some("oci")
    );
    for (name, kind) in [
        ("runtimeclass.yaml", "RuntimeClass"),
        ("pod.yaml", "Pod"),
        ("deployment.yaml", "Deployment"),
    ] {
        let read: Value = serde_yaml_ng::from_str(&text(name)).unwrap();
        assert_eq!(read["kind"], kind);
        assert!(text(name).contains("flatrack"));
    }
    let shim: toml::Table = toml::from_str(&text("shim.toml")).unwrap();
    let known = ["BinaryName", "Root", "SystemdCgroup"];
    assert!(
        shim.keys().all(|key| known.contains(&key.as_str())),
        "{shim:?}"
    );
}
