//! /dev: the nodes and links that every container has, and those that the spec adds.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use flatrack_sys::mount::{Attributes, bind};
use flatrack_sys::path::{Links, create_file_in_root, open_following, parent_in_root};
use libcontainer::rootfs::utils::default_devices;
use oci_spec::runtime::{LinuxDevice, LinuxDeviceType};
use rustix::fs::{
    AtFlags, FileType, Gid, Mode, Uid, chownat, fstat, makedev, mknodat, openat2, symlinkat,
};
use rustix::fs::{OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::failure::{At, SetupFailure, Step};

/// Links that programs expect.
const LINKS: &[(&str, &str)] = &[
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
    ("/dev/ptmx", "pts/ptmx"),
];

/// Makes the standard nodes and links and the spec's own nodes.
///
/// `make_nodes` is whether this process may make device nodes; otherwise the host's are bound.
pub(super) fn set_up(
    root: &OwnedFd,
    devices: &[LinuxDevice],
    make_nodes: bool,
) -> Result<(), SetupFailure> {
    let standard = default_devices();
    let missing = standard
        .iter()
        .filter(|device| !devices.iter().any(|own| own.path() == device.path()));
    for device in missing.chain(devices) {
        node(root, device, make_nodes).at(Step::Device, || device.path().display().to_string())?;
    }
    for (path, target) in LINKS {
        link(root, Path::new(path), target).at(Step::Device, || (*path).to_owned())?;
    }
    Ok(())
}

/// What is there already stays, a link or whatever the image has: it is inside the container either way.
fn link(root: &OwnedFd, path: &Path, target: &str) -> io::Result<()> {
    let (parent, name) = parent_in_root(root, path)?;
    match symlinkat(target, &parent, name) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn node(root: &OwnedFd, device: &LinuxDevice, make_nodes: bool) -> io::Result<()> {
    if !device.path().is_absolute() {
        return Err(io::Error::other("a device needs an absolute path"));
    }
    if make_nodes {
        match make(root, device) {
            // A file system or a device rule that does not allow nodes.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            other => return other,
        }
    }
    bind_from_host(root, device)
}

fn make(root: &OwnedFd, device: &LinuxDevice) -> io::Result<()> {
    let kind = file_type(device);
    let number = match kind {
        FileType::Fifo => 0,
        _ => makedev(device.major() as u32, device.minor() as u32),
    };
    let (parent, name) = parent_in_root(root, device.path())?;
    let mode = Mode::from_raw_mode(device.file_mode().unwrap_or(0o666) & 0o7777);
    match mknodat(&parent, name, kind, mode, number) {
        Ok(()) => {
            rustix::fs::chmodat(&parent, name, mode, AtFlags::empty())?;
            let (user, group) = (
                device.uid().map(Uid::from_raw),
                device.gid().map(Gid::from_raw),
            );
            if user.is_some() || group.is_some() {
                chownat(&parent, name, user, group, AtFlags::SYMLINK_NOFOLLOW)?;
            }
            Ok(())
        }
        Err(Errno::EXIST) => {
            // The image's own node is as good, anything else would be a fake.
            let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let there = openat2(
                &parent,
                Path::new(name),
                flags,
                Mode::empty(),
                ResolveFlags::NO_SYMLINKS,
            )?;
            let facts = fstat(there)?;
            if FileType::from_raw_mode(facts.st_mode) == kind && facts.st_rdev == number {
                Ok(())
            } else {
                Err(io::Error::other("something else is there"))
            }
        }
        Err(error) => Err(error.into()),
    }
}

fn bind_from_host(root: &OwnedFd, device: &LinuxDevice) -> io::Result<()> {
    let host = host_node(device.path())?;
    let facts = fstat(&host)?;
    let kind = file_type(device);
    let number = makedev(device.major() as u32, device.minor() as u32);
    if FileType::from_raw_mode(facts.st_mode) != kind
        || (kind != FileType::Fifo && facts.st_rdev != number)
    {
        return Err(io::Error::other("the host has something else there"));
    }
    let target = create_file_in_root(root, device.path(), 0o666, Links::Follow)?;
    bind(
        host,
        target,
        false,
        &Attributes::setting(Attributes::NO_SUID | Attributes::NO_EXEC),
    )
}

/// A node of the host, opened by its path in the mount namespace that is still a copy of the host's.
fn host_node(path: &Path) -> io::Result<OwnedFd> {
    let path: PathBuf = path
        .components()
        .filter(|part| !matches!(part, std::path::Component::ParentDir))
        .collect();
    open_following(&path)
}

/// The host's /dev/null, which is what hides files.
pub(super) fn null() -> io::Result<OwnedFd> {
    let null = open_following(Path::new("/dev/null"))?;
    let facts = fstat(null.as_fd())?;
    if FileType::from_raw_mode(facts.st_mode) == FileType::CharacterDevice
        && facts.st_rdev == makedev(1, 3)
    {
        Ok(null)
    } else {
        Err(io::Error::other("/dev/null is not the null device"))
    }
}

fn file_type(device: &LinuxDevice) -> FileType {
    match device.typ() {
        LinuxDeviceType::B => FileType::BlockDevice,
        LinuxDeviceType::P => FileType::Fifo,
        LinuxDeviceType::C | LinuxDeviceType::U | LinuxDeviceType::A => FileType::CharacterDevice,
    }
}
