//! Installing a ready seccomp filter.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

/// Size of one `struct sock_filter`, in bytes.
pub const INSTRUCTION: usize = 8;

/// The flag of a filter that leaves some calls to another process.
pub const NEW_LISTENER: u32 = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER as u32;

/// Installs a program of `struct sock_filter` in the kernel's byte order for this thread, for ever.
///
/// `flags` are `SECCOMP_FILTER_FLAG_*`; with [`NEW_LISTENER`] the result is the descriptor for whoever decides.
///
/// # Errors
/// `InvalidInput` if the program is empty, longer than the kernel's 4096 instructions, or not a whole number of them; `EACCES` without
/// `no_new_privs` or CAP_SYS_ADMIN; `EINVAL` if the kernel does not accept it.
pub fn install(program: &[u8], flags: u32) -> io::Result<Option<OwnedFd>> {
    let count = program.len() / INSTRUCTION;
    if !program.len().is_multiple_of(INSTRUCTION) || count == 0 || count > 4096 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{} bytes are not a seccomp program", program.len()),
        ));
    }
    let instructions: Vec<libc::sock_filter> = program
        .chunks_exact(INSTRUCTION)
        .map(|bytes| libc::sock_filter {
            code: u16::from_ne_bytes([bytes[0], bytes[1]]),
            jt: bytes[2],
            jf: bytes[3],
            k: u32::from_ne_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
        })
        .collect();
    let program = libc::sock_fprog {
        len: count as u16,
        filter: instructions.as_ptr().cast_mut(),
    };
    // SAFETY: `len` is the number of instructions at `filter`; the kernel copies them and verifies the program.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            flags,
            &raw const program,
        )
    };
    match crate::check(result)? {
        // SAFETY: with this flag the kernel returns a new descriptor that nobody else owns.
        fd if flags & NEW_LISTENER != 0 => Ok(Some(unsafe { OwnedFd::from_raw_fd(fd as i32) })),
        0 => Ok(None),
        // With TSYNC the number of a thread that could not be synchronised.
        thread => Err(io::Error::other(format!(
            "thread {thread} could not be given the seccomp filter"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_program_is_refused() {
        for program in [&[][..], &[0; 7], &[0; 8 * 4097]] {
            assert_eq!(
                install(program, 0).unwrap_err().kind(),
                io::ErrorKind::InvalidInput
            );
        }
    }
}
