//! Where measurements run: with `/run` and the user's runtime directory in memory, as on every booted system.
//!
//! A machine that was never booted by an init, such as a container, may have both on a disk. The tools write their
//! state there, and would be measured by how fast that disk forgets files.

use std::ops::Deref;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_testbed::Testbed;
use rustix::fs::statfs;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

use crate::Result;

/// `f_type` of tmpfs, statfs(2).
const TMPFS_MAGIC: i64 = 0x0102_1994;

/// Says that this program is in a mount namespace of its own.
const SETTLED: &str = "FLATRACK_BENCH_SETTLED";

const ENTER: &str = "mount -t tmpfs -o mode=755 tmpfs /run && exec \"$@\"";

/// Starts this program once more in a mount namespace of its own with an empty `/run` in memory. For others than root,
/// who may not mount, the machine stays as it is.
///
/// # Errors
/// When that program cannot be started. Otherwise it comes back only where nothing was to be done.
pub(crate) fn settle() -> Result {
    if std::env::var_os(SETTLED).is_some() || !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let error = Command::new("unshare")
        .args(["--mount", "sh", "-c", ENTER, "bench"])
        .arg(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(SETTLED, "1")
        .exec();
    Err(error.into())
}

fn in_memory(path: &Path) -> Result<bool> {
    Ok(statfs(path)?.f_type == TMPFS_MAGIC)
}

/// A testbed whose runtime directory is in memory.
#[derive(Debug)]
pub(crate) struct Bed {
    // unmounted before the testbed removes its directory
    _runtime: Option<Mounted>,
    bed: Testbed,
}

impl Bed {
    /// Mounts what is missing; the caller has [settled](settle).
    pub(crate) fn new(bed: Testbed) -> Result<Self> {
        let path = bed.runtime_dir();
        let runtime = if std::env::var_os(SETTLED).is_some() && !in_memory(path)? {
            mount(
                "tmpfs",
                path,
                "tmpfs",
                MountFlags::empty(),
                Some(c"mode=700"),
            )?;
            Some(Mounted(path.to_owned()))
        } else {
            None
        };
        Ok(Self {
            _runtime: runtime,
            bed,
        })
    }
}

impl Deref for Bed {
    type Target = Testbed;

    fn deref(&self) -> &Testbed {
        &self.bed
    }
}

#[derive(Debug)]
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Err(error) = unmount(&self.0, UnmountFlags::DETACH) {
            eprintln!("`{}` stays mounted: {error}", self.0.display());
        }
    }
}
