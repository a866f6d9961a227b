//! cgroups, v1, hybrid and v2: the directory exists and holds every limit before anything runs in it.
//!
//! A limit that the kernel does not take is an error ([`Error::LimitNotEnforceable`]), never a warning, and what was made is removed
//! again. The one exception is reported instead: device rules of ordinary users ([`Cgroup::not_enforced`]).

pub(crate) mod attempt;
mod create;
mod devices;
mod disk;
mod facts;
mod files;
mod freeze;
mod hierarchy;
mod limits;
mod path;
mod pressure;
mod remove;
mod scope;
mod stats;
pub mod systemd;

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use create::Reach;
pub use facts::{Counts, Hit, OomFacts};
pub use hierarchy::{Hierarchies, Hierarchy, Version};
pub use path::CgroupPath;
pub use pressure::{Pressure, Stall};
pub use stats::Stats;

/// What can go wrong with cgroups.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A limit was asked for that cannot be put into force here.
    #[error("the limit `{limit}` cannot be enforced: {why}")]
    LimitNotEnforceable {
        /// The OCI field, or the cgroup file for a raw v2 setting.
        limit: String,
        /// Why, for people.
        why: String,
        /// What the kernel said, if it was asked.
        #[source]
        source: Option<io::Error>,
    },
    /// `linux.cgroupsPath` cannot be used.
    #[error("the cgroup path `{path}` cannot be used: {why}")]
    Path {
        /// As written in the spec.
        path: String,
        /// Why.
        why: &'static str,
    },
    /// The cgroup exists and has processes in it.
    #[error("the cgroup `{}` is already in use", path.display())]
    InUse {
        /// Its directory.
        path: PathBuf,
    },
    /// An operation needs a cgroup, or a controller, that the container does not have.
    #[error("the container has no cgroup for {what}")]
    Absent {
        /// What was to be done.
        what: &'static str,
    },
    /// Processes did not end, or freeze, in the time given.
    #[error("the processes in `{}` did not {what} in time", path.display())]
    Stuck {
        /// The cgroup.
        path: PathBuf,
        /// What they were to do.
        what: &'static str,
    },
    /// systemd did not do what a scope needs.
    #[error("systemd cannot {what} the scope `{unit}`: {why}")]
    Systemd {
        /// The operation.
        what: &'static str,
        /// The unit.
        unit: String,
        /// What systemd said.
        why: String,
    },
    /// A file or directory could not be used.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// The operation.
        what: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
}

/// The result of a cgroup operation.
pub type Result<T> = std::result::Result<T, Error>;

/// The directory of the container in one hierarchy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The interface of the hierarchy.
    pub version: Version,
    /// Its controllers.
    pub controllers: Vec<String>,
    /// Where the hierarchy is mounted.
    pub mount: PathBuf,
    /// The container's directory.
    pub path: PathBuf,
}

/// A container's cgroup: one directory in each hierarchy that is used. What `state.json` keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[must_use]
pub struct Cgroup {
    /// The container's directories; empty if it has no cgroup.
    pub directories: Vec<Directory>,
    /// Parents that were made for it, outermost first; removed with it if nothing else is in them.
    pub made_parents: Vec<PathBuf>,
    /// What the spec asks for and the cgroup does not do, one sentence each. The caller decides whether to go on.
    pub not_enforced: Vec<String>,
    /// The scope of systemd's that it is in, if it is in one.
    #[serde(default)]
    pub scope: Option<systemd::Scope>,
}

impl Cgroup {
    /// No cgroup: for an ordinary user on a machine that delegates none, and a spec without limits.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether the container has none.
    pub fn is_none(&self) -> bool {
        self.directories.is_empty()
    }

    /// The directory in the unified hierarchy.
    pub fn unified(&self) -> Option<&Directory> {
        self.directories
            .iter()
            .find(|directory| directory.version == Version::V2)
    }

    /// The directory of the hierarchy with this controller.
    pub fn with(&self, controller: &str) -> Option<&Directory> {
        self.directories
            .iter()
            .find(|directory| directory.controllers.iter().any(|name| name == controller))
    }

    /// Which version has a controller, by the controller's name on v1; that of the others if none has.
    fn version_of(&self, controller: &str) -> Version {
        let names = [controller, limits::on_v2(controller)];
        let others = || self.directories.iter().any(|it| it.version == Version::V1);
        match names.iter().find_map(|name| self.with(name)) {
            Some(directory) => directory.version,
            None if others() => Version::V1,
            None => Version::V2,
        }
    }

    /// Where to remove directories when the container has ended, innermost first: for the waiter.
    pub fn removals(&self) -> impl Iterator<Item = &Path> {
        self.directories
            .iter()
            .map(|directory| directory.path.as_path())
    }

    /// What a child needs to be in the cgroup from its first instruction on.
    pub fn entry(&self) -> Result<Entry> {
        let open = |path: &Path, write: bool| {
            File::options()
                .read(!write)
                .write(write)
                .open(path)
                .map_err(|source| Error::Io {
                    what: "open",
                    path: path.into(),
                    source,
                })
        };
        let unified = self
            .unified()
            .map(|directory| open(&directory.path, false))
            .transpose()?;
        let legacy = self
            .directories
            .iter()
            .filter(|directory| directory.version == Version::V1);
        let tasks = legacy
            .map(|directory| open(&directory.path.join("tasks"), true))
            .collect::<Result<_>>()?;
        Ok(Entry { unified, tasks })
    }
}

/// Open descriptors through which a child enters a cgroup: v2 at birth, v1 by its own first act.
#[derive(Debug)]
pub struct Entry {
    unified: Option<File>,
    tasks: Vec<File>,
}

impl Entry {
    /// For `clone3` with CLONE_INTO_CGROUP.
    pub fn birth(&self) -> Option<BorrowedFd<'_>> {
        self.unified.as_ref().map(AsFd::as_fd)
    }

    /// Moves the calling, single-threaded process into the v1 hierarchies. The thread moves itself, which takes 0.13 ms instead of the
    /// 10 ms that moving a whole process does.
    pub fn enter(&self) -> io::Result<()> {
        use std::io::Write;
        self.tasks
            .iter()
            .try_for_each(|mut tasks| tasks.write_all(b"0"))
    }
}
