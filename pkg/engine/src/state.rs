//! The state directory: one directory a container, and in it what later commands need to know.
//!
//! | file | content |
//! |---|---|
//! | `state.json` | [`Record`], replaced as a whole |
//! | `config.json` | the OCI document the container was made from |
//! | `seccomp.bpf` | the compiled filter, for exec |
//! | `seccomp-further.bpf` | another one beside it |
//! | `start.sock` | where a created container waits |

use std::fs::{DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use oci_spec::runtime::Spec;
use rustix::process::Pid;
use serde::{Deserialize, Serialize};

use crate::cgroup::Cgroup;
use crate::error::{Doing, Error, Result};
use crate::id::ContainerId;
use crate::seccomp::SeccompProgram;

const STATE: &str = "state.json";
const SPEC: &str = "config.json";
const SECCOMP: &str = "seccomp.bpf";
const FURTHER_SECCOMP: &str = "seccomp-further.bpf";

/// Where containers' state is kept, such as `/run/flatrack`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir(PathBuf);

/// How far a container is, as it was last written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    Creating,
    Created,
    Running,
}

/// What is known of a container.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: ContainerId,
    pub(crate) bundle: PathBuf,
    pub(crate) phase: Phase,
    /// The first process and when it started, which together name it for ever.
    pub(crate) process: Option<(i32, u64)>,
    /// The process that made it, named the same way.
    #[serde(default)]
    pub(crate) maker: Option<(i32, u64)>,
    pub(crate) cgroup: Cgroup,
    /// Directories of cgroups that are about to be made, which `cgroup` does not name yet.
    #[serde(default)]
    pub(crate) attempt: Vec<PathBuf>,
    /// Supplementary groups can be changed in the container's user namespace.
    pub(crate) may_set_groups: bool,
    /// A further filter is beside that of the document.
    #[serde(default)]
    pub(crate) two_filters: bool,
    /// Seconds since 1970.
    pub(crate) created: u64,
}

impl Record {
    /// The first process, if there is one yet.
    pub(crate) fn pid(&self) -> Option<Pid> {
        self.process.and_then(|(pid, _)| Pid::from_raw(pid))
    }

    /// A descriptor of the first process, if it still runs and is the one that was started.
    pub(crate) fn pidfd(&self) -> Option<std::os::fd::OwnedFd> {
        alive(self.process)
    }

    /// Whether whoever makes it is still at it.
    pub(crate) fn is_being_made(&self) -> bool {
        self.phase == Phase::Creating && alive(self.maker).is_some()
    }
}

/// A descriptor of a process that is named by its number and its start, if it runs.
fn alive(process: Option<(i32, u64)>) -> Option<std::os::fd::OwnedFd> {
    let (number, start) = process?;
    let pid = Pid::from_raw(number)?;
    let pidfd = flatrack_sys::process::pidfd_open(pid).ok()?;
    // Asked after the descriptor was opened: if the answer is right, the descriptor is of that process.
    let (state, now) = flatrack_sys::process::state_and_start_time(pid).ok()?;
    (now == start && !matches!(state, 'Z' | 'X')).then_some(pidfd)
}

