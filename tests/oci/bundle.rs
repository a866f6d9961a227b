//! Bundles with a root file system of busybox.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A bundle in a directory of its own.
#[derive(Debug)]
pub(crate) struct Bundle {
    dir: tempfile::TempDir,
    /// What becomes `config.json`.
    pub(crate) spec: Value,
    /// A name that no other test has.
    pub(crate) id: String,
}

impl Bundle {
    /// One whose program is this shell script.
    pub(crate) fn new(script: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        // users of other numbers get through it
        fs::set_permissions(
            dir.path(),
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )
        .unwrap();
        let root = dir.path().join("rootfs");
        for name in ["bin", "proc", "dev", "sys", "etc", "tmp", "data"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        fs::copy("/bin/busybox", root.join("bin/busybox")).unwrap();
        for name in "sh cat ls id true false sleep grep mount mkdir ln kill dd head tail unshare echo stat readlink hostname touch tty ps wc rm sort env seq awk sed cut stty tr"
            .split(' ')
        {
            symlink("busybox", root.join("bin").join(name)).unwrap();
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("flatrack-oci-test-{}-{number}", std::process::id());
        let spec = spec(script, &id);
        Self { dir, spec, id }
    }

    /// Its directory.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A path in its root file system.
    pub(crate) fn inside(&self, path: &str) -> PathBuf {
        self.path()
            .join("rootfs")
            .join(path.trim_start_matches('/'))
    }

    /// Sets a part of the document, by JSON pointer; the last part may be new.
    pub(crate) fn set(mut self, pointer: &str, value: Value) -> Self {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        self.spec.pointer_mut(parent).unwrap()[name] = value;
        self
    }

    /// Adds a mount.
    pub(crate) fn mount(mut self, mount: Value) -> Self {
        self.spec["mounts"].as_array_mut().unwrap().push(mount);
        self
    }

    /// Writes the document.
    pub(crate) fn write(&self) -> &Self {
        let text = serde_json::to_vec_pretty(&self.spec).unwrap();
        fs::write(self.path().join("config.json"), text).unwrap();
        self
    }
}

/// What engines ask for by default, without limits that this machine may refuse.
fn spec(script: &str, id: &str) -> Value {
    let capabilities = json!([
        "CAP_CHOWN",
        "CAP_KILL",
        "CAP_SETUID",
        "CAP_SETGID",
        "CAP_NET_BIND_SERVICE"
    ]);
    let of_kernel = json!(["nosuid", "noexec", "nodev"]);
    json!({
        "ociVersion": "1.0.2",
        "root": {"path": "rootfs"},
        "process": {
            "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/sh", "-c", script],
            "env": ["PATH=/bin", "HOME=/"], "noNewPrivileges": true,
            "capabilities": {"bounding": capabilities, "effective": capabilities, "permitted": capabilities},
        },
        "hostname": "inside",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
            {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": of_kernel},
            {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
        ],
        "linux": {
            "cgroupsPath": format!("/{id}"),
            "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}],
            "maskedPaths": ["/proc/kcore", "/proc/keys", "/sys/firmware"],
            "readonlyPaths": ["/proc/sys", "/proc/bus"],
        },
    })
}
