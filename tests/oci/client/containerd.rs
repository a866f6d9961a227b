//! containerd, of this Debian or a newer one.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use flatrack_testbed::{Outcome, Tree};

use crate::image::{docker_archive, pack};
use crate::runtime::{binary, finish, until};

/// The image that every store has.
pub(crate) const IMAGE: &str = "docker.io/local/busy:1";

/// The interface of kubelets, with flatrack as a runtime and without what needs the machine's own.
const CRI: &str = "
[plugins.'io.containerd.grpc.v1.cri']
sandbox_image = 'docker.io/local/pause:1'
restrict_oom_score_adj = true
[plugins.'io.containerd.grpc.v1.cri'.containerd]
snapshotter = 'native'
default_runtime_name = 'flatrack'
[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.flatrack]
";

/// A network that is none: a pod has an address, and nothing to reach.
const NETWORK: &str = r#"{"cniVersion": "0.4.0", "name": "none", "plugins": [{"type": "none"}]}"#;
const PLUGIN: &str = r#"#!/bin/sh
[ "$CNI_COMMAND" = VERSION ] && exec echo '{"cniVersion": "0.4.0", "supportedVersions": ["0.4.0"]}'
echo '{"cniVersion": "0.4.0", "interfaces": [{"name": "eth0", "sandbox": "'"$CNI_NETNS"'"}],
    "ips": [{"version": "4", "interface": 0, "address": "192.0.2.2/24"}]}'"#;

/// The interface, with its network in this directory. The shim is named as `configs/engines` does for this containerd.
fn kubelets(dir: &Path, is_newer: bool) -> String {
    let shim = binary().with_file_name("containerd-shim-flatrack-v1");
    let runtime = match is_newer {
        true => format!(
            "runtime_type = 'io.containerd.runc.v2'\nruntime_path = '{}'",
            shim.display()
        ),
        false => "runtime_type = 'io.containerd.flatrack.v1'".to_owned(),
    };
    let (plugins, networks) = (dir.join("plugins"), dir.join("networks"));
    for place in [&plugins, &networks] {
        std::fs::create_dir(place).unwrap();
    }
    std::fs::write(networks.join("none.conflist"), NETWORK).unwrap();
    for name in ["none", "loopback"] {
        let plugin = plugins.join(name);
        std::fs::write(&plugin, PLUGIN).unwrap();
        std::fs::set_permissions(&plugin, PermissionsExt::from_mode(0o755)).unwrap();
    }
    format!(
        "{CRI}{runtime}\n[plugins.'io.containerd.grpc.v1.cri'.cni]\nbin_dir = '{}'\nconf_dir = '{}'\n",
        plugins.display(),
        networks.display()
    )
}

/// A containerd of the test's own, in a mount namespace of its own.
pub(crate) struct Containerd {
    dir: tempfile::TempDir,
    daemon: Child,
    setup: Setup,
}

/// Which containerd, and on what kind of node.
#[derive(Default)]
pub(crate) struct Setup {
    /// a newer Debian, whose containerd it is
    pub(crate) tree: Option<Tree>,
    /// the Flatpak installation, if it is not the machine's
    pub(crate) installation: Option<PathBuf>,
    /// whether kubelets can talk to it
    pub(crate) cri: bool,
}

impl Containerd {
    pub(crate) fn start() -> Self {
        Self::of(Setup::default())
    }

    /// The containerd of a newer Debian.
    pub(crate) fn newer(tree: Tree) -> Self {
        Self::of(Setup {
            tree: Some(tree),
            ..Setup::default()
        })
    }

    /// On a node that has the runtimes of another Flatpak installation than the machine's.
    pub(crate) fn on_node(installation: &Path) -> Self {
        Self::of(Setup {
            installation: Some(installation.to_owned()),
            ..Setup::default()
        })
    }

    pub(crate) fn of(setup: Setup) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let interface = match setup.cri {
            true => kubelets(dir.path(), setup.tree.is_some()),
            false => "disabled_plugins = ['io.containerd.grpc.v1.cri']".to_owned(),
        };
        let config = format!(
            "version = 2\nroot = '{}'\nstate = '{}'\n{interface}\n[grpc]\naddress = '{}'\n[ttrpc]\naddress = '{}'\n",
            at("root"),
            at("state"),
            at("socket"),
            at("socket.ttrpc"),
        );
        std::fs::write(at("config.toml"), config).unwrap();
        let daemon = daemon(dir.path(), &setup);
        let containerd = Self { dir, daemon, setup };
        containerd.await_answer();
        containerd.import(&docker_archive(containerd.dir.path()), &[]);
        containerd
    }

    /// Takes the image of a layout into the store, by this name.
    pub(crate) fn import_layout(&self, layout: &Path, name: &str) {
        let archive = self.place("layout.tar");
        pack(layout, &archive);
        self.import(&archive, &["--index-name", name]);
    }

    /// Takes the images of an archive into the store, with the client's further options.
    fn import(&self, archive: &Path, options: &[&str]) {
        let space = if self.setup.cri { "k8s.io" } else { "default" };
        let image = ["--namespace", space, "image", "import"];
        let mut words = image.map(OsStr::new).to_vec();
        words.extend(["--snapshotter", "native"].map(OsStr::new));
        words.extend(options.iter().map(OsStr::new));
        // 2.x has a service for it, which wants a snapshotter that overlays
        words.extend(self.setup.tree.as_ref().map(|_| OsStr::new("--local")));
        words.push(archive.as_os_str());
        self.ctr(words).assert_code(0);
    }

    fn await_answer(&self) {
        until(|| self.ctr(["version"]).code == 0, "containerd answers");
    }

    /// Kills the daemon and starts it anew; shims go on.
    pub(crate) fn restart(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
        self.daemon = daemon(self.dir.path(), &self.setup);
        self.await_answer();
    }

    /// A path that it sees too.
    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// How readily the kernel kills it.
    pub(crate) fn oom_score(&self) -> i32 {
        let file = format!("/proc/{}/oom_score_adj", self.daemon.id());
        std::fs::read_to_string(file)
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    }

    /// Its socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.place("socket")
    }

    /// Where it keeps a container's bundle.
    pub(crate) fn bundle(&self, id: &str) -> PathBuf {
        let tasks = "state/io.containerd.runtime.v2.task/default";
        self.dir.path().join(tasks).join(id)
    }

    /// The client with these words.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = match &self.setup.tree {
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
}

/// The daemon, which finds the shim beside the tests.
fn daemon(dir: &Path, setup: &Setup) -> Child {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(dir.join("log"))
        .unwrap();
    let binary = binary();
    let programs = binary.parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", programs.display());
    let installation = setup.installation.as_deref();
    let mut command = match &setup.tree {
        None => {
            let mut command = Command::new("unshare");
            command.args(["--mount", "--propagation", "private"]);
            command
        }
        Some(tree) => {
            let shown = [dir, programs].into_iter().chain(installation);
            tree.enter(&shown.collect::<Vec<_>>())
        }
    };
    command
        .args(["containerd", "-c"])
        .arg(dir.join("config.toml"))
        .env("PATH", path)
        // shims and runtimes inherit it
        .envs(installation.map(|place| ("FLATPAK_SYSTEM_DIR", place)))
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
        if std::thread::panicking() {
            let log = std::fs::read_to_string(self.place("log")).unwrap_or_default();
            let _shown = writeln!(std::io::stderr(), "containerd said:\n{log}");
        }
        for id in self.ctr(["container", "ls", "-q"]).stdout.lines() {
            let _gone = self.ctr(["task", "delete", "--force", id]);
            let _gone = self.ctr(["container", "rm", id]);
        }
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}
