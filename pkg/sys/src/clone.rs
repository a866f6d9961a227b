//! A child made by one `clone3(2)`: in its new namespaces and in its cgroup from its first instruction.
//!
//! Moving a running process into a cgroup costs about 10 ms (the kernel waits for a grace period); being born there costs nothing.

use std::io;
use std::ops::{BitOr, BitOrAssign};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::Pid;

/// `CLONE_INTO_CGROUP`, which libc has with a type that is too narrow.
const INTO_CGROUP: u64 = 0x2_0000_0000;

/// Which namespaces a child gets anew, and whose child it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u64);

impl Flags {
    /// Nothing new: an ordinary fork.
    pub const NONE: Self = Self(0);
    /// A new mount namespace.
    pub const MOUNT: Self = Self(libc::CLONE_NEWNS as u64);
    /// A new pid namespace, whose process 1 is the child.
    pub const PID: Self = Self(libc::CLONE_NEWPID as u64);
    /// A new network namespace.
    pub const NETWORK: Self = Self(libc::CLONE_NEWNET as u64);
    /// A new System V IPC and POSIX message queue namespace.
    pub const IPC: Self = Self(libc::CLONE_NEWIPC as u64);
    /// A new host name namespace.
    pub const UTS: Self = Self(libc::CLONE_NEWUTS as u64);
    /// A new user namespace.
    pub const USER: Self = Self(libc::CLONE_NEWUSER as u64);
    /// The child's parent is the caller's parent.
    pub const SIBLING: Self = Self(libc::CLONE_PARENT as u64);

    /// Whether all of `other` is set.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kernel's `CLONE_*` bits.
    pub fn bits(self) -> u64 {
        self.0
    }
}

impl BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// A child process; dropping this neither ends nor reaps it.
#[derive(Debug)]
pub struct Child {
    /// Its number in the caller's pid namespace.
    pub pid: Pid,
    /// A descriptor that names this process and never another.
    pub pidfd: OwnedFd,
}

/// Whether the calling process has one thread. Works without /proc.
pub fn single_threaded() -> io::Result<bool> {
    // Asking for a thread group of one's own is refused if there are others in it, and does nothing if not.
    // SAFETY: an integer only; the flag changes nothing.
    let alone = unsafe { libc::unshare(libc::CLONE_THREAD) };
    match crate::check(alone.into()) {
        Ok(_) => Ok(true),
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Runs `child` in a new process and ends it with the code that `child` returns (255 if it panics).
///
/// `cgroup` is a descriptor of a cgroup v2 directory in which the child begins to exist.
///
/// # Errors
/// `Unsupported` if the caller has more than one thread: locks that other threads held would stay locked in the child for ever.
/// Otherwise the error of `clone3(2)`.
pub fn spawn(
    flags: Flags,
    cgroup: Option<BorrowedFd<'_>>,
    child: impl FnOnce() -> i32,
) -> io::Result<Child> {
    if !single_threaded()? {
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "a process with several threads cannot be cloned safely",
        ));
    }
    let mut pidfd: libc::c_int = -1;
    // SAFETY: clone_args is a struct of integers, for which all zero is valid and means "nothing asked for".
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags = flags.bits() | libc::CLONE_PIDFD as u64;
    arguments.pidfd = (&raw mut pidfd) as u64;
    if !flags.contains(Flags::SIBLING) {
        arguments.exit_signal = libc::SIGCHLD as u64;
    }
    if let Some(cgroup) = cgroup {
        arguments.flags |= INTO_CGROUP;
        arguments.cgroup = cgroup.as_raw_fd() as u64;
    }
    // SAFETY: without CLONE_VM and with no stack given this is a fork: the child has a copy of all memory. The process has one thread,
    // so no lock is held by a thread that the child lacks. `pidfd` outlives the call.
    let pid = crate::check(unsafe {
        libc::syscall(
            libc::SYS_clone3,
            &raw const arguments,
            size_of::<libc::clone_args>(),
        )
    })?;
    if pid == 0 {
        let code = catch_unwind(AssertUnwindSafe(child)).unwrap_or(255);
        crate::process::exit_now(code);
    }
    // SAFETY: the kernel stored a new descriptor that nobody else owns.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::from_raw_os_error(libc::ERANGE))?;
    Ok(Child { pid, pidfd })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_threads_is_not_cloned() {
        // The test harness has a thread for this test, and one that waits.
        let (send, receive) = std::sync::mpsc::channel::<()>();
        let other = std::thread::spawn(move || receive.recv().ok());
        assert!(!single_threaded().unwrap());
        assert_eq!(
            spawn(Flags::NONE, None, || 0).unwrap_err().kind(),
            io::ErrorKind::Unsupported
        );
        drop(send);
        other.join().unwrap();
    }
}
