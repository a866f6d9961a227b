//! The root file system of a container, from the mounts that containerd's snapshotter asks for.

use std::path::Path;

use rustix::fs::CWD;
use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

use crate::error::{Error, Result};
use crate::messages::task::Mount;

/// Options that are flags of mount(2), and whether they set or clear it.
const FLAGS: [(&str, bool, MountFlags); 18] = [
    ("async", false, MountFlags::SYNCHRONOUS),
    ("atime", false, MountFlags::NOATIME),
    ("bind", true, MountFlags::BIND),
    ("dev", false, MountFlags::NODEV),
    ("diratime", false, MountFlags::NODIRATIME),
    ("dirsync", true, MountFlags::DIRSYNC),
    ("exec", false, MountFlags::NOEXEC),
    ("noatime", true, MountFlags::NOATIME),
    ("nodev", true, MountFlags::NODEV),
    ("nodiratime", true, MountFlags::NODIRATIME),
    ("noexec", true, MountFlags::NOEXEC),
    ("nosuid", true, MountFlags::NOSUID),
    ("relatime", true, MountFlags::RELATIME),
    ("ro", true, MountFlags::RDONLY),
    ("rw", false, MountFlags::RDONLY),
    ("strictatime", true, MountFlags::STRICTATIME),
    ("suid", false, MountFlags::NOSUID),
    ("sync", true, MountFlags::SYNCHRONOUS),
];

/// Mounts them on a directory, one on the other.
///
/// # Errors
/// One cannot be mounted; none is left then.
pub(crate) fn mount_all(mounts: &[Mount], target: &Path) -> Result<()> {
    for mount in mounts {
        if let Err(error) = one(mount, target) {
            unmount_all(target);
            return Err(Error::io(
                "mount the root file system on",
                target,
                &error.into(),
            ));
        }
    }
    Ok(())
}

fn one(asked: &Mount, target: &Path) -> std::result::Result<(), Errno> {
    let (mut flags, mut data, mut recursive) = (MountFlags::empty(), Vec::new(), false);
    for option in &asked.options {
        match FLAGS.iter().find(|(name, ..)| name == option) {
            Some((_, true, flag)) => flags |= *flag,
            Some((_, false, flag)) => flags -= *flag,
            None if option == "rbind" => {
                flags |= MountFlags::BIND;
                recursive = true;
            }
            None => data.push(option.as_str()),
        }
    }
    if flags.contains(MountFlags::BIND) {
        if recursive {
            rustix::mount::mount_bind_recursive(&asked.source, target)?;
        } else {
            rustix::mount::mount_bind(&asked.source, target)?;
        }
        // flags of a bind mount count from its second mount on
        let rest = flags - MountFlags::BIND;
        return match rest.is_empty() {
            true => Ok(()),
            false => rustix::mount::mount_remount(target, MountFlags::BIND | rest, ""),
        };
    }
    let data = data.join(",");
    let data = std::ffi::CString::new(data).map_err(|_| Errno::INVAL)?;
    mount(
        asked.source.as_str(),
        target,
        asked.kind.as_str(),
        flags,
        Some(data.as_c_str()),
    )
}

/// Takes off everything that is mounted on a directory. Nothing there is fine.
pub(crate) fn unmount_all(target: &Path) {
    const MOST: usize = 64;
    let flags = UnmountFlags::DETACH | UnmountFlags::NOFOLLOW;
    for _ in 0..MOST {
        // EINVAL: nothing is mounted there
        if unmount(target, flags).is_err() {
            return;
        }
    }
}

/// Whether a directory is there to mount on; made if need be.
///
/// # Errors
/// It cannot be made.
pub(crate) fn directory(target: &Path) -> Result<()> {
    match rustix::fs::mkdirat(CWD, target, rustix::fs::Mode::from_raw_mode(0o711)) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(Error::io("make", target, &error.into())),
    }
}
