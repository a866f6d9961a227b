//! Pausing: nothing in a frozen cgroup runs, not even to take a signal.

use std::time::{Duration, Instant};

use super::{Cgroup, Error, Result, Version, files};

const PATIENCE: Duration = Duration::from_secs(5);

impl Cgroup {
    /// Freezes everything in the cgroup and waits until it is frozen.
    pub fn freeze(&self) -> Result<()> {
        self.set_frozen(true)
    }

    /// Lets everything in the cgroup run again.
    pub fn thaw(&self) -> Result<()> {
        self.set_frozen(false)
    }

    /// Whether the cgroup is frozen; false if there is none.
    pub fn is_frozen(&self) -> Result<bool> {
        if let Some(directory) = self.with("freezer") {
            return Ok(files::read(&directory.path.join("freezer.state"))? != "THAWED");
        }
        match self.unified() {
            Some(directory) => Ok(files::number(&directory.path.join("cgroup.freeze"))? == Some(1)),
            None => Ok(false),
        }
    }

    fn set_frozen(&self, on: bool) -> Result<()> {
        let Some(directory) = self.with("freezer").or_else(|| self.unified()) else {
            return Err(Error::Absent { what: "pausing" });
        };
        let (name, value) = match directory.version {
            Version::V1 => ("freezer.state", if on { "FROZEN" } else { "THAWED" }),
            Version::V2 => ("cgroup.freeze", if on { "1" } else { "0" }),
        };
        let file = directory.path.join(name);
        let start = Instant::now();
        loop {
            // v1 may stay "FREEZING" for ever if a process forks meanwhile, until it is told again.
            files::write(&file, value).map_err(|source| Error::Io {
                what: "write",
                path: file.clone(),
                source,
            })?;
            let done = match directory.version {
                Version::V1 => files::read(&file)? == value,
                Version::V2 => {
                    files::keyed(&directory.path.join("cgroup.events"), "frozen")?
                        == Some(u64::from(on))
                }
            };
            if done {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                if on {
                    // Half frozen is worse than running.
                    let back = if directory.version == Version::V1 {
                        "THAWED"
                    } else {
                        "0"
                    };
                    drop(files::write(&file, back));
                }
                return Err(Error::Stuck {
                    path: directory.path.clone(),
                    what: if on { "freeze" } else { "thaw" },
                });
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
