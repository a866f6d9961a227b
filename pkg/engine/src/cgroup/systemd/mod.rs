//! Scopes made by systemd: the system's manager for root, the user's own for everyone else.
//!
//! A container's limits are in a cgroup of ours below the scope, which systemd has delegated and does not write to; the scope has the
//! same limits as properties. See `hack/docs/decisions/0011-systemd-scopes.md`.

mod connection;
mod name;
mod properties;
mod wire;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::connection::{Connection, Failure};
pub use self::name::ScopeName;
use self::properties::Value;
use self::wire::Writer;
use super::limits::Setting;
use super::{Error, Result};

/// The cgroup in the scope for the processes that made the container and wait for it.
pub(super) const BESIDE: &str = "supervisor";
/// The container's.
pub(super) const INSIDE: &str = "container";

/// Which service manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manager {
    /// Process 1.
    System,
    /// The user's.
    User {
        /// Whose.
        uid: u32,
    },
}

impl Manager {
    /// The one that makes scopes for the calling user.
    pub fn own() -> Self {
        let uid = rustix::process::geteuid();
        if uid.is_root() {
            Self::System
        } else {
            Self::User { uid: uid.as_raw() }
        }
    }

    /// Whether it is there and answers.
    ///
    /// # Errors
    /// Why it makes no scopes.
    pub fn probe(self) -> std::result::Result<(), Absent> {
        // sd_booted(3)
        if !Path::new("/run/systemd/system").is_dir() {
            return Err(Absent::NotBooted);
        }
        let socket = self.socket();
        Connection::open(&socket)
            .map(drop)
            .map_err(|source| Absent::Silent { socket, source })
    }

    /// The controllers that scopes can be given, on a unified hierarchy that is mounted there.
    ///
    /// # Errors
    /// The manager has no cgroup where systemd puts it.
    pub fn controllers(self, mount: &Path) -> io::Result<Vec<String>> {
        let own = match self {
            Self::System => mount.to_owned(),
            Self::User { uid } => {
                mount.join(format!("user.slice/user-{uid}.slice/user@{uid}.service"))
            }
        };
        let text = std::fs::read_to_string(own.join("cgroup.controllers"))?;
        Ok(text.split_whitespace().map(str::to_owned).collect())
    }

    fn socket(self) -> PathBuf {
        match self {
            Self::System => "/run/systemd/private".into(),
            // not from the environment: who sets a variable does not choose who makes the cgroup
            Self::User { uid } => format!("/run/user/{uid}/systemd/private").into(),
        }
    }

    fn usual_slice(self) -> &'static str {
        match self {
            Self::System => "system.slice",
            Self::User { .. } => "app.slice",
        }
    }
}

/// Why a manager makes no scopes.
#[derive(Debug, thiserror::Error)]
pub enum Absent {
    /// Another program is process 1.
    #[error("the machine was not started by systemd")]
    NotBooted,
    /// Nobody answers at its socket.
    #[error("the service manager does not answer at `{}`: {source}", socket.display())]
    Silent {
        /// The manager's socket.
        socket: PathBuf,
        /// What was heard instead.
        source: io::Error,
    },
}

/// A scope that was made; what `state.json` keeps of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    manager: Manager,
    unit: String,
}

impl Scope {
    /// Makes the scope around the calling process, with the limits as properties.
    pub(super) fn start(manager: Manager, name: &ScopeName, settings: &[Setting]) -> Result<Self> {
        let scope = Self {
            manager,
            unit: name.unit.clone(),
        };
        let slice = name.slice.as_deref().unwrap_or(manager.usual_slice());
        let flag = |name| (name, Value::Flag(true));
        let mut all = vec![
            ("Description", Value::Text("flatrack container".into())),
            ("Slice", Value::Text(slice.to_owned())),
            ("PIDs", Value::Pids(vec![std::process::id()])),
            // one that failed is forgotten like one that did not
            ("CollectMode", Value::Text("inactive-or-failed".into())),
            flag("Delegate"),
            flag("MemoryAccounting"),
            flag("CPUAccounting"),
            flag("TasksAccounting"),
        ];
        all.extend(properties::of(settings));
        let mut body = Writer::default();
        body.string(&scope.unit);
        // a unit of that name is an error, never replaced
        body.string("fail");
        properties::write(&mut body, &all);
        body.array(8, |_no_further_units| {});
        let result = scope
            .connect()?
            .job("StartTransientUnit", "ssa(sv)a(sa(sv))", body.finish())
            .map_err(|failure| scope.error("make", failure))?;
        if result == "done" {
            Ok(scope)
        } else {
            drop(scope.stop());
            Err(scope.failed("make", format!("the job ended as `{result}`")))
        }
    }

    /// Gives systemd other limits.
    pub(super) fn set(&self, settings: &[Setting]) -> Result<()> {
        let properties = properties::of(settings);
        let mut body = Writer::default();
        body.string(&self.unit);
        // at run time only: the unit ends with the container
        body.u32(1);
        properties::write(&mut body, &properties);
        self.connect()?
            .call("SetUnitProperties", "sba(sv)", body.finish())
            .map_err(|failure| self.error("change", failure))?;
        Ok(())
    }

    /// Ends the scope and all in it, and waits until it is gone. One that is gone already is fine.
    ///
    /// A process of the scope itself leaves that to systemd: it goes with its last process.
    pub(super) fn stop(&self) -> Result<()> {
        if self.is_around_us() {
            return Ok(());
        }
        let mut body = Writer::default();
        body.string(&self.unit);
        body.string("replace");
        match self.connect()?.job("StopUnit", "ss", body.finish()) {
            Ok(_) => Ok(()),
            Err(Failure::Refused(name, _)) if name == "org.freedesktop.systemd1.NoSuchUnit" => {
                Ok(())
            }
            Err(failure) => Err(self.error("stop", failure)),
        }
    }

    /// Has systemd move the calling process to where it may make processes in the scope: for an ordinary user that is anywhere below
    /// the user's manager, in a scope of its own, which ends with it. Root may from everywhere.
    pub(super) fn come_near(&self) -> Result<()> {
        if self.manager == Manager::System || self.is_around_us() {
            return Ok(());
        }
        let name = ScopeName::of_exec(std::process::id());
        Self::start(self.manager, &name, &[]).map(drop)
    }

    /// Whether a cgroup is that of the scope.
    pub(super) fn is(&self, cgroup: &Path) -> bool {
        cgroup
            .file_name()
            .is_some_and(|name| name == self.unit.as_str())
    }

    /// Whether the calling process is in it, and would be stopped with it.
    fn is_around_us(&self) -> bool {
        std::fs::read_to_string("/proc/self/cgroup")
            .is_ok_and(|text| text.split(['/', '\n']).any(|part| part == self.unit))
    }

    fn connect(&self) -> Result<Connection> {
        Connection::open(&self.manager.socket())
            .map_err(|error| self.failed("reach systemd for", error.to_string()))
    }

    fn error(&self, what: &'static str, failure: Failure) -> Error {
        match failure {
            Failure::Refused(name, words) => self.failed(
                what,
                format!("{} ({})", words.escape_debug(), name.escape_debug()),
            ),
            Failure::Io(error) => self.failed(what, error.to_string()),
        }
    }

    fn failed(&self, what: &'static str, why: String) -> Error {
        Error::Systemd {
            what,
            unit: self.unit.clone(),
            why,
        }
    }
}
