//! flatrack-oci's command lines.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::messages::options::Options;

/// The program, and what is said to it every time.
#[derive(Debug, Clone)]
pub(crate) struct Runtime {
    program: PathBuf,
    root: PathBuf,
    systemd_cgroup: bool,
    /// where messages of the last call are
    log: PathBuf,
}

/// Standard streams of a process.
#[derive(Debug)]
pub(crate) struct Streams(pub(crate) [Option<OwnedFd>; 3]);

impl Runtime {
    /// The runtime of a container: flatrack-oci beside this program, unless the options name another.
    pub(crate) fn new(options: &Options, namespace: &str, bundle: &Path) -> Self {
        let beside = || {
            let own = std::env::current_exe().ok()?;
            Some(own.with_file_name("flatrack-oci")).filter(|path| path.is_file())
        };
        let program = match options.binary_name.as_str() {
            "" => beside().unwrap_or_else(|| "flatrack-oci".into()),
            name => name.into(),
        };
        let root = match options.root.as_str() {
            "" => Path::new("/run/containerd/flatrack"),
            root => Path::new(root),
        };
        Self {
            program,
            root: root.join(namespace),
            systemd_cgroup: options.systemd_cgroup,
            log: bundle.join("log.json"),
        }
    }

    /// The program without a container.
    pub(crate) fn plain(&self) -> Command {
        Command::new(&self.program)
    }

    /// A call of a verb. Its messages go to the log; standard streams are nobody's.
    pub(crate) fn verb(&self, verb: &str) -> Command {
        let mut command = self.plain();
        command.arg("--root").arg(&self.root);
        command
            .arg("--log")
            .arg(&self.log)
            .args(["--log-format", "json"]);
        if self.systemd_cgroup {
            command.arg("--systemd-cgroup");
        }
        command.arg(verb);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Forgets the messages of earlier calls.
    pub(crate) fn forget_messages(&self) {
        drop(std::fs::remove_file(&self.log));
    }

    /// The last error that the runtime wrote.
    pub(crate) fn message(&self) -> Option<String> {
        const MOST: u64 = 1 << 20;
        #[derive(Deserialize)]
        struct Line {
            level: String,
            msg: String,
        }
        let mut text = String::new();
        let log = File::open(&self.log).ok()?;
        log.take(MOST).read_to_string(&mut text).ok()?;
        let lines = text.lines().rev();
        let mut lines = lines.filter_map(|line| serde_json::from_str::<Line>(line).ok());
        lines
            .find(|line| line.level == "error")
            .map(|line| line.msg)
    }
}

impl Streams {
    /// Gives them to a command.
    pub(crate) fn give(self, command: &mut Command) {
        let stdio = |fd: Option<OwnedFd>| fd.map_or_else(Stdio::null, Stdio::from);
        let [stdin, stdout, stderr] = self.0.map(stdio);
        command.stdin(stdin).stdout(stdout).stderr(stderr);
    }
}
