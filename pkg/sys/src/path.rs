//! Paths that cannot lead where they must not: thin names for the uses of `openat2(2)` that the engine and the launcher have.
//!
//! "In a root" means: as a process sees it whose `/` is that directory. Absolute links and `..` stay inside; links of /proc that jump
//! to other files ("magic links") are refused.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, fstat, mkdirat, openat, openat2};
use rustix::io::Errno;

/// How often a lookup is repeated that the kernel could not finish safely because something was renamed meanwhile.
const RETRIES: usize = 64;

fn open(root: impl AsFd, path: &Path, flags: OFlags, resolve: ResolveFlags) -> io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    for _ in 0..RETRIES {
        match openat2(&root, path, flags | OFlags::CLOEXEC, Mode::empty(), resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
    Err(Errno::AGAIN.into())
}

/// Opens `path` (relative) below `root`; a link or `..` that leads out of it is an error (`EXDEV`).
pub fn open_beneath(root: impl AsFd, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    open(
        root,
        path,
        flags,
        ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS,
    )
}

/// Whether links on the way are followed. Whoever may write to a directory on the way decides where they lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// inside of the root
    Follow,
    /// none: a link on the way, or at its end, is an error (`ELOOP`)
    Refuse,
}

impl Links {
    fn resolution(self) -> ResolveFlags {
        let in_root = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        match self {
            Self::Follow => in_root,
            Self::Refuse => in_root | ResolveFlags::NO_SYMLINKS,
        }
    }
}

/// What `path` names in `root`, as an `O_PATH` descriptor.
pub fn resolve_in_root(root: impl AsFd, path: &Path) -> io::Result<OwnedFd> {
    open_in_root(root, path, OFlags::PATH)
}

/// Opens what `path` names in `root`.
pub fn open_in_root(root: impl AsFd, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    open(root, path, flags, Links::Follow.resolution())
}

/// What an absolute path names, as an `O_PATH` descriptor; any symbolic link in it is an error (`ELOOP`).
pub fn open_nofollow(path: &Path) -> io::Result<OwnedFd> {
    open(
        CWD,
        path,
        OFlags::PATH,
        ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS,
    )
}

/// What an absolute path names, as an `O_PATH` descriptor; ordinary links are followed, magic ones refused.
pub fn open_following(path: &Path) -> io::Result<OwnedFd> {
    open(CWD, path, OFlags::PATH, ResolveFlags::NO_MAGICLINKS)
}

/// The normal components of a path inside a root: `/a/./b/../c` is `a`, `c`. `..` at the root stays there, as it does for a process.
fn components(path: &Path) -> Vec<&OsStr> {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name),
            Component::ParentDir => drop(names.pop()),
            Component::Prefix(_) | Component::RootDir | Component::CurDir => {}
        }
    }
    names
}

/// The directory `path` in `root`, made with all its parents if missing.
///
/// # Errors
/// `ENOTDIR` if something else is in the way, also a link that leads nowhere; see [`Links`].
pub fn mkdir_all_in_root(
    root: impl AsFd,
    path: &Path,
    mode: u32,
    links: Links,
) -> io::Result<OwnedFd> {
    make_all(root, &components(path), mode, links)
}

fn make_all(root: impl AsFd, names: &[&OsStr], mode: u32, links: Links) -> io::Result<OwnedFd> {
    let root = root.as_fd();
    let whole: PathBuf = names.iter().collect();
    let directory = OFlags::PATH | OFlags::DIRECTORY;
    match open(root, &whole, directory, links.resolution()) {
        Err(error) if error.raw_os_error() == Some(Errno::NOENT.raw_os_error()) => {}
        other => return other,
    }
    // Upwards until something exists: most directories lack only their last name.
    let Some((name, parents)) = names.split_last() else {
        return Err(Errno::NOENT.into());
    };
    let parent = make_all(root, parents, mode, links)?;
    match mkdirat(&parent, *name, Mode::from_raw_mode(mode)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    // It was just made, so a link here is an attack or one that leads nowhere: not followed.
    match open(
        &parent,
        Path::new(name),
        directory,
        ResolveFlags::NO_SYMLINKS,
    ) {
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            Err(Errno::NOTDIR.into())
        }
        other => other,
    }
}

