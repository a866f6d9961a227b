//! podman, of this Debian or a newer one. Everything that it keeps lies in a directory of the test's.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use flatrack_testbed::{Outcome, Tree};

use super::on_node;
use crate::image::layer;
use crate::runtime::{binary, finish};

/// Limits that a machine without CAP_SYS_RESOURCE can give.
pub(crate) const ORDINARY: [&str; 6] = [
    "--network",
    "none",
    "--ulimit",
    "nofile=1024:1024",
    "--ulimit",
    "nproc=1024:1024",
];

/// Podman makes directories for controllers that are not mounted: it sees hierarchies of the machine's on a file system of the test's own.
const OWN_CGROUPS: &str = "
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t tmpfs tmpfs $0 && for one in /sys/fs/cgroup/*; do
        mkdir $0/${one##*/} && mount --rbind $one $0/${one##*/} || exit
    done && mount --move $0 /sys/fs/cgroup || exit
fi
echo ready && exec sleep 1000";

pub(crate) struct Podman {
    dir: tempfile::TempDir,
    runtime: PathBuf,
    /// Where the runtime is, if it is the test's own.
    node: Option<tempfile::TempDir>,
    /// Keeps a mount namespace for all commands.
    holder: Child,
}

impl Podman {
    /// With flatrack-oci and an image of busybox.
    pub(crate) fn new() -> Self {
        Self::of(None, binary())
    }

    /// With another runtime.
    pub(crate) fn with(runtime: PathBuf) -> Self {
        Self::of(None, runtime)
    }

    /// The podman of a newer Debian.
    pub(crate) fn newer(tree: &Tree) -> Self {
        Self::of(Some(tree), binary())
    }

    /// With flatrack-oci on a node that has the runtimes of another installation than the machine's.
    pub(crate) fn on_node(installation: &Path) -> Self {
        let (node, runtime) = on_node(installation);
        let mut podman = Self::with(runtime);
        podman.node = Some(node);
        podman
    }

    fn of(tree: Option<&Tree>, runtime: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("cgroups");
        std::fs::create_dir(&place).unwrap();
        let mut holding = match tree {
            None => {
                let mut command = Command::new("unshare");
                command.args(["--mount", "--propagation", "private"]);
                command
            }
            Some(tree) => tree.enter(&[dir.path(), runtime.parent().unwrap()]),
        };
        let mut holder = holding
            .args(["sh", "-c", OWN_CGROUPS])
            .arg(place)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = [0; 5];
        holder
            .stdout
            .take()
            .unwrap()
            .read_exact(&mut ready)
            .unwrap();
        let podman = Self {
            dir,
            runtime,
            node: None,
            holder,
        };
        // for what podman starts of itself, as ORDINARY is for the rest
        let limits = "[containers]\ndefault_ulimits = ['nofile=1024:1024', 'nproc=1024:1024']\n\
            [engine]\ninfra_image = 'localhost/infra:latest'\n";
        std::fs::write(podman.dir.path().join("containers.conf"), limits).unwrap();
        let image = layer(podman.dir.path());
        let image = image.to_str().unwrap();
        podman.run(["import", image, "busy"]).assert_code(0);
        let sleeps = "--change=ENTRYPOINT [\"/bin/sleep\",\"1000\"]";
        podman
            .run(["import", sleeps, image, "infra"])
            .assert_code(0);
        podman
    }

    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let at = |name: &str| self.dir.path().join(name);
        let mut command = Command::new("nsenter");
        command
            .args(["--mount", "--target", &self.holder.id().to_string()])
            // conmon leaves a file where it is when memory ran out
            .args(["env", "--chdir"])
            .arg(self.dir.path())
            .arg("podman")
            .env("CONTAINERS_CONF", at("containers.conf"))
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
            .arg(&self.runtime)
            .args(args);
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        finish(&mut self.command(args))
    }

    pub(crate) fn start(&self, verb: &[&str], command: &[&str]) -> Outcome {
        self.run([verb, &ORDINARY, &["busy"], command].concat())
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let _gone = self.run(["rm", "--force", "--all", "--time", "0"]);
        let _gone = self.run(["rmi", "--force", "--all"]);
        self.holder.kill().unwrap();
        self.holder.wait().unwrap();
    }
}

/// Pulls an image from its layout, and gives its name.
#[track_caller]
pub(crate) fn pulled(podman: &Podman, layout: &Path) -> String {
    // podman makes a name of the path, which must have no capitals
    let place = format!("flatrack-image-{}", std::process::id());
    let mut builder = tempfile::Builder::new();
    let place = builder.prefix(&place).rand_bytes(0).tempdir().unwrap();
    let copied = Command::new("cp")
        .arg("-rT")
        .arg(layout)
        .arg(place.path())
        .status();
    assert!(copied.unwrap().success());
    let pulled = podman.run(["pull", &format!("oci:{}", place.path().display())]);
    pulled.assert_success().lines().last().unwrap().to_owned()
}
