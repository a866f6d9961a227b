//! Mounts by descriptor. A source that was opened and checked is what gets mounted: no name is looked up a second time.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use rustix::mount::{FsMountFlags, FsOpenFlags, MountAttrFlags, MoveMountFlags, OpenTreeFlags};

/// Attributes of a mount (`MOUNT_ATTR_*`) and its propagation (`MS_*`), as `mount_setattr(2)` takes them.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attributes {
    /// Bits to set.
    pub set: u64,
    /// Bits to clear.
    pub clear: u64,
    /// `MS_PRIVATE`, `MS_SLAVE`, `MS_SHARED`, `MS_UNBINDABLE`, or 0 to leave it.
    pub propagation: u64,
    userns: u64,
}

impl Attributes {
    /// Read-only.
    pub const READ_ONLY: u64 = libc::MOUNT_ATTR_RDONLY;
    /// Set-user-id bits have no effect.
    pub const NO_SUID: u64 = libc::MOUNT_ATTR_NOSUID;
    /// Device nodes cannot be opened.
    pub const NO_DEV: u64 = libc::MOUNT_ATTR_NODEV;
    /// Nothing can be executed.
    pub const NO_EXEC: u64 = libc::MOUNT_ATTR_NOEXEC;
    /// All the access time modes, to be cleared before one is set.
    pub const ACCESS_TIMES: u64 = libc::MOUNT_ATTR__ATIME;
    /// Access times are not kept.
    pub const NO_ACCESS_TIME: u64 = libc::MOUNT_ATTR_NOATIME;
    /// Access times are always kept.
    pub const STRICT_ACCESS_TIME: u64 = libc::MOUNT_ATTR_STRICTATIME;
    /// Access times of directories are not kept.
    pub const NO_DIRECTORY_ACCESS_TIME: u64 = libc::MOUNT_ATTR_NODIRATIME;
    /// Symbolic links are not followed.
    pub const NO_SYMLINKS: u64 = libc::MOUNT_ATTR_NOSYMFOLLOW;

    /// Sets `bits`.
    pub fn setting(bits: u64) -> Self {
        Self {
            set: bits,
            ..Self::default()
        }
    }

    /// Sets the propagation.
    pub fn propagating(flag: u64) -> Self {
        Self {
            propagation: flag,
            ..Self::default()
        }
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Events neither come in nor go out.
pub const PRIVATE: u64 = libc::MS_PRIVATE;
/// Events come in and do not go out.
pub const SLAVE: u64 = libc::MS_SLAVE;
/// Events come in and go out.
pub const SHARED: u64 = libc::MS_SHARED;
/// As private, and it cannot be bind mounted.
pub const UNBINDABLE: u64 = libc::MS_UNBINDABLE;

/// A detached copy of the mount that `source` is in, rooted at `source`; with everything mounted below if `recursive`.
pub fn clone_tree(source: impl AsFd, recursive: bool) -> io::Result<OwnedFd> {
    let mut flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_EMPTY_PATH;
    if recursive {
        flags |= OpenTreeFlags::AT_RECURSIVE;
    }
    Ok(rustix::mount::open_tree(source, c"", flags)?)
}

/// Changes the attributes of the mount that `mount` is the root of.
pub fn set_attributes(
    mount: impl AsFd,
    attributes: &Attributes,
    recursive: bool,
) -> io::Result<()> {
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    set_attributes_at(mount.as_fd().as_raw_fd(), c"", flags, attributes)
}

/// Shows the owners of a detached mount's files as a user namespace maps them, and those below if `recursive`: an id of the file system
/// is one inside of the namespace, and whom it is outside of it owns the file (`MOUNT_ATTR_IDMAP` of mount_setattr(2)).
///
/// # Errors
/// `InvalidInput` if the file system cannot be mapped, or is mapped already.
pub fn map_ids(mount: impl AsFd, user_namespace: impl AsFd, recursive: bool) -> io::Result<()> {
    let descriptor = user_namespace.as_fd().as_raw_fd();
    let attributes = Attributes {
        set: libc::MOUNT_ATTR_IDMAP,
        userns: descriptor.unsigned_abs().into(),
        ..Attributes::default()
    };
    set_attributes(mount, &attributes, recursive)
}

/// Changes the propagation of everything mounted in this namespace.
pub fn set_propagation_of_all(propagation: u64) -> io::Result<()> {
    set_attributes_at(
        libc::AT_FDCWD,
        c"/",
        libc::AT_RECURSIVE,
        &Attributes::propagating(propagation),
    )
}

fn set_attributes_at(
    fd: libc::c_int,
    path: &CStr,
    flags: libc::c_int,
    attributes: &Attributes,
) -> io::Result<()> {
    // SAFETY: path ends in NUL; Attributes has the layout of struct mount_attr (four u64) and its size is passed along.
    crate::check(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            fd,
            path.as_ptr(),
            flags,
            &raw const *attributes,
            size_of::<Attributes>(),
        )
    })
    .map(drop)
}

/// Attaches a detached mount over the file or directory that `target` names.
pub fn attach(mount: impl AsFd, target: impl AsFd) -> io::Result<()> {
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(rustix::mount::move_mount(mount, c"", target, c"", flags)?)
}

/// Bind mounts one descriptor on another, with the attributes in force before anybody can see it.
pub fn bind(
    source: impl AsFd,
    target: impl AsFd,
    recursive: bool,
    attributes: &Attributes,
) -> io::Result<()> {
    let tree = clone_tree(source, recursive)?;
    if !attributes.is_empty() {
        set_attributes(&tree, attributes, recursive)?;
    }
    attach(tree, target)
}

/// A new, detached instance of a file system. Parameters are `key=value`, or a bare flag.
pub fn new_filesystem<'a>(
    kind: &str,
    source: &str,
    parameters: impl IntoIterator<Item = &'a str>,
) -> io::Result<OwnedFd> {
    let context = rustix::mount::fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    rustix::mount::fsconfig_set_string(&context, "source", source)?;
    for parameter in parameters {
        match parameter.split_once('=') {
            Some((key, value)) => rustix::mount::fsconfig_set_string(&context, key, value)?,
            None => rustix::mount::fsconfig_set_flag(&context, parameter)?,
        }
    }
    rustix::mount::fsconfig_create(&context)?;
    Ok(rustix::mount::fsmount(
        &context,
        FsMountFlags::FSMOUNT_CLOEXEC,
        MountAttrFlags::empty(),
    )?)
}

/// Detaches what is mounted at `path`, at once for new lookups, really when nobody uses it any more.
pub fn detach(path: &Path) -> io::Result<()> {
    use rustix::mount::UnmountFlags;
    Ok(rustix::mount::unmount(
        path,
        UnmountFlags::DETACH | UnmountFlags::NOFOLLOW,
    )?)
}
