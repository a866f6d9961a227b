//! Keeping a deploy from being deleted while something runs from it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;
use rustix::io::{Errno, FdFlags};

use crate::{Deploy, Error};

/// A shared lock on a deploy's `files/.ref`. While it is held, Flatpak retires the deploy on an update
/// but does not delete it.
///
/// It is a POSIX record lock (fcntl), as Flatpak's own are, and these belong to a *process*, not to a
/// descriptor:
///
/// - It lasts as long as this process, also across execve, if the descriptor stays open; see
///   [`keep_across_exec`](Self::keep_across_exec). Before Linux 5.11 an execve in a process that has
///   other threads loses it.
/// - Closing *any* descriptor of the same file in this process drops it, also one that was opened by
///   something else. So a deploy is locked once per process and its `.ref` is opened by nobody else.
///   (Descriptors opened with `O_PATH` do not count.)
/// - A child does not inherit it. The lock is to be taken by the process that lives as long as the
///   sandbox does, and a descriptor that reaches a child neither holds nor, when closed there, drops it.
#[derive(Debug)]
#[must_use = "the lock is dropped with this value"]
pub struct DeployLock {
    fd: OwnedFd,
    path: PathBuf,
}

impl DeployLock {
    /// Leaves the descriptor open in the program that this process executes next, and with it the lock.
    ///
    /// # Errors
    /// If the kernel refuses.
    pub fn keep_across_exec(&self) -> Result<(), Error> {
        rustix::io::fcntl_setfd(&self.fd, FdFlags::empty())
            .map_err(|e| Error::io("keep open", &self.path, e))
    }

    /// Hands the descriptor on, to something in *this* process that keeps it open from now on; the lock
    /// goes when it is closed. It is close-on-exec unless [`keep_across_exec`](Self::keep_across_exec)
    /// was called. Sending it to another process does not send the lock.
    #[must_use]
    pub fn into_fd(self) -> OwnedFd {
        self.fd
    }

    /// The locked file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl AsFd for DeployLock {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Deploy {
    /// Locks it against deletion. `None` if it has no lock file, as build directories, unmaintained
    /// extensions and the built-in runtime have none: nothing collects those.
    ///
    /// # Errors
    /// If it was updated or removed since it was opened, or if it is being deleted: a lock on what is
    /// no longer in its place protects nothing.
    pub fn lock(&self) -> Result<Option<DeployLock>, Error> {
        let path = self.files.path().join(".ref");
        let Some(file) = self.files.file(".ref")? else {
            return if self.in_place()? {
                Ok(None)
            } else {
                Err(self.changing())
            };
        };
        match rustix::fs::fcntl_lock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => {}
            Err(Errno::AGAIN | Errno::ACCESS) => return Err(self.changing()),
            Err(e) => return Err(Error::io("lock", path, e)),
        }
        // Flatpak moves a deploy away first and looks for locks after that: a lock that was there while
        // the deploy was in its place has been seen
        if !self.in_place()? {
            return Err(self.changing());
        }
        Ok(Some(DeployLock {
            fd: file.into(),
            path,
        }))
    }

    fn changing(&self) -> Error {
        Error::Changing {
            path: self.dir.path().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
