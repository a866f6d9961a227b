//! Descriptors: which are inherited, and files that exist in memory only.

use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsFd, FromRawFd, OwnedFd, RawFd};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};

/// Makes every descriptor from `first` on close at the next `execve(2)`.
pub fn close_on_exec_from(first: u32) -> io::Result<()> {
    close_range(first, u32::MAX, libc::CLOSE_RANGE_CLOEXEC)
}

/// Makes every descriptor above 2 close at the next `execve(2)`, except those in `keep`, which are made to stay open.
pub fn close_on_exec_except(keep: &[RawFd]) -> io::Result<()> {
    close_on_exec_from(3)?;
    for fd in keep {
        keep_on_exec(*fd)?;
    }
    Ok(())
}

/// Closes every descriptor from `first` on, at once. For a child that is about to execute something else and owns none of them.
///
/// # Safety
/// Values that own these descriptors must not be used or dropped afterwards.
pub unsafe fn close_from(first: u32) -> io::Result<()> {
    close_range(first, u32::MAX, 0)
}

fn close_range(first: u32, last: u32, flags: u32) -> io::Result<()> {
    // SAFETY: integers only. With CLOEXEC nothing is closed now; without it the caller of `close_from` vouches.
    crate::check(unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) }).map(drop)
}

/// Lets descriptor number `fd` stay open in the program that is executed next.
pub fn keep_on_exec(fd: RawFd) -> io::Result<()> {
    // SAFETY: clearing a flag of a descriptor number; a number that is not open gives EBADF.
    crate::check(unsafe { libc::fcntl(fd, libc::F_SETFD, 0) }.into()).map(drop)
}

/// Sets or clears close-on-exec.
pub fn set_close_on_exec(fd: impl AsFd, on: bool) -> io::Result<()> {
    let flags = fcntl_getfd(&fd)?;
    Ok(fcntl_setfd(
        &fd,
        if on {
            flags | FdFlags::CLOEXEC
        } else {
            flags - FdFlags::CLOEXEC
        },
    )?)
}

/// The flags of a descriptor number.
///
/// # Errors
/// `EBADF` if the number is not open.
pub fn flags(fd: RawFd) -> io::Result<FdFlags> {
    // SAFETY: reading the flags of a number; EBADF if it is not open.
    let flags = crate::check(unsafe { libc::fcntl(fd, libc::F_GETFD) }.into())?;
    Ok(FdFlags::from_bits_truncate(flags as u32))
}

/// Takes ownership of a descriptor that the process inherited by number (a command-line or environment contract).
///
/// # Errors
/// `EBADF` if the number is not open, `InvalidInput` for 0, 1 and 2, which belong to the standard streams.
///
/// # Safety
/// Nothing else in the process may own the number: call this once for each, before anything else is opened.
pub unsafe fn take_inherited(fd: RawFd) -> io::Result<OwnedFd> {
    if fd <= 2 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a standard stream is not an inherited descriptor",
        ));
    }
    // SAFETY: reading the flags of a number; EBADF if it is not open.
    crate::check(unsafe { libc::fcntl(fd, libc::F_GETFD) }.into())?;
    // SAFETY: open, and the caller vouches that it has no other owner.
    let owned = unsafe { OwnedFd::from_raw_fd(fd) };
    set_close_on_exec(&owned, true)?;
    Ok(owned)
}

/// A descriptor of our own for what the caller handed over under a number (`--bind-fd=N` and the like). The number itself stays
/// open until the next `execve(2)` and not longer.
///
/// What this program opens closes on exec and what is inherited does not, which is how the two are told apart: a number that the
/// caller left closed never names one of our own descriptors.
///
/// # Errors
/// `EBADF` if the number is not open, is our own, or was asked for before; `InvalidInput` for 0, 1 and 2.
pub fn inherited(fd: RawFd) -> io::Result<OwnedFd> {
    if fd <= 2 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a standard stream is not an inherited descriptor",
        ));
    }
    // SAFETY: reading the flags of a number; EBADF if it is not open.
    let flags = crate::check(unsafe { libc::fcntl(fd, libc::F_GETFD) }.into())?;
    if flags & libc::c_long::from(libc::FD_CLOEXEC) != 0 {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: makes a new number for what the old one names; the old one keeps its owner, whoever that is.
    let own = crate::check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) }.into())?;
    let own = RawFd::try_from(own).map_err(io::Error::other)?;
    // SAFETY: the kernel has just made this number for us.
    let own = unsafe { OwnedFd::from_raw_fd(own) };
    // SAFETY: sets a flag of a number; what it names is not closed now.
    crate::check(unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) }.into())?;
    Ok(own)
}

