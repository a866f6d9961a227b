//! What can go wrong in a call, in gRPC's words: containerd decides by them what to do next.

use std::io;
use std::path::Path;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Error {
    pub(crate) code: Code,
    message: String,
}

/// The codes that containerd looks at; their numbers are gRPC's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Unknown = 2,
    InvalidArgument = 3,
    NotFound = 5,
    AlreadyExists = 6,
    FailedPrecondition = 9,
    Unimplemented = 12,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self::new(Code::Unknown, message)
    }

    pub(crate) fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::unknown(format!("cannot {doing} `{}`: {error}", path.display()))
    }
}
