//! Operations on a container that exists.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::cgroup::{Cgroup, attempt};
use crate::child;
use crate::error::{Doing, Error, Result};
use crate::hooks::{About, Moment};
use crate::id::ContainerId;
use crate::state::{Phase, Record, StateDir};

/// How far a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Being made.
    Creating,
    /// Made, its program not yet executed.
    Created,
    /// Its program runs.
    Running,
    /// Frozen.
    Paused,
    /// Its first process has ended, or whoever made it was killed at that.
    Stopped,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Creating => "being created",
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        })
    }
}

/// What can be said of a container; serialises to the OCI state document with a few fields more.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// The version of the OCI document.
    pub oci_version: String,
    /// Its name.
    pub id: ContainerId,
    /// How far it is.
    pub status: Status,
    /// Its first process, in the host's numbers; 0 if there is none.
    pub pid: i32,
    /// Its bundle.
    pub bundle: PathBuf,
    /// The annotations of its spec.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// Its cgroup directories.
    #[serde(default)]
    pub cgroups: Vec<PathBuf>,
}

/// What can be said of a container.
pub fn info(state: &StateDir, id: &ContainerId) -> Result<Info> {
    let record = state.load(id)?;
    // The document is written after the first record: a container that is still being made may lack it.
    let spec = state.spec(id).ok();
    let status = status(state, &record)?;
    Ok(Info {
        oci_version: spec
            .as_ref()
            .map_or_else(|| "1.0.2".into(), |spec| spec.version().clone()),
        id: record.id.clone(),
        status,
        pid: record
            .process
            .filter(|_| status != Status::Stopped)
            .map_or(0, |(pid, _)| pid),
        bundle: record.bundle,
        annotations: spec
            .and_then(|spec| spec.annotations().clone())
            .unwrap_or_default()
            .into_iter()
            .collect(),
        created: record.created,
        cgroups: record
            .cgroup
            .directories
            .into_iter()
            .map(|directory| directory.path)
            .collect(),
    })
}

/// All containers, by name. One that disappears meanwhile is left out.
pub fn list(state: &StateDir) -> Result<Vec<Info>> {
    let found = state.ids()?.into_iter().map(|id| info(state, &id));
    found
        .filter(|info| !matches!(info, Err(Error::NotFound(_))))
        .collect()
}

/// The cgroup of a container: for facts about memory, statistics, live limits.
pub fn cgroup_of(state: &StateDir, id: &ContainerId) -> Result<Cgroup> {
    Ok(state.load(id)?.cgroup)
}

pub(crate) fn status(state: &StateDir, record: &Record) -> Result<Status> {
    if record.is_being_made() {
        return Ok(Status::Creating);
    }
    if record.phase == Phase::Creating || record.pidfd().is_none() {
        return Ok(Status::Stopped);
    }
    if record.cgroup.is_frozen()? {
        return Ok(Status::Paused);
    }
    // A start that was killed before it had opened the gate has started nothing.
    let waits = record.phase == Phase::Created || child::is_waiting(&state.of(&record.id));
    Ok(match waits {
        true => Status::Created,
        false => Status::Running,
    })
}

/// Loads a container that must be in one of some states.
pub(crate) fn require(
    state: &StateDir,
    id: &ContainerId,
    wanted: &'static str,
    good: &[Status],
) -> Result<Record> {
    let record = state.load(id)?;
    let status = status(state, &record)?;
    if good.contains(&status) {
        Ok(record)
    } else {
        Err(Error::Status {
            id: id.clone(),
            status,
            wanted,
        })
    }
}

/// Has a created container execute its program.
///
/// # Errors
/// If it is not in the state created, or the program cannot be executed; the container is stopped then.
pub fn start(state: &StateDir, id: &ContainerId) -> Result<()> {
    let mut record = require(state, id, "created", &[Status::Created])?;
    // Written first: whoever asks from the program's first instruction on hears the truth.
    record.phase = Phase::Running;
    state.save(&record)?;
    child::open_gate(&state.of(id))?;
    state.forget_gate(id);
    let spec = state.spec(id)?;
    let pid = record.process.map_or(0, |(pid, _)| pid);
    about(&record, &spec, pid)
        .run(Moment::Poststart)
        .inspect_err(|_| drop(kill(state, id, SIGKILL)))
        .map_err(Error::from)
}

fn about<'a>(record: &'a Record, spec: &'a oci_spec::runtime::Spec, pid: i32) -> About<'a> {
    About {
        id: &record.id,
        spec,
        bundle: &record.bundle,
        pid,
    }
}

const SIGKILL: i32 = 9;

/// Sends a signal to the first process of a container. One that is frozen hears it when it runs again; to be killed it is thawed.
///
/// # Errors
/// If it has ended.
pub fn kill(state: &StateDir, id: &ContainerId, signal: i32) -> Result<()> {
    let record = require(
        state,
        id,
        "created, running or paused",
        &[Status::Created, Status::Running, Status::Paused],
    )?;
    match record.pidfd() {
        Some(pidfd) => {
            flatrack_sys::process::pidfd_send_signal(pidfd, signal)
                .doing(|| format!("send signal {signal}"))?;
            if signal == SIGKILL && record.cgroup.is_frozen()? {
                record.cgroup.thaw()?;
            }
            Ok(())
        }
        None => Err(Error::Status {
            id: id.clone(),
            status: Status::Stopped,
            wanted: "running",
        }),
    }
}

/// Sends a signal to every process in a container's cgroup, also when the first one has ended.
pub fn kill_all(state: &StateDir, id: &ContainerId, signal: i32) -> Result<()> {
    let record = state.load(id)?;
    Ok(record.cgroup.signal_all(signal)?)
}

/// Removes what is left of a container: processes, cgroup, state. Then the hooks for its end are run.
///
/// `force` kills it first if it still runs.
///
/// # Errors
/// If it still runs and `force` is not given. [`Error::Setup`] if nothing went wrong but a hook.
pub fn delete(state: &StateDir, id: &ContainerId, force: bool) -> Result<()> {
    let record = state.load(id)?;
    let status = status(state, &record)?;
    if !force && status != Status::Stopped {
        return Err(Error::Status {
            id: id.clone(),
            status,
            wanted: "stopped",
        });
    }
    if let Some(pidfd) = record.pidfd() {
        drop(flatrack_sys::process::pidfd_send_signal(&pidfd, SIGKILL));
        if status == Status::Paused {
            record.cgroup.thaw()?;
        }
        let doing = || "see the container end, is a process of `exec` not reaped".to_owned();
        if !flatrack_sys::process::has_ended(&pidfd, 5000).doing(doing)? {
            return Err(std::io::Error::from(std::io::ErrorKind::TimedOut)).doing(doing);
        }
        // If it is our child, nobody else reaps it.
        drop(flatrack_sys::process::try_wait(&pidfd));
    }
    record.cgroup.remove()?;
    attempt::take_back(&record.attempt);
    // the document may be missing where the making was cut short: then there is no hook either
    let spec = state.spec(id).ok();
    state.remove(id)?;
    match spec {
        Some(spec) => Ok(about(&record, &spec, 0).run_all(Moment::Poststop)?),
        None => Ok(()),
    }
}

/// Freezes a container.
pub fn pause(state: &StateDir, id: &ContainerId) -> Result<()> {
    Ok(
        require(state, id, "running", &[Status::Running, Status::Created])?
            .cgroup
            .freeze()?,
    )
}

/// Lets a paused container run again.
pub fn resume(state: &StateDir, id: &ContainerId) -> Result<()> {
    Ok(require(state, id, "paused", &[Status::Paused])?
        .cgroup
        .thaw()?)
}
