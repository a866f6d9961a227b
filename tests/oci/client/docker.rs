//! Debian's Docker: a daemon of the test's own, without networks.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use flatrack_testbed::{Docker as Programs, Outcome};

use crate::image::{docker_archive, named, pack};
use crate::runtime::{finish, until};

/// The daemon, with flatrack as a runtime.
pub(crate) struct Docker {
    programs: Programs,
    dir: tempfile::TempDir,
    daemon: Child,
}

/// What keeps the daemon from the machine's network.
const ALONE: [&str; 5] = [
    "--bridge=none",
    "--iptables=false",
    "--ip-forward=false",
    "--ip-masq=false",
    "--storage-driver=vfs",
];

impl Docker {
    /// With an image `local/busy:1`; the daemon reads `configuration`.
    pub(crate) fn start(programs: Programs, configuration: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("daemon.json");
        std::fs::write(&file, configuration).unwrap();
        let log = std::fs::File::create(dir.path().join("log")).unwrap();
        let at =
            |option: &str, name: &str| format!("--{option}={}", dir.path().join(name).display());
        let daemon = programs
            .command("unshare")
            .args(["--mount", "--propagation", "private", "dockerd"])
            .args(ALONE)
            .args([
                at("config-file", "daemon.json"),
                at("data-root", "root"),
                at("exec-root", "exec"),
                at("pidfile", "pid"),
                format!("--host={}", address(dir.path())),
            ])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let docker = Self {
            programs,
            dir,
            daemon,
        };
        until(|| docker.run(["version"]).code == 0, "dockerd answers");
        docker.load(&docker_archive(docker.dir.path()));
        docker
    }

    /// Takes the image of a layout into the store, by this name.
    pub(crate) fn load_layout(&self, layout: &Path, name: &str) {
        named(layout, name);
        let archive = self.dir.path().join("layout.tar");
        pack(layout, &archive);
        self.load(&archive);
    }

    /// Takes the images of an archive into the store.
    fn load(&self, archive: &Path) {
        let load = ["load", "--quiet", "--input"].map(OsStr::new);
        let words = load.into_iter().chain([archive.as_os_str()]);
        self.run(words).assert_code(0);
    }

    /// The client with these words.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.programs.command("docker");
        command
            .env("HOME", self.dir.path())
            .args(["--host", &address(self.dir.path())])
            .args(args)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        finish(&mut self.command(args))
    }
}

fn address(dir: &Path) -> String {
    format!("unix://{}", dir.join("socket").display())
}

impl Drop for Docker {
    /// In peace: it ends its containerd and its containers.
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.daemon);
        let _gone = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        self.daemon.wait().unwrap();
    }
}
