//! The seccomp filter: compiled once, kept on disk, installed as ready bytes by every start and every exec.

mod cache;
mod compile;
mod listener;
mod newer;

use std::io;
use std::path::PathBuf;

pub use cache::cached;
pub use compile::compile;
pub(crate) use listener::Listener;

/// A compiled filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeccompProgram {
    /// `struct sock_filter` instructions in this machine's byte order.
    pub instructions: Vec<u8>,
    /// `SECCOMP_FILTER_FLAG_*` to install it with.
    pub flags: u32,
}

/// Why a profile did not become a program.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The profile names a system call that no such kernel has.
    #[error("the seccomp profile names an unknown system call `{name}`")]
    UnknownSyscall {
        /// As written.
        name: String,
    },
    /// Something of the profile that is not supported.
    #[error("the seccomp profile asks for {what}, which is not supported")]
    Unsupported {
        /// What.
        what: &'static str,
    },
    /// An error number outside of what a filter can return.
    #[error("the seccomp profile asks for the error number {number}, which does not exist")]
    ErrorNumber {
        /// As written.
        number: u32,
    },
    /// libseccomp refused a part of the profile.
    #[error("libseccomp does not accept {what}")]
    Library {
        /// Which part.
        what: String,
        /// What it said.
        #[source]
        source: libseccomp::error::SeccompError,
    },
    /// The program or its cache could not be read or written.
    #[error("cannot use the seccomp program in `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
}

impl SeccompProgram {
    /// Whether another process decides about some calls.
    pub(crate) fn has_listener(&self) -> bool {
        self.flags & flatrack_sys::seccomp::NEW_LISTENER != 0
    }

    /// For files: the flags, then the instructions.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [&self.flags.to_ne_bytes(), self.instructions.as_slice()].concat()
    }

    /// The reverse of [`SeccompProgram::to_bytes`]; `None` if it is not one.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (flags, instructions) = bytes.split_first_chunk::<4>()?;
        let whole = instructions
            .len()
            .is_multiple_of(flatrack_sys::seccomp::INSTRUCTION)
            && !instructions.is_empty();
        whole.then(|| Self {
            instructions: instructions.to_vec(),
            flags: u32::from_ne_bytes(*flags),
        })
    }
}
