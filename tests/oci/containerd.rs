//! Debian's containerd: with its own shim, which starts flatrack-oci by its `BinaryName`, and with flatrack's (`shim.rs`).

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use flatrack_testbed::{Outcome, Tree, needs};

use crate::image::docker_archive;
use crate::runtime::{binary, finish, until};

/// A containerd of the test's own, in a mount namespace of its own.
pub(crate) struct Containerd {
    dir: tempfile::TempDir,
    daemon: Child,
    /// a newer Debian, whose containerd it is
    tree: Option<Tree>,
    /// the Flatpak installation, if it is not the machine's
    node: Option<PathBuf>,
}

impl Containerd {
    pub(crate) fn start() -> Self {
        Self::of(None)
    }

    /// The containerd of another Debian.
    pub(crate) fn of(tree: Option<Tree>) -> Self {
        Self::with(tree, None)
    }

    /// On a node that has the runtimes of another Flatpak installation than the machine's.
    pub(crate) fn on_node(installation: &Path) -> Self {
        Self::with(None, Some(installation))
    }

    fn with(tree: Option<Tree>, installation: Option<&Path>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let config = format!(
            "version = 2\nroot = '{}'\nstate = '{}'\ndisabled_plugins = ['io.containerd.grpc.v1.cri']\n[grpc]\naddress = '{}'\n[ttrpc]\naddress = '{}'\n",
            at("root"),
            at("state"),
            at("socket"),
            at("socket.ttrpc"),
        );
        std::fs::write(at("config.toml"), config).unwrap();
        let node = installation.map(Path::to_owned);
        let daemon = daemon(dir.path(), tree.as_ref(), node.as_deref());
        let containerd = Self {
            dir,
            daemon,
            tree,
            node,
        };
        containerd.await_answer();
        let archive = docker_archive(containerd.dir.path());
        let mut import = vec!["image", "import", "--snapshotter", "native"];
        // 2.x has a service for it, which wants a snapshotter that overlays
        import.extend(containerd.tree.as_ref().map(|_| "--local"));
        import.push(archive.to_str().unwrap());
        containerd.ctr(import).assert_code(0);
        containerd
    }

    fn await_answer(&self) {
        until(|| self.ctr(["version"]).code == 0, "containerd answers");
    }

    /// Kills the daemon and starts it anew; shims go on.
    pub(crate) fn restart(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
        self.daemon = daemon(self.dir.path(), self.tree.as_ref(), self.node.as_deref());
        self.await_answer();
    }

    /// Its socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.dir.path().join("socket")
    }

    /// Where it keeps a container's bundle.
    pub(crate) fn bundle(&self, id: &str) -> PathBuf {
        let tasks = "state/io.containerd.runtime.v2.task/default";
        self.dir.path().join(tasks).join(id)
    }

    /// The client with these words.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = match &self.tree {
            None => Command::new("ctr"),
            Some(_) => {
                // where the daemon is: the version must be the same
                let mut command = Command::new("nsenter");
                let pid = self.daemon.id().to_string();
                command.args(["--mount", "--target", &pid, "ctr"]);
                command
            }
        };
        command.arg("--address").arg(self.socket());
        command.args(args).stdin(Stdio::null());
        command
    }

    pub(crate) fn ctr<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        finish(&mut self.command(args))
    }

    fn run(&self, options: &[&str], id: &str, command: &[&str]) -> Outcome {
        let binary = binary();
        let runtime = [
            "--snapshotter",
            "native",
            "--runtime",
            "io.containerd.runc.v2",
            "--runc-binary",
            binary.to_str().unwrap(),
        ];
        self.ctr(
            [
                &["run"],
                options,
                &runtime,
                &["docker.io/local/busy:1", id],
                command,
            ]
            .concat(),
        )
    }
}

/// The daemon, which finds the shim beside the tests.
fn daemon(dir: &Path, tree: Option<&Tree>, node: Option<&Path>) -> Child {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(dir.join("log"))
        .unwrap();
    let binary = binary();
    let programs = binary.parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", programs.display());
    let mut command = match tree {
        None => {
            let mut command = Command::new("unshare");
            command.args(["--mount", "--propagation", "private"]);
            command
        }
        Some(tree) => tree.enter(&[dir, programs]),
    };
    command
        .args(["containerd", "-c"])
        .arg(dir.join("config.toml"))
        .env("PATH", path)
        // shims and runtimes inherit it
        .envs(node.map(|node| ("FLATPAK_SYSTEM_DIR", node)))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .process_group(0)
        .spawn()
        .unwrap()
}

impl Drop for Containerd {
    fn drop(&mut self) {
        for id in self.ctr(["container", "ls", "-q"]).stdout.lines() {
            let _gone = self.ctr(["task", "delete", "--force", id]);
            let _gone = self.ctr(["container", "rm", id]);
        }
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

#[test]
fn privileged_containerd_drives_a_container_through_its_life() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    let id = |name: &str| format!("flatrack-{}-{name}", std::process::id());
    let hello = containerd.run(&["--rm"], &id("a"), &["echo", "hello"]);
    assert_eq!(hello.assert_success(), "hello");
    containerd
        .run(&["--rm"], &id("b"), &["sh", "-c", "exit 4"])
        .assert_code(4);
    let missing = containerd.run(&["--rm"], &id("c"), &["none"]);
    assert!(missing.stderr.contains("No such file"), "{missing:?}");
    let (one, ctr) = (id("one"), |args: &[&str]| containerd.ctr(args));
    let script = "trap 'exit 9' TERM; while true; do sleep 0.1; done";
    containerd
        .run(&["--detach"], &one, &["sh", "-c", script])
        .assert_code(0);
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
