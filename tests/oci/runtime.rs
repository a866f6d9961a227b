//! The runtimes: ours and those beside it, each with a state directory of its own.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use flatrack_testbed::Outcome;
use serde_json::Value;

use crate::bundle::Bundle;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(45);

/// A runtime and where it keeps its state.
#[derive(Debug)]
pub(crate) struct Runtime {
    program: PathBuf,
    root: tempfile::TempDir,
    /// Whether it is flatrack-oci.
    pub(crate) ours: bool,
}

/// The binary to test.
pub(crate) fn binary() -> PathBuf {
    let path = match std::env::var_os("FLATRACK_OCI_BIN") {
        Some(path) => path.into(),
        None => {
            let test = std::env::current_exe().unwrap();
            test.ancestors().nth(2).unwrap().join("flatrack-oci")
        }
    };
    assert!(
        path.is_file(),
        "`{}` is not built\nhint: cargo build --workspace",
        path.display()
    );
    path
}

impl Runtime {
    /// flatrack-oci.
    pub(crate) fn ours() -> Self {
        Self::of(binary())
    }

    /// flatrack-oci by a program that starts it.
    pub(crate) fn of(program: PathBuf) -> Self {
        Self {
            program,
            root: tempfile::tempdir().unwrap(),
            ours: true,
        }
    }

    /// runc.
    pub(crate) fn runc() -> Self {
        Self {
            program: "runc".into(),
            root: tempfile::tempdir().unwrap(),
            ours: false,
        }
    }

    /// Its state directory.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// A command of it.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("--root")
            .arg(self.root())
            .args(args)
            .stdin(Stdio::null());
        command
    }

    /// Runs one to its end. Its output goes to files, because a container holds its streams longer than the command does.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        finish(&mut self.command(args))
    }

    /// Makes a container from a bundle.
    #[track_caller]
    pub(crate) fn create(&self, bundle: &Bundle) -> Outcome {
        let dir = bundle.write().path().to_str().unwrap();
        self.run(["create", "--bundle", dir, &bundle.id])
    }

    /// Runs a bundle to its end.
    pub(crate) fn run_bundle(&self, bundle: &Bundle) -> Outcome {
        let dir = bundle.write().path().to_str().unwrap();
        self.run(["run", "--bundle", dir, &bundle.id])
    }

    /// The state document; nothing if there is no such container.
    pub(crate) fn state(&self, id: &str) -> Value {
        let outcome = self.run(["state", id]);
        serde_json::from_str(&outcome.stdout).unwrap_or(Value::Null)
    }

    /// Waits until a container is in a state.
    #[track_caller]
    pub(crate) fn until(&self, id: &str, status: &str) {
        until(|| self.state(id)["status"] == status, status);
    }

    /// Removes a container whatever it does.
    pub(crate) fn end(&self, id: &str) {
        self.run(["delete", "--force", id]).assert_code(0);
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        for entry in self.root().read_dir().into_iter().flatten().flatten() {
            let id = entry.file_name();
            let _gone =
                finish(&mut self.command([OsStr::new("delete"), OsStr::new("--force"), &id]));
        }
    }
}

/// Waits for something that another process does.
#[track_caller]
pub(crate) fn until(done: impl Fn() -> bool, what: &str) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Runs a command to its end, bounded.
#[track_caller]
pub(crate) fn finish(command: &mut Command) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name);
    let mut child = command
        .stdout(File::create(file("out")).unwrap())
        .stderr(File::create(file("err")).unwrap())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let status: ExitStatus = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let read = |name: &str| {
        let mut bytes = Vec::new();
        File::open(file(name))
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    };
    Outcome::from(std::process::Output {
        status,
        stdout: read("out"),
        stderr: read("err"),
    })
}

/// Whether anything of a container is left in the machine's cgroups.
pub(crate) fn cgroup_is_left(id: &str) -> bool {
    let hierarchies = std::fs::read_dir("/sys/fs/cgroup").unwrap().flatten();
    hierarchies
        .map(|entry| entry.path().join(id))
        .chain([Path::new("/sys/fs/cgroup").join(id)])
        .any(|path| path.exists())
}