/// Takes the descriptor numbers `3 .. 3 + count` that systemd's and the OCI runtimes' conventions hand to a program.
///
/// # Errors
/// As [`take_inherited`].
///
/// # Safety
/// As [`take_inherited`].
pub unsafe fn take_inherited_from_three(count: u32) -> io::Result<Vec<OwnedFd>> {
    // SAFETY: passed on to the caller.
    (3..3 + count as RawFd)
        .map(|fd| unsafe { take_inherited(fd) })
        .collect()
}

/// A memory file with `bytes` that nobody can change or resize any more, positioned at its start.
pub fn sealed_memory(name: &CStr, bytes: &[u8]) -> io::Result<OwnedFd> {
    memory(name, bytes, MemfdFlags::NOEXEC_SEAL).or_else(|error| {
        // Kernels before 6.3 do not know the flag.
        if error.raw_os_error() == Some(libc::EINVAL) {
            memory(name, bytes, MemfdFlags::empty())
        } else {
            Err(error)
        }
    })
}

/// As [`sealed_memory`], but the file can be executed.
///
/// # Errors
/// `EACCES` where `vm.memfd_noexec` is 2.
pub fn sealed_program(name: &CStr, bytes: &[u8]) -> io::Result<OwnedFd> {
    memory(name, bytes, MemfdFlags::EXEC).or_else(|error| {
        if error.raw_os_error() == Some(libc::EINVAL) {
            memory(name, bytes, MemfdFlags::empty())
        } else {
            Err(error)
        }
    })
}

fn memory(name: &CStr, bytes: &[u8], flags: MemfdFlags) -> io::Result<OwnedFd> {
    let fd = memfd_create(
        name,
        MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING | flags,
    )?;
    let mut file = File::from(fd);
    file.write_all(bytes)?;
    file.rewind()?;
    fcntl_add_seals(
        &file,
        SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE,
    )?;
    Ok(file.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::fd::AsRawFd;

    #[test]
    fn sealed_memory_cannot_be_written() {
        let fd = sealed_memory(c"test", b"abc").unwrap();
        let mut file = File::from(fd);
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
        assert_eq!(
            file.write(b"x").unwrap_err().raw_os_error(),
            Some(libc::EPERM)
        );
    }

    #[test]
    fn standard_streams_and_closed_numbers_are_not_taken() {
        // SAFETY: neither number is taken: one is refused, the other is not open.
        unsafe {
            assert!(take_inherited(1).is_err());
            assert_eq!(
                take_inherited(987_654).unwrap_err().raw_os_error(),
                Some(libc::EBADF)
            );
        }
    }

    #[test]
    fn a_number_is_inherited_once_and_never_if_it_is_our_own() {
        let file = tempfile::tempfile().unwrap();
        let number = file.as_raw_fd();
        assert!(inherited(number).is_err(), "our own closes on exec");
        keep_on_exec(number).unwrap();
        assert_ne!(inherited(number).unwrap().as_raw_fd(), number);
        assert!(inherited(number).is_err(), "a second time");
        assert!(inherited(1).is_err() && inherited(987_654).is_err());
    }

    #[test]
    fn close_on_exec_can_be_switched() {
        let file = tempfile::tempfile().unwrap();
        set_close_on_exec(&file, false).unwrap();
        assert!(!fcntl_getfd(&file).unwrap().contains(FdFlags::CLOEXEC));
        set_close_on_exec(&file, true).unwrap();
        assert!(fcntl_getfd(&file).unwrap().contains(FdFlags::CLOEXEC));
        keep_on_exec(file.as_raw_fd()).unwrap();
        assert!(!fcntl_getfd(&file).unwrap().contains(FdFlags::CLOEXEC));
    }
}