impl StateDir {
    /// The directory, made with mode 0700 if missing.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        if !path.is_dir() {
            DirBuilder::new()
                .mode(0o700)
                .recursive(true)
                .create(&path)
                .doing(|| format!("make the state directory `{}`", path.display()))?;
        }
        Ok(Self(path))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The directory of one container.
    pub fn of(&self, id: &ContainerId) -> PathBuf {
        self.0.join(id)
    }

    /// Makes the directory of a new container.
    pub(crate) fn add(&self, id: &ContainerId) -> Result<PathBuf> {
        let path = self.of(id);
        match DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(Error::Exists(id.clone()))
            }
            other => other
                .doing(|| format!("make `{}`", path.display()))
                .map(|()| path),
        }
    }

    /// Removes the directory of a container of which nothing is known, because whoever was to make it was killed before it had begun. False
    /// if there is none.
    pub fn discard(&self, id: &ContainerId) -> Result<bool> {
        let left = self.of(id).exists() && !self.of(id).join(STATE).exists();
        if left {
            self.remove(id)?;
        }
        Ok(left)
    }

    pub(crate) fn remove(&self, id: &ContainerId) -> Result<()> {
        let path = self.of(id);
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other.doing(|| format!("remove `{}`", path.display())),
        }
    }

    /// Writes all of `state.json` or nothing.
    pub(crate) fn save(&self, record: &Record) -> Result<()> {
        let path = self.of(&record.id).join(STATE);
        let json = serde_json::to_vec(record).map_err(|source| Error::State {
            path: path.clone(),
            source,
        })?;
        let temporary = path.with_extension("tmp");
        write(&temporary, &json)
            .and_then(|()| std::fs::rename(&temporary, &path))
            .doing(|| format!("write `{}`", path.display()))
    }

    pub(crate) fn load(&self, id: &ContainerId) -> Result<Record> {
        let path = self.of(id).join(STATE);
        match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|source| Error::State { path, source })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::NotFound(id.clone())),
            Err(source) => Err(Error::System {
                what: format!("read `{}`", path.display()),
                source,
            }),
        }
    }

    pub(crate) fn save_spec(
        &self,
        id: &ContainerId,
        spec: &Spec,
        seccomp: Option<&SeccompProgram>,
    ) -> Result<()> {
        let directory = self.of(id);
        let path = directory.join(SPEC);
        let json = serde_json::to_vec(spec).map_err(|source| Error::State {
            path: path.clone(),
            source,
        })?;
        write(&path, &json).doing(|| format!("write `{}`", path.display()))?;
        match seccomp {
            Some(program) => {
                let path = directory.join(SECCOMP);
                write(&path, &program.to_bytes()).doing(|| format!("write `{}`", path.display()))
            }
            None => Ok(()),
        }
    }

    /// The OCI document a container was made from.
    pub fn spec(&self, id: &ContainerId) -> Result<Spec> {
        let path = self.of(id).join(SPEC);
        let bytes = std::fs::read(&path).doing(|| format!("read `{}`", path.display()))?;
        serde_json::from_slice(&bytes).map_err(|source| Error::State { path, source })
    }

    pub(crate) fn save_further_seccomp(
        &self,
        id: &ContainerId,
        program: &SeccompProgram,
    ) -> Result<()> {
        let path = self.of(id).join(FURTHER_SECCOMP);
        write(&path, &program.to_bytes()).doing(|| format!("write `{}`", path.display()))
    }

    /// The filter of a container, if it has one.
    pub(crate) fn seccomp(&self, id: &ContainerId) -> Result<Option<SeccompProgram>> {
        program(&self.of(id).join(SECCOMP))
    }

    /// The one beside it.
    pub(crate) fn further_seccomp(&self, id: &ContainerId) -> Result<Option<SeccompProgram>> {
        program(&self.of(id).join(FURTHER_SECCOMP))
    }

    /// Removes the socket that a started container does not wait at any more. One that stays does no harm.
    pub(crate) fn forget_gate(&self, id: &ContainerId) {
        drop(std::fs::remove_file(
            self.of(id).join(crate::child::GATE_NAME),
        ));
    }

    /// The names of all containers, sorted.
    pub fn ids(&self) -> Result<Vec<ContainerId>> {
        let entries =
            std::fs::read_dir(&self.0).doing(|| format!("list `{}`", self.0.display()))?;
        let name = |entry: std::fs::DirEntry| entry.file_name().into_string().ok()?.parse().ok();
        let mut ids: Vec<ContainerId> = entries
            .flatten()
            .filter(|entry| entry.path().join(STATE).exists())
            .filter_map(name)
            .collect();
        ids.sort();
        Ok(ids)
    }

    /// What the waiter removes at the end of a container, in order; nothing else is in the directory then.
    pub fn files(&self, id: &ContainerId) -> Vec<PathBuf> {
        [
            STATE,
            SPEC,
            SECCOMP,
            FURTHER_SECCOMP,
            crate::child::GATE_NAME,
        ]
        .iter()
        .map(|name| self.of(id).join(name))
        .collect()
    }
}

fn program(path: &Path) -> Result<Option<SeccompProgram>> {
    let wrong = || std::io::Error::new(ErrorKind::InvalidData, "it is not a compiled filter");
    match std::fs::read(path) {
        Ok(bytes) => SeccompProgram::from_bytes(&bytes)
            .map(Some)
            .ok_or_else(wrong)
            .doing(|| format!("read `{}`", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::System {
            what: format!("read `{}`", path.display()),
            source,
        }),
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?
        .write_all(bytes)
}
