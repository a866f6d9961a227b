//! Signals: blocking them, reading them from a descriptor, telling who sent one.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// A set of signals.
#[derive(Debug, Clone, Copy)]
pub struct Set(libc::sigset_t);

impl Set {
    /// Every signal.
    pub fn all() -> Self {
        let mut set = std::mem::MaybeUninit::uninit();
        // SAFETY: sigfillset initialises the set.
        Self(unsafe {
            libc::sigfillset(set.as_mut_ptr());
            set.assume_init()
        })
    }

    /// These signals, by number.
    pub fn of(signals: &[i32]) -> Self {
        let mut set = std::mem::MaybeUninit::uninit();
        // SAFETY: sigemptyset initialises the set; sigaddset refuses numbers that are no signal.
        Self(unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            let mut set = set.assume_init();
            for signal in signals {
                libc::sigaddset(&raw mut set, *signal);
            }
            set
        })
    }
}

/// Blocks `set` in addition; returns the mask from before, for [`restore`].
pub fn block(set: &Set) -> io::Result<Set> {
    let mut old = std::mem::MaybeUninit::uninit();
    // SAFETY: both sets outlive the call; the kernel fills `old`.
    let result = unsafe { libc::sigprocmask(libc::SIG_BLOCK, &raw const set.0, old.as_mut_ptr()) };
    crate::check(result.into())?;
    // SAFETY: filled by the successful call.
    Ok(Set(unsafe { old.assume_init() }))
}

/// Sets the mask to exactly `set`.
pub fn restore(set: &Set) -> io::Result<()> {
    // SAFETY: the set outlives the call.
    crate::check(
        unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const set.0, std::ptr::null_mut()) }
            .into(),
    )
    .map(drop)
}

/// No signal blocked, every signal at its default action: what a program expects to start with. Rust's runtime ignores SIGPIPE, which
/// would be inherited.
pub fn reset_for_exec() -> io::Result<()> {
    for signal in 1..=libc::SIGRTMAX() {
        // SAFETY: the default action runs no code of ours; SIGKILL, SIGSTOP and the C library's own are refused, which is fine.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    restore(&Set::of(&[]))
}

/// One signal that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Its number.
    pub signal: i32,
    /// `si_code`.
    pub code: i32,
    /// The sender's process number, 0 if the kernel made it or the sender is in an outer pid namespace.
    pub pid: u32,
}

impl Received {
    /// Whether the kernel made it for the whole foreground process group (a terminal's key), so that it need not be passed on.
    pub fn from_terminal(&self) -> bool {
        self.code == libc::SI_KERNEL
    }
}

/// A descriptor from which blocked signals are read.
#[derive(Debug)]
pub struct Descriptor(OwnedFd);

impl Descriptor {
    /// For `set`, which the caller has blocked. Reading does not wait.
    pub fn new(set: &Set) -> io::Result<Self> {
        // SAFETY: the set outlives the call.
        let fd = crate::check(
            unsafe { libc::signalfd(-1, &raw const set.0, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) }
                .into(),
        )?;
        // SAFETY: a new descriptor that nobody else owns.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd as i32) }))
    }

    /// The next signal, or `None` if there is none now.
    pub fn read(&self) -> io::Result<Option<Received>> {
        // SAFETY: signalfd_siginfo is a struct of integers, for which all zero is valid.
        let mut info: libc::signalfd_siginfo = unsafe { std::mem::zeroed() };
        // SAFETY: the buffer has the given size and outlives the call.
        let result = unsafe {
            libc::read(
                self.0.as_raw_fd(),
                (&raw mut info).cast(),
                size_of::<libc::signalfd_siginfo>(),
            )
        };
        match crate::check(result as libc::c_long) {
            Ok(_) => Ok(Some(Received {
                signal: info.ssi_signo as i32,
                code: info.ssi_code,
                pid: info.ssi_pid,
            })),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl std::os::fd::AsFd for Descriptor {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.0.as_fd()
    }
}
