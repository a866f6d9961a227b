//! What a command ends with when it does not succeed, in the words that engines look for.

use std::error::Error as StdError;
use std::fmt::Display;
use std::path::Path;

use flatrack_engine::Error;

/// A command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) hint: Option<String>,
    /// The exit code.
    pub(crate) code: u8,
}

/// The result of a command, or of a part of one.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// With exit code 1, as runc has it for everything but exec.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            code: 1,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says first what it happened in.
    pub(crate) fn during(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    pub(crate) fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }
}

/// An error and everything behind it.
fn chain(error: &dyn StdError) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        source = cause.source();
    }
    message
}

impl From<Error> for Failure {
    /// containerd and podman tell failures apart by these words: "does not exist" and "not running" among them.
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound(id) => Self::new(format!("container `{id}` does not exist")),
            Error::Exists(id) => Self::new(format!("container with id `{id}` already exists")),
            Error::Status { id, status, wanted } => {
                Self::new(format!("container `{id}` is {status}, it must be {wanted}"))
            }
            _ => Self::new(chain(&error)),
        }
    }
}

impl From<flatrack_launch::Error> for Failure {
    fn from(error: flatrack_launch::Error) -> Self {
        Self {
            hint: error.hint(),
            ..Self::new(error.whole())
        }
    }
}

/// Adds what was to be done to an error of the system.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl Display) -> Result<T>;
    /// For a file.
    fn at(self, what: &str, path: &Path) -> Result<T>;
}

impl<T, E: StdError> Doing<T> for std::result::Result<T, E> {
    fn doing(self, what: impl Display) -> Result<T> {
        self.map_err(|error| Failure::new(format!("cannot {what}: {}", chain(&error))))
    }

    fn at(self, what: &str, path: &Path) -> Result<T> {
        self.doing(format_args!("{what} `{}`", path.display()))
    }
}
