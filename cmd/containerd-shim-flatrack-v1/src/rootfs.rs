//! The root file system of a container, from the mounts that containerd's snapshotter asks for.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, open};
use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use rustix::process::{chdir, fchdir};

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
    let (place, data) = shortened(&data).unwrap_or((None, data));
    let data = CString::new(data).map_err(|_| Errno::INVAL)?;
    let before = match place {
        Some(place) => {
            let before = open(".", OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
            chdir(place)?;
            Some(before)
        }
        None => None,
    };
    let mounted = mount(
        asked.source.as_str(),
        target,
        asked.kind.as_str(),
        flags,
        Some(data.as_c_str()),
    );
    if let Some(before) = before {
        fchdir(before)?;
    }
    mounted
}

/// The kernel takes one page of options, which an image with many layers fills. Then the layers are named from the directory that they have
/// in common.
fn shortened(data: &str) -> Option<(Option<PathBuf>, String)> {
    const PAGE: usize = 4096;
    if data.len() < PAGE {
        return None;
    }
    let option = data
        .split(',')
        .find(|option| option.starts_with("lowerdir="))?;
    let layers: Vec<&Path> = option["lowerdir=".len()..]
        .split(':')
        .map(Path::new)
        .collect();
    let (first, rest) = layers.split_first()?;
    let common = first
        .ancestors()
        .skip(1)
        .find(|place| rest.iter().all(|layer| layer.starts_with(place)))?;
    let below = layers
        .iter()
        .map(|layer| layer.strip_prefix(common).ok()?.to_str());
    let below: Option<Vec<&str>> = below.collect();
    let short = format!("lowerdir={}", below?.join(":"));
    let data = data.replacen(option, &short, 1);
    (data.len() < PAGE).then(|| (Some(common.to_owned()), data))
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
    match rustix::fs::mkdirat(CWD, target, Mode::from_raw_mode(0o711)) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(Error::io("make", target, &error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_layers_are_named_from_the_directory_that_they_share() {
        let layers: Vec<String> = (0..100)
            .map(|number| format!("/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/{number}/fs"))
            .collect();
        let data = format!("workdir=/w,upperdir=/u,lowerdir={}", layers.join(":"));
        let (place, short) = shortened(&data).unwrap();
        let wanted = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots";
        assert_eq!(place, Some(PathBuf::from(wanted)));
        assert!(
            short.starts_with("workdir=/w,upperdir=/u,lowerdir=0/fs:1/fs:"),
            "{short}"
        );
        assert_eq!(shortened("lowerdir=/a:/b"), None);
        // what they do not share is too long by itself
        let apart = format!("lowerdir=/a/{0}:/b/{0}", "x".repeat(3000));
        assert!(shortened(&apart).is_none());
    }
}
