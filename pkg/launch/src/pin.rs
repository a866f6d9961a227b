//! Host paths, opened once.
//!
//! What was looked at while the plan was made is opened without following any link and held; mounts are made from
//! the descriptors. Directories that must exist are made component by component below a directory that the user
//! controls, and a link there is an error (the class of CVE-2024-42472).

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use flatrack_spec::{DevicePlan, HostDir, HostLink, Plan, Source, What};
use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::Error;

// not NOFOLLOW: with it and PATH a link in the last place would be opened itself, instead of refused
const PATH: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);
const NO_LINKS: ResolveFlags = ResolveFlags::NO_SYMLINKS.union(ResolveFlags::NO_MAGICLINKS);

/// Descriptors of host paths, by the path that the plan names.
pub(crate) type Pins = BTreeMap<PathBuf, OwnedFd>;

/// Makes the directories and links a plan needs and opens everything it mounts that is not open yet.
pub(crate) fn pin(plan: &Plan, mut pins: Pins, uid: u32) -> Result<Pins, Error> {
    for dir in &plan.host_dirs {
        let fd = make(dir).map_err(|source| Error::Pin {
            path: dir.root.join(&dir.below),
            source,
        })?;
        pins.insert(dir.root.join(&dir.below), fd);
    }
    for link in &plan.host_links {
        if let Some(directory) = pins.get(&link.directory) {
            make_link(directory, link).map_err(|source| Error::Pin {
                path: link.directory.join(&link.name),
                source,
            })?;
        }
    }
    for mount in &plan.mounts {
        let What::Bind { source, .. } = &mount.what else {
            continue;
        };
        let (Source::Host(path) | Source::Socket(path)) = source else {
            continue;
        };
        let fail = |source| Error::Pin {
            path: path.clone(),
            source,
        };
        if !pins.contains_key(path) {
            pins.insert(path.clone(), open(path).map_err(fail)?);
        }
        if let (Source::Socket(_), Some(fd)) = (source, pins.get(path)) {
            check_socket(fd, path, uid)?;
        }
    }
    let of_the_host = |device: &&DevicePlan| device.path.is_some() && !device.of_pod;
    for device in plan.devices.iter().filter(of_the_host) {
        check_device(&pins, device).map_err(|source| Error::Pin {
            path: device.host.clone(),
            source,
        })?;
    }
    Ok(pins)
}

/// Users with a smaller number are services of the system.
const FIRST_PERSON: u32 = 1000;

/// A socket that an app is given is the user's or the system's: another user's server would hear what the app says,
/// and say what the app hears.
pub(crate) fn check_socket(fd: impl AsFd, path: &Path, uid: u32) -> Result<(), Error> {
    let found = rustix::fs::fstat(fd).map_err(|error| Error::Pin {
        path: path.to_owned(),
        source: error.into(),
    })?;
    let why = if rustix::fs::FileType::from_raw_mode(found.st_mode) != rustix::fs::FileType::Socket
    {
        "is not a socket"
    } else if found.st_uid != uid && found.st_uid >= FIRST_PERSON {
        "belongs to another user"
    } else {
        return Ok(());
    };
    Err(Error::Socket {
        path: path.to_owned(),
        why,
    })
}

/// Makes a link in a directory that an app may write to. What the app put in its place is removed, not followed; a
/// directory of its own it keeps, and does without the server.
fn make_link(directory: &OwnedFd, link: &HostLink) -> io::Result<()> {
    use rustix::fs::{AtFlags, readlinkat, symlinkat, unlinkat};
    let name = link.name.as_str();
    if let Ok(found) = readlinkat(directory, name, Vec::new())
        && found.as_bytes() == link.target.as_bytes()
    {
        return Ok(());
    }
    match unlinkat(directory, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(Errno::ISDIR | Errno::PERM) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    match symlinkat(&link.target, directory, name) {
        // another instance was quicker
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
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
pub(crate) fn open(path: &Path) -> io::Result<OwnedFd> {
    match rustix::fs::openat2(CWD, path, PATH, Mode::empty(), NO_LINKS) {
        Ok(fd) => Ok(fd),
        Err(error) => Err(error.into()),
    }
}

/// Makes a directory below one that exists, never through a link, and opens it. One that only its owner may enter must
/// be the user's own, whoever made it.
pub(crate) fn make(dir: &HostDir) -> io::Result<OwnedFd> {
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
    // what is for the user alone may be in a place where anybody can make directories
    let is_private = dir.mode & 0o077 == 0;
    if is_private && rustix::fs::fstat(&here)?.st_uid != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to another user"));
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
