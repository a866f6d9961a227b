//! Being told when the kernel kills for memory.

use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};

use rustix::event::{EventfdFlags, eventfd};
use rustix::fs::inotify;

use crate::cgroup::Cgroup;

/// A descriptor that becomes readable then.
#[derive(Debug)]
pub(crate) struct Watch(OwnedFd);

impl Watch {
    /// Of a container's cgroup; none where it has no memory cgroup. The kills are counted at the end too, so nothing depends on it.
    pub(crate) fn new(cgroup: &Cgroup) -> Option<Self> {
        let directory = cgroup.with("memory")?;
        if cgroup.is_v1() {
            // Documentation/admin-guide/cgroup-v1/memory.rst, "OOM Control"
            let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK).ok()?;
            let control = std::fs::File::open(directory.join("memory.oom_control")).ok()?;
            let line = format!("{} {}", event.as_raw_fd(), control.as_raw_fd());
            let mut file = std::fs::File::options();
            let mut file = file
                .write(true)
                .open(directory.join("cgroup.event_control"))
                .ok()?;
            file.write_all(line.as_bytes()).ok()?;
            Some(Self(event))
        } else {
            let flags = inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK;
            let events = inotify::init(flags).ok()?;
            let file = directory.join("memory.events");
            inotify::add_watch(&events, file, inotify::WatchFlags::MODIFY).ok()?;
            Some(Self(events))
        }
    }

    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Takes what is there to read, so that it becomes readable anew.
    pub(crate) fn clear(&self) {
        let mut room = [0; 1024];
        if let Ok(copy) = self.0.try_clone() {
            drop(std::fs::File::from(copy).read(&mut room));
        }
    }
}
