//! Directories that are opened once, and what is read below them.
//!
//! A name is looked up once and then held by a descriptor, so that nobody can put something else in its
//! place between the check and the mount. Below a pinned directory symlinks are an error, never followed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::Error;

/// A directory, held open (`O_PATH`, close-on-exec), with the path by which it was found.
#[derive(Debug)]
pub struct Pinned {
    fd: OwnedFd,
    path: PathBuf,
}

impl Pinned {
    /// The path by which it was found; for messages and records, not for opening it again.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the descriptor away.
    #[must_use]
    pub fn into_fd(self) -> OwnedFd {
        self.fd
    }

    /// Whether root alone decides what is in this directory. By its path nobody can tell: variables say where
    /// installations are.
    #[must_use]
    pub fn is_roots(&self) -> bool {
        rustix::fs::fstat(&self.fd)
            .is_ok_and(|found| found.st_uid == 0 && found.st_mode & 0o022 == 0)
    }

    /// Opens a directory that the user or the administrator named: links on the way are theirs and are
    /// followed, except those of /proc that jump anywhere.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, Error> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = retry(|| {
            rustix::fs::openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_MAGICLINKS)
        });
        present(fd, path).map(|fd| {
            fd.map(|fd| Self {
                fd,
                path: path.to_owned(),
            })
        })
    }

    /// Opens a directory below this one; no part of `relative` may be a link.
    pub(crate) fn dir(&self, relative: impl AsRef<Path>) -> Result<Option<Self>, Error> {
        let relative = relative.as_ref();
        let path = self.path.join(relative);
        let fd = self.open_below(relative, OFlags::PATH | OFlags::DIRECTORY);
        match present(fd, &path)? {
            Some(fd) => Ok(Some(Self { fd, path })),
            None => Ok(None),
        }
    }

    /// Opens a regular file below this one for reading.
    pub(crate) fn file(&self, relative: impl AsRef<Path>) -> Result<Option<File>, Error> {
        let relative = relative.as_ref();
        let path = self.path.join(relative);
        // a fifo must not hold the program up, and a terminal must not become its own
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let Some(fd) = present(self.open_below(relative, flags), &path)? else {
            return Ok(None);
        };
        let stat = rustix::fs::fstat(&fd).map_err(|e| Error::io("look at", &path, e))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Error::damaged(path, "is not a regular file"));
        }
        Ok(Some(File::from(fd)))
    }

    /// Reads a whole file of `limit` bytes at most.
    pub(crate) fn read(
        &self,
        relative: impl AsRef<Path>,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(bytes) = self.read_start(relative.as_ref(), limit + 1)? else {
            return Ok(None);
        };
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
            return Err(Error::TooLarge {
                path: self.path.join(relative),
                limit,
            });
        }
        Ok(Some(bytes))
    }

    /// Reads the first `length` bytes of a file, or all of a shorter one.
    pub(crate) fn read_start(
        &self,
        relative: impl AsRef<Path>,
        length: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(file) = self.file(relative.as_ref())? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        file.take(length)
            .read_to_end(&mut bytes)
            .map_err(|e| Error::io("read", self.path.join(relative), e))?;
        Ok(Some(bytes))
    }

    /// The text of a link in this directory.
    pub(crate) fn link(&self, name: impl AsRef<OsStr>) -> Result<Option<OsString>, Error> {
        let path = self.path.join(name.as_ref());
        match rustix::fs::readlinkat(&self.fd, name.as_ref(), Vec::new()) {
            Ok(target) => Ok(Some(OsString::from_vec(target.into_bytes()))),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::INVAL) => Err(Error::damaged(path, "is not a symlink")),
            Err(e) => Err(Error::io("read", path, e)),
        }
    }

    /// The names in this directory, sorted; those that are not text are of no interest.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let fail = |e: Errno| Error::io("list", &self.path, e);
        let fd = self
            .open_below(Path::new("."), OFlags::RDONLY | OFlags::DIRECTORY)
            .map_err(fail)?;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::new(fd).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            if let Ok(name) = entry.file_name().to_str()
                && !matches!(name, "." | "..")
            {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Whether both are the same directory.
    pub(crate) fn is_same(&self, other: &Self) -> Result<bool, Error> {
        let stat =
            |of: &Self| rustix::fs::fstat(&of.fd).map_err(|e| Error::io("look at", &of.path, e));
        let (a, b) = (stat(self)?, stat(other)?);
        Ok((a.st_dev, a.st_ino) == (b.st_dev, b.st_ino))
    }

    fn open_below(&self, relative: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
        // without O_NOFOLLOW: with O_PATH it would open a last link instead of saying ELOOP
        let flags = flags | OFlags::CLOEXEC;
        let resolve =
            ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        retry(|| rustix::fs::openat2(&self.fd, relative, flags, Mode::empty(), resolve))
    }
}

