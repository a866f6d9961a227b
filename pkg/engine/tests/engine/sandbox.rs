//! A bundle with a real root file system (busybox), to be bent by each test.

use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use flatrack_engine::oci::Spec;
use flatrack_engine::{
    Bundle, ContainerId, Error, ExecOptions, Options, Root, Running, StateDir, create, delete,
    exec, run,
};
use flatrack_sys::process::{Exit, wait};
use serde_json::{Value, json};

/// Writes a line to the real standard output.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").unwrap();
}

/// A bundle in a directory of its own; everything of it is checked to be gone when it is dropped.
pub(crate) struct Sandbox {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) spec: Value,
    pub(crate) root: Root,
    pub(crate) pins: BTreeMap<PathBuf, OwnedFd>,
    pub(crate) id: ContainerId,
    pub(crate) state: StateDir,
}

/// What a container left.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) exit: Exit,
    pub(crate) out: String,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Sandbox {
    pub(crate) fn new(script: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let rootfs = dir.path().join("rootfs");
        for name in ["bin", "proc", "dev", "sys", "etc", "tmp"] {
            std::fs::create_dir_all(rootfs.join(name)).unwrap();
        }
        std::fs::copy("/bin/busybox", rootfs.join("bin/busybox")).unwrap();
        for name in "sh cat ls id true false sleep grep mount mkdir ln kill dd head tail unshare echo stat readlink hostname ip touch tty ps wc rm"
            .split(' ')
        {
            std::os::unix::fs::symlink("busybox", rootfs.join("bin").join(name)).unwrap();
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("flatrack-test-{}-{number}", std::process::id());
        let state = StateDir::open(dir.path().join("state")).unwrap();
        let spec = json!({
            "ociVersion": "1.0.2",
            "root": {"path": "rootfs"},
            "process": {
                "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/sh", "-c", script],
                "env": ["PATH=/bin"], "noNewPrivileges": true,
            },
            "hostname": "inside",
            "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
                {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
            ],
            "linux": {
                "cgroupsPath": format!("/{name}/inner"),
                "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}, {"type": "cgroup"}],
            },
        });
        Self {
            dir,
            spec,
            root: Root::Directory,
            pins: BTreeMap::new(),
            id: name.parse().unwrap(),
            state,
        }
    }

    pub(crate) fn rootfs(&self) -> PathBuf {
        self.dir.path().join("rootfs")
    }

    /// Sets a part of the spec, by JSON pointer; the last part may be new.
    pub(crate) fn set(&mut self, pointer: &str, value: Value) -> &mut Self {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        self.spec.pointer_mut(parent).unwrap()[name] = value;
        self
    }

    pub(crate) fn mount(&mut self, mount: Value) -> &mut Self {
        self.spec["mounts"].as_array_mut().unwrap().push(mount);
        self
    }

    /// Binds a directory of the host.
    pub(crate) fn bind(&mut self, source: &Path, destination: &str, options: &[&str]) -> &mut Self {
        let options: Vec<&str> = ["rbind"].iter().chain(options).copied().collect();
        self.mount(json!({"destination": destination, "source": source, "type": "bind", "options": options}))
    }

    pub(crate) fn bundle(&mut self) -> Bundle {
        let spec: Spec = serde_json::from_value(self.spec.clone()).unwrap();
        let dir = self.dir.path().to_owned();
        Bundle {
            dir,
            spec,
            root: self.root.clone(),
            pins: std::mem::take(&mut self.pins),
        }
    }

    pub(crate) fn options(&self) -> Options {
        Options::new(self.id.clone(), self.state.clone())
    }

    pub(crate) fn start(&mut self) -> Result<Running, Error> {
        let options = self.options();
        run(&self.bundle(), options)
    }

    pub(crate) fn create(&mut self) -> Result<Running, Error> {
        let options = self.options();
        create(&self.bundle(), options)
    }

    /// Runs to the end and removes the container.
    pub(crate) fn run(&mut self) -> Result<Outcome, Error> {
        self.run_with(self.options())
    }

    pub(crate) fn run_with(&mut self, options: Options) -> Result<Outcome, Error> {
        let bundle = self.bundle();
        let (running, out) = captured(|| {
            let running = run(&bundle, options)?;
            Ok::<_, Error>((wait(&running.pidfd).unwrap(), running))
        });
        let (exit, _) = running?;
        delete(&self.state, &self.id, false)?;
        Ok(Outcome { exit, out })
    }

    /// Runs and expects success; returns what was printed.
    pub(crate) fn output(&mut self) -> String {
        let outcome = self.run().unwrap();
        assert_eq!(outcome.exit, Exit::Code(0), "{}", outcome.out);
        outcome.out
    }

    /// Executes a further command in the running container.
    pub(crate) fn exec(&self, script: &str) -> Result<Outcome, Error> {
        let mut process = self.state.spec(&self.id)?.process().clone().unwrap();
        process.set_args(Some(["/bin/sh", "-c", script].map(str::to_owned).to_vec()));
        let options = ExecOptions::new(process);
        let (done, out) = captured(|| {
            let executed = exec(&self.state, &self.id, options)?;
            Ok::<_, Error>(wait(&executed.pidfd).unwrap())
        });
        Ok(Outcome { exit: done?, out })
    }

    /// Kills and removes a container that was started.
    pub(crate) fn end(&self) {
        delete(&self.state, &self.id, true).unwrap();
    }

    /// That nothing of the container is left on the machine.
    pub(crate) fn assert_nothing_left(&self) {
        assert!(
            !self.state.of(&self.id).exists(),
            "the state directory is left"
        );
        for hierarchy in std::fs::read_dir("/sys/fs/cgroup").unwrap().flatten() {
            let left = hierarchy.path().join(self.id.as_str());
            assert!(!left.exists(), "{} is left", left.display());
        }
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        assert!(
            !mounts.contains(self.dir.path().to_str().unwrap()),
            "a mount is left"
        );
        let children = format!("/proc/self/task/{}/children", std::process::id());
        assert_eq!(
            std::fs::read_to_string(children).unwrap(),
            "",
            "a process is left"
        );
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.state.of(&self.id).exists() {
            delete(&self.state, &self.id, true).ok();
        }
        if !std::thread::panicking() {
            self.assert_nothing_left();
        }
    }
}

/// Runs with standard output going to a file; returns what was written there.
pub(crate) fn captured<T>(action: impl FnOnce() -> T) -> (T, String) {
    let mut file = tempfile::tempfile().unwrap();
    let before = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 10).unwrap();
    rustix::stdio::dup2_stdout(&file).unwrap();
    let result = action();
    rustix::stdio::dup2_stdout(&before).unwrap();
    let mut text = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut text).unwrap();
    (result, String::from_utf8_lossy(&text).into_owned())
}