/// The file `path` in `root` for mounting on: whatever is there, else a new empty file; parents are made.
///
/// # Errors
/// `EISDIR` if the path names the root itself, `EEXIST` if a link that leads nowhere is there; see [`Links`].
pub fn create_file_in_root(
    root: impl AsFd,
    path: &Path,
    mode: u32,
    links: Links,
) -> io::Result<OwnedFd> {
    let names = components(path);
    let Some((name, parents)) = names.split_last() else {
        return Err(Errno::ISDIR.into());
    };
    let whole: PathBuf = names.iter().collect();
    match open(&root, &whole, OFlags::PATH, links.resolution()) {
        Err(error) if error.raw_os_error() == Some(Errno::NOENT.raw_os_error()) => {}
        other => return other,
    }
    let parent = make_all(&root, parents, 0o755, links)?;
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::WRONLY | OFlags::CLOEXEC;
    Ok(openat(&parent, *name, flags, Mode::from_raw_mode(mode))?)
}

/// The directory in `root` that would hold the last component of `path` (made if missing), and that component.
pub fn parent_in_root(root: impl AsFd, path: &Path) -> io::Result<(OwnedFd, &OsStr)> {
    let names = components(path);
    let Some((name, parents)) = names.split_last() else {
        return Err(Errno::ISDIR.into());
    };
    Ok((make_all(root, parents, 0o755, Links::Follow)?, name))
}

/// Whether a descriptor is of a directory.
pub fn is_directory(fd: impl AsFd) -> io::Result<bool> {
    Ok(FileType::from_raw_mode(fstat(fd)?.st_mode) == FileType::Directory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn root() -> (tempfile::TempDir, OwnedFd) {
        let directory = tempfile::tempdir().unwrap();
        let fd = open_following(directory.path()).unwrap();
        (directory, fd)
    }

    #[test]
    fn links_stay_inside_the_root() {
        let (directory, fd) = root();
        std::fs::create_dir_all(directory.path().join("etc")).unwrap();
        symlink("/etc", directory.path().join("absolute")).unwrap();
        symlink("../../../../etc", directory.path().join("upwards")).unwrap();
        let inside = fstat(resolve_in_root(&fd, Path::new("etc")).unwrap())
            .unwrap()
            .st_ino;
        for path in ["absolute", "upwards", "/absolute", "/../etc"] {
            assert_eq!(
                fstat(resolve_in_root(&fd, Path::new(path)).unwrap())
                    .unwrap()
                    .st_ino,
                inside,
                "{path}"
            );
        }
        mkdir_all_in_root(&fd, Path::new("/absolute/a/b"), 0o755, Links::Follow).unwrap();
        assert!(directory.path().join("etc/a/b").is_dir());
        assert!(open_beneath(&fd, Path::new("absolute"), OFlags::PATH).is_err());
    }

    #[test]
    fn links_that_lead_nowhere_are_not_created_through() {
        let (directory, fd) = root();
        let outside = tempfile::tempdir().unwrap();
        symlink(
            outside.path().join("new"),
            directory.path().join("dangling"),
        )
        .unwrap();
        symlink("loop", directory.path().join("loop")).unwrap();
        assert!(mkdir_all_in_root(&fd, Path::new("dangling"), 0o755, Links::Follow).is_err());
        assert!(mkdir_all_in_root(&fd, Path::new("dangling/x"), 0o755, Links::Follow).is_err());
        assert!(mkdir_all_in_root(&fd, Path::new("loop/x"), 0o755, Links::Follow).is_err());
        assert!(create_file_in_root(&fd, Path::new("dangling"), 0o644, Links::Follow).is_err());
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[test]
    fn files_are_made_with_their_parents() {
        let (directory, fd) = root();
        create_file_in_root(&fd, Path::new("/a/../b/./c"), 0o600, Links::Follow).unwrap();
        assert!(directory.path().join("b/c").is_file());
        assert!(!directory.path().join("a").exists());
        create_file_in_root(&fd, Path::new("/b/c"), 0o600, Links::Follow).unwrap();
        assert!(create_file_in_root(&fd, Path::new("/"), 0o600, Links::Follow).is_err());
    }

    #[test]
    fn open_nofollow_refuses_any_link() {
        let (directory, _) = root();
        symlink(directory.path(), directory.path().join("link")).unwrap();
        assert!(open_nofollow(&directory.path().join("link/x")).is_err());
        assert!(open_nofollow(Path::new("/proc/self/exe")).is_err());
        assert!(open_nofollow(directory.path()).is_ok());
    }
}