impl AsFd for Pinned {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// openat2 asks to be called again when a rename races with it.
fn retry(call: impl Fn() -> Result<OwnedFd, Errno>) -> Result<OwnedFd, Errno> {
    for _ in 0..32 {
        match call() {
            Err(Errno::AGAIN | Errno::INTR) => {}
            other => return other,
        }
    }
    call()
}

/// Tells absence from the errors that matter.
fn present(opened: Result<OwnedFd, Errno>, path: &Path) -> Result<Option<OwnedFd>, Error> {
    match opened {
        Ok(fd) => Ok(Some(fd)),
        Err(Errno::NOENT) => Ok(None),
        Err(Errno::LOOP) => Err(Error::Symlink {
            path: path.to_owned(),
        }),
        Err(Errno::NOTDIR) => Err(Error::damaged(path, "is not a directory")),
        // a socket, or a device without a driver
        Err(Errno::NXIO | Errno::NODEV) => Err(Error::damaged(path, "is not a regular file")),
        Err(e) => Err(Error::io("open", path, io::Error::from(e))),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn tree() -> (tempfile::TempDir, Pinned) {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir_all(top.path().join("a/b")).unwrap();
        fs::write(top.path().join("a/file"), "text").unwrap();
        symlink("a", top.path().join("link")).unwrap();
        symlink("file", top.path().join("a/file-link")).unwrap();
        let pinned = Pinned::open(top.path()).unwrap().unwrap();
        (top, pinned)
    }

    #[test]
    fn directories_below_are_opened_without_following_any_link() {
        let (_top, pinned) = tree();
        assert!(pinned.dir("a/b").unwrap().is_some());
        assert!(pinned.dir("a/none").unwrap().is_none());
        assert!(matches!(pinned.dir("link"), Err(Error::Symlink { .. })));
        assert!(matches!(pinned.dir("link/b"), Err(Error::Symlink { .. })));
        assert!(matches!(pinned.dir("a/file"), Err(Error::Damaged { .. })));
        assert!(pinned.dir("../").is_err());
    }

    #[test]
    fn only_regular_files_of_a_sane_size_are_read() {
        let (top, pinned) = tree();
        assert_eq!(pinned.read("a/file", 4).unwrap().unwrap(), b"text");
        assert!(matches!(
            pinned.read("a/file", 3),
            Err(Error::TooLarge { .. })
        ));
        assert!(matches!(
            pinned.read("a/file-link", 9),
            Err(Error::Symlink { .. })
        ));
        assert!(matches!(pinned.read("a/b", 9), Err(Error::Damaged { .. })));
        let _listener =
            std::os::unix::net::UnixListener::bind(top.path().join("a/socket")).unwrap();
        assert!(matches!(
            pinned.read("a/socket", 9),
            Err(Error::Damaged { .. })
        ));
        assert_eq!(pinned.read("a/none", 9).unwrap(), None);
    }

    #[test]
    fn a_fifo_is_refused_and_does_not_block() {
        let (top, pinned) = tree();
        let fifo = top.path().join("a/fifo");
        rustix::fs::mkfifoat(CWD, &fifo, Mode::RUSR | Mode::WUSR).unwrap();
        assert!(matches!(
            pinned.read("a/fifo", 9),
            Err(Error::Damaged { .. })
        ));
    }

    #[test]
    fn the_descriptor_stays_with_the_directory_when_the_name_moves_on() {
        let (top, pinned) = tree();
        let held = pinned.dir("a").unwrap().unwrap();
        fs::rename(top.path().join("a"), top.path().join("old")).unwrap();
        fs::create_dir(top.path().join("a")).unwrap();
        assert_eq!(held.read("file", 9).unwrap().unwrap(), b"text");
        assert!(!held.is_same(&pinned.dir("a").unwrap().unwrap()).unwrap());
    }
}
