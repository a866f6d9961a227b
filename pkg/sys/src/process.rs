//! Processes by descriptor, and what a process can say about itself.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::process::{
    DumpableBehavior, Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, WaitIdStatus,
};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(u8),
    /// By this signal.
    Signal(i32),
}

impl Exit {
    /// The code a shell would report: 128 + signal.
    pub fn code(self) -> u8 {
        match self {
            Self::Code(code) => code,
            Self::Signal(signal) => 128u8.saturating_add(signal as u8),
        }
    }

    fn from_status(status: &WaitIdStatus) -> Option<Self> {
        status
            .exit_status()
            .map(|code| Self::Code(code as u8))
            .or_else(|| status.terminating_signal().map(Self::Signal))
    }
}

/// Names a running process by a descriptor.
pub fn pidfd_open(pid: Pid) -> io::Result<OwnedFd> {
    Ok(rustix::process::pidfd_open(pid, PidfdFlags::empty())?)
}

/// Sends signal `number` (real-time ones too, 0 only asks).
///
/// # Errors
/// `ESRCH` if the process has ended.
pub fn pidfd_send_signal(pidfd: impl AsFd, number: i32) -> io::Result<()> {
    let fd = pidfd.as_fd().as_raw_fd();
    // SAFETY: integers and a null info.
    crate::check(unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            fd,
            number,
            std::ptr::null::<libc::siginfo_t>(),
            0,
        )
    })
    .map(drop)
}

/// Waits for a child to end and reaps it.
pub fn wait(pidfd: impl AsFd) -> io::Result<Exit> {
    loop {
        match rustix::process::waitid(WaitId::PidFd(pidfd.as_fd()), WaitIdOptions::EXITED) {
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(status) => {
                if let Some(exit) = status.as_ref().and_then(Exit::from_status) {
                    return Ok(exit);
                }
            }
        }
    }
}

/// As [`wait`], but `None` if the child still runs.
pub fn try_wait(pidfd: impl AsFd) -> io::Result<Option<Exit>> {
    let status = rustix::process::waitid(
        WaitId::PidFd(pidfd.as_fd()),
        WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
    )?;
    Ok(status.as_ref().and_then(Exit::from_status))
}

/// Whether the process, a child or not, has ended; waits at most `milliseconds`.
pub fn has_ended(pidfd: impl AsFd, milliseconds: u32) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let timeout = Timespec {
        tv_sec: i64::from(milliseconds / 1000),
        tv_nsec: i64::from(milliseconds % 1000) * 1_000_000,
    };
    let mut set = [PollFd::new(&pidfd, PollFlags::IN)];
    match poll(&mut set, Some(&timeout)) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// When a process started, in clock ticks since boot: with its number it names one process for ever.
///
/// # Errors
/// `NotFound` if there is none, `InvalidData` if /proc says something else than is documented. A zombie counts as existing.
pub fn start_time(pid: Pid) -> io::Result<u64> {
    stat_field(pid, 22)
}

