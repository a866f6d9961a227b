//! Being woken when something may have happened, instead of looking all the time.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
use rustix::io::Errno;

/// One inotify descriptor; see inotify(7). The kernel tells of changes of a v2 cgroup's `*.events` files in the same way.
#[derive(Debug)]
pub(super) struct Watch(OwnedFd);

impl Watch {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?))
    }

    /// What comes into a directory and leaves it.
    pub(super) fn directory(&self, path: &Path) -> io::Result<()> {
        let flags = WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVED_TO
            | WatchFlags::MODIFY
            | WatchFlags::ONLYDIR
            | WatchFlags::DONT_FOLLOW;
        add_watch(&self.0, path, flags)?;
        Ok(())
    }

    /// A file that changes.
    pub(super) fn file(&self, path: &Path) -> io::Result<()> {
        add_watch(&self.0, path, WatchFlags::MODIFY)?;
        Ok(())
    }

    /// Waits for a change, or for as long as that. What changed is not told: whoever waits looks at everything.
    pub(super) fn wait(&self, at_most: Duration) -> io::Result<()> {
        let timeout = Timespec::try_from(at_most).map_err(|_| Errno::INVAL)?;
        match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut room = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(&self.0, &mut room);
        loop {
            match reader.next() {
                Ok(_) => {}
                Err(Errno::AGAIN | Errno::INTR) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}
