//! What an operation on a container can end with, by what its user can do about it.

use std::io;
use std::path::PathBuf;

use crate::failure::SetupFailure;
use crate::id::ContainerId;
use crate::{cgroup, seccomp};

/// An operation on a container failed; nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The spec asks for something that this engine does not do. It is refused rather than left out.
    #[error("the spec's `{field}` is not supported: {why}")]
    Unsupported {
        /// The field, as a path in the document.
        field: String,
        /// Why, for people.
        why: String,
    },
    /// The spec contradicts itself or lacks something.
    #[error("the spec's `{field}` is wrong: {why}")]
    InvalidSpec {
        /// The field, as a path in the document.
        field: String,
        /// Why, for people.
        why: String,
    },
    /// A step inside the new container failed.
    #[error("cannot start the container")]
    Setup(#[from] SetupFailure),
    /// The cgroup, mostly a limit that cannot be enforced.
    #[error(transparent)]
    Cgroup(#[from] cgroup::Error),
    /// The seccomp profile.
    #[error(transparent)]
    Seccomp(#[from] seccomp::Error),
    /// There is a container with this name.
    #[error("the container `{0}` exists already")]
    Exists(ContainerId),
    /// There is no container with this name.
    #[error("there is no container `{0}`")]
    NotFound(ContainerId),
    /// The container is in another state than the operation needs.
    #[error("the container `{id}` is {status}, it must be {wanted}")]
    Status {
        /// Which.
        id: ContainerId,
        /// Its state now.
        status: crate::Status,
        /// The states it might be in.
        wanted: &'static str,
    },
    /// A file of the state directory does not hold what it should.
    #[error("the state file `{}` cannot be understood", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Something else that the kernel refused.
    #[error("cannot {what}")]
    System {
        /// What was to be done.
        what: String,
        /// What the kernel said.
        source: io::Error,
    },
}

/// The result of an operation on a container.
pub type Result<T> = std::result::Result<T, Error>;

/// Adds what was to be done to an error of the kernel.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<io::Error>> Doing<T> for std::result::Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Error::System {
            what: what(),
            source: source.into(),
        })
    }
}