/// The state letter of a process (`R`, `S`, `D`, `T`, `Z`, …) and its start time, from one reading of its `stat`.
pub fn state_and_start_time(pid: Pid) -> io::Result<(char, u64)> {
    let text = stat(pid)?;
    let state = field(&text, 3).and_then(|field| field.chars().next());
    let start = field(&text, 22).and_then(|field| field.parse().ok());
    state
        .zip(start)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The kernel's flags of a process (`PF_*`), zombies included.
pub fn flags(pid: Pid) -> io::Result<u64> {
    stat_field(pid, 9)
}

fn stat(pid: Pid) -> io::Result<String> {
    let bytes = std::fs::read(format!("/proc/{pid}/stat"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn stat_field(pid: Pid, number: usize) -> io::Result<u64> {
    field(&stat(pid)?, number)
        .and_then(|field| field.parse().ok())
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Field `number` (from 3 on, as proc(5) counts) of a `stat` line; the command's name before it may hold blanks and parentheses.
fn field(line: &str, number: usize) -> Option<&str> {
    line.rsplit_once(") ")?
        .1
        .split_ascii_whitespace()
        .nth(number.checked_sub(3)?)
}

/// Whether other processes of the same user may trace this one and look into its memory.
pub fn set_dumpable(on: bool) -> io::Result<()> {
    let behaviour = if on {
        DumpableBehavior::Dumpable
    } else {
        DumpableBehavior::NotDumpable
    };
    Ok(rustix::process::set_dumpable_behavior(behaviour)?)
}

/// Sets `no_new_privs` and reads it back.
pub fn set_no_new_privs() -> io::Result<()> {
    rustix::thread::set_no_new_privs(true)?;
    if rustix::thread::no_new_privs()? {
        Ok(())
    } else {
        Err(io::Error::other("no_new_privs did not stay set"))
    }
}

/// Has the kernel kill this process when its parent ends; `false` takes that back. Changing user ids takes it back too.
pub fn die_with_parent(on: bool) -> io::Result<()> {
    Ok(rustix::process::set_parent_process_death_signal(
        on.then_some(Signal::KILL),
    )?)
}

/// Makes this process the parent of descendants whose own parent ends.
pub fn become_subreaper() -> io::Result<()> {
    // SAFETY: integers only.
    crate::check(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }.into()).map(drop)
}

/// Moves this process into namespaces: `fd` is a namespace file, or a pidfd together with the kinds to take from that process.
pub fn set_namespace(fd: impl AsFd, kinds: u64) -> io::Result<()> {
    // SAFETY: integers only.
    crate::check(unsafe { libc::setns(fd.as_fd().as_raw_fd(), kinds as i32) }.into()).map(drop)
}

/// Gives this process namespaces of its own; descriptors and memory stay shared as they are.
pub fn unshare(kinds: u64) -> io::Result<()> {
    // SAFETY: integers only; CLONE_FILES, the one kind that changes what descriptors mean, only makes a copy of them.
    crate::check(unsafe { libc::unshare(kinds as i32) }.into()).map(drop)
}

/// Which kind of namespace an open file names, as its `CLONE_NEW*` number.
///
/// # Errors
/// `ENOTTY` if it is not a namespace.
pub fn namespace_kind(file: impl AsFd) -> io::Result<u64> {
    const NS_GET_NSTYPE: libc::Ioctl = 0xb703;
    // SAFETY: the request takes no argument.
    let kind = unsafe { libc::ioctl(file.as_fd().as_raw_fd(), NS_GET_NSTYPE) };
    Ok(crate::check(kind.into())? as u64)
}

/// Gives this process a session keyring of its own, so that the caller's keys cannot be reached through it. A kernel without keyrings
/// is fine.
pub fn private_keyring() -> io::Result<()> {
    const KEYCTL_JOIN_SESSION_KEYRING: libc::c_int = 1;
    // SAFETY: a null name asks for an anonymous keyring.
    let result = crate::check(unsafe {
        libc::syscall(
            libc::SYS_keyctl,
            KEYCTL_JOIN_SESSION_KEYRING,
            std::ptr::null::<libc::c_char>(),
        )
    });
    match result {
        Err(error) if error.raw_os_error() == Some(libc::ENOSYS) => Ok(()),
        other => other.map(drop),
    }
}

/// Sets the execution domain (`PER_*`).
pub fn set_personality(domain: u64) -> io::Result<()> {
    // SAFETY: an integer only.
    crate::check(unsafe { libc::personality(domain) }.into()).map(drop)
}

/// Ends this process at once, without running exit handlers that belong to the program it was cloned from.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: does not return and touches no memory.
    unsafe { libc::_exit(code) }
}

/// Strings for `execve(2)`: an array of pointers that ends in a null pointer.
struct Vector<'a> {
    pointers: Vec<*const libc::c_char>,
    _strings: &'a [CString],
}

impl<'a> Vector<'a> {
    fn new(strings: &'a [CString]) -> Self {
        let pointers = strings
            .iter()
            .map(|text| text.as_ptr())
            .chain([std::ptr::null()])
            .collect();
        Self {
            pointers,
            _strings: strings,
        }
    }
}

/// Replaces this process by the program at `path`; returns only on failure.
pub fn execute(path: &CStr, arguments: &[CString], environment: &[CString]) -> io::Error {
    let (arguments, environment) = (Vector::new(arguments), Vector::new(environment));
    // SAFETY: path ends in NUL, both arrays end in a null pointer, all outlive the call.
    unsafe {
        libc::execve(
            path.as_ptr(),
            arguments.pointers.as_ptr(),
            environment.pointers.as_ptr(),
        )
    };
    io::Error::last_os_error()
}

/// Replaces this process by the program in an open file, such as a sealed memory file; returns only on failure.
pub fn execute_file(file: impl AsFd, arguments: &[CString], environment: &[CString]) -> io::Error {
    let (arguments, environment) = (Vector::new(arguments), Vector::new(environment));
    let (fd, flags) = (file.as_fd().as_raw_fd(), libc::AT_EMPTY_PATH);
    // SAFETY: the empty path ends in NUL, both arrays end in a null pointer, all outlive the call.
    unsafe {
        libc::syscall(
            libc::SYS_execveat,
            fd,
            c"".as_ptr(),
            arguments.pointers.as_ptr(),
            environment.pointers.as_ptr(),
            flags,
        )
    };
    io::Error::last_os_error()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_name_with_blanks_does_not_shift_fields() {
        let line = "12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987 20";
        assert_eq!(field(line, 3), Some("S"));
        assert_eq!(field(line, 22), Some("987"));
        assert_eq!(field(line, 2), None);
    }

    #[test]
    fn start_time_is_stable_and_absent_processes_are_not_found() {
        let me = rustix::process::getpid();
        assert_eq!(start_time(me).unwrap(), start_time(me).unwrap());
        assert_eq!(
            start_time(Pid::from_raw(i32::MAX).unwrap())
                .unwrap_err()
                .kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn exits_are_told_apart() {
        for (command, expected) in [
            ("exit 3", Exit::Code(3)),
            ("kill -TERM $$", Exit::Signal(15)),
        ] {
            #[expect(clippy::zombie_processes, reason = "waited for by its pidfd")]
            let child = std::process::Command::new("sh")
                .args(["-c", command])
                .spawn()
                .unwrap();
            let pidfd = pidfd_open(Pid::from_raw(child.id() as i32).unwrap()).unwrap();
            assert!(has_ended(&pidfd, 5000).unwrap());
            assert_eq!(wait(&pidfd).unwrap(), expected);
        }
    }
}
