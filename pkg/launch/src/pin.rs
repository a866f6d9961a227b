//! Host paths, opened once.
//!
//! What was looked at while the plan was made is opened without following any link and held; mounts are made from
//! the descriptors. Directories that must exist are made component by component below a directory that the user
//! controls, and a link there is an error (the class of CVE-2024-42472).

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use flatrack_spec::{DevicePlan, HostDir, Plan, Source, What};
use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags};

use crate::Error;

// not NOFOLLOW: with it and PATH a link in the last place would be opened itself, instead of refused
const PATH: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);
const NO_LINKS: ResolveFlags = ResolveFlags::NO_SYMLINKS.union(ResolveFlags::NO_MAGICLINKS);

/// Descriptors of host paths, by the path that the plan names.
pub(crate) type Pins = BTreeMap<PathBuf, OwnedFd>;

/// Makes the directories a plan needs and opens everything it mounts.
pub(crate) fn pin(plan: &Plan) -> Result<Pins, Error> {
    let mut pins = Pins::new();
    for dir in &plan.host_dirs {
        let fd = make(dir).map_err(|source| Error::Pin {
            path: dir.root.join(&dir.below),
            source,
        })?;
        pins.insert(dir.root.join(&dir.below), fd);
    }
    for mount in &plan.mounts {
        if let What::Bind {
            source: Source::Host(path),
            ..
        } = &mount.what
            && !pins.contains_key(path)
        {
            let fd = open(path).map_err(|source| Error::Pin {
                path: path.clone(),
                source,
            })?;
            pins.insert(path.clone(), fd);
        }
    }
    for device in plan.devices.iter().filter(|device| device.path.is_some()) {
        check_device(&pins, device).map_err(|source| Error::Pin {
            path: device.host.clone(),
            source,
        })?;
    }
    Ok(pins)
}

/// What was opened must be the very device that the plan saw: its number is what the cgroup allows.
fn check_device(pins: &Pins, device: &DevicePlan) -> io::Result<()> {
    let pin = pins.get(&device.host).ok_or(io::ErrorKind::NotFound)?;
    let facts = rustix::fs::fstat(pin)?;
    let kind = match device.number.block {
        true => FileType::BlockDevice,
        false => FileType::CharacterDevice,
    };
    let number = rustix::fs::makedev(device.number.major, device.number.minor);
    match FileType::from_raw_mode(facts.st_mode) == kind && facts.st_rdev == number {
        true => Ok(()),
        false => Err(io::Error::other("it is another device than a moment ago")),
    }
}

/// Opens a path in which nothing is a link. Links above an installation or above home are the user's own
/// and were resolved when the plan was made.
fn open(path: &Path) -> io::Result<OwnedFd> {
    match rustix::fs::openat2(CWD, path, PATH, Mode::empty(), NO_LINKS) {
        Ok(fd) => Ok(fd),
        Err(error) => Err(error.into()),
    }
}

/// Makes a directory below one that exists, never through a link, and opens it.
fn make(dir: &HostDir) -> io::Result<OwnedFd> {
    let flags = PATH | OFlags::DIRECTORY;
    let mut here = rustix::fs::openat2(
        CWD,
        &dir.root,
        flags,
        Mode::empty(),
        ResolveFlags::NO_MAGICLINKS,
    )?;
    for part in dir.below.components() {
        let Component::Normal(name) = part else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        match rustix::fs::mkdirat(&here, name, Mode::from_raw_mode(dir.mode)) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let beneath = NO_LINKS | ResolveFlags::BENEATH;
        here = rustix::fs::openat2(here.as_fd(), name, flags, Mode::empty(), beneath)?;
    }
    Ok(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_never_made_through_a_link() {
        let top = tempfile::tempdir().unwrap();
        std::fs::create_dir(top.path().join("outside")).unwrap();
        std::fs::create_dir(top.path().join("own")).unwrap();
        std::os::unix::fs::symlink("../outside", top.path().join("own/data")).unwrap();
        let below = |below: &str| HostDir {
            root: top.path().join("own"),
            below: below.into(),
            mode: 0o755,
        };
        assert!(make(&below("data/x")).is_err());
        assert!(make(&below("data")).is_err());
        assert!(make(&below("../outside/x")).is_err());
        assert!(!top.path().join("outside/x").exists());
        assert!(make(&below("a/b/c")).is_ok());
        assert!(top.path().join("own/a/b/c").is_dir());
    }

    #[test]
    fn a_path_that_became_a_link_is_refused() {
        let top = tempfile::tempdir().unwrap();
        let real = std::fs::canonicalize(top.path()).unwrap();
        std::fs::create_dir(real.join("dir")).unwrap();
        std::os::unix::fs::symlink("dir", real.join("link")).unwrap();
        assert!(open(&real.join("dir")).is_ok());
        assert!(open(&real.join("link")).is_err());
    }
}
