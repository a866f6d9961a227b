//! The end of a cgroup: what still runs in it is killed, then the directories are removed.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::systemd::Scope;
use super::{Cgroup, Error, Result, files};

const PATIENCE: Duration = Duration::from_secs(5);
const SIGKILL: i32 = 9;

impl Cgroup {
    /// The numbers of all processes in it, children's cgroups included.
    pub fn processes(&self) -> Result<Vec<i32>> {
        let Some(directory) = self
            .with("freezer")
            .or_else(|| self.unified())
            .or_else(|| self.directories.first())
        else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        walk(&directory.path, &mut |path| {
            found.extend(files::processes(path)?);
            Ok(())
        })?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Kills everything in the cgroup and waits for the end of it. A cgroup that is gone has nothing left to kill.
    pub fn kill_all(&self) -> Result<()> {
        let start = Instant::now();
        loop {
            match self.kill_once() {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // of one below it, which the app had made, the same error tells nothing about the others
                Err(Error::Io { source, .. }) if files::gone(&source) => {
                    if self.directories.iter().all(|it| !it.path.exists()) {
                        return Ok(());
                    }
                }
                Err(error) => return Err(error),
            }
            if start.elapsed() > PATIENCE {
                return Err(Error::Stuck {
                    path: self.directories[0].path.clone(),
                    what: "end",
                });
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Kills what is there; whether nothing was.
    fn kill_once(&self) -> Result<bool> {
        let alive = self.processes()?;
        if alive.is_empty() {
            return Ok(true);
        }
        if let Some(directory) = self.unified() {
            // since kernel 5.14; kills forks in flight too
            let path = directory.path.join("cgroup.kill");
            match files::write(&path, "1") {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Error::Io {
                        what: "kill the processes in",
                        path: directory.path.clone(),
                        source: error,
                    });
                }
                _ => {}
            }
        }
        self.signal_each(&alive, SIGKILL)?;
        Ok(false)
    }

    /// Sends a signal to everything in the cgroup.
    pub fn signal_all(&self, signal: i32) -> Result<()> {
        match self.processes() {
            Err(Error::Io { source, .. }) if files::gone(&source) => Ok(()),
            processes => self.signal_each(&processes?, signal),
        }
    }

    /// Frozen meanwhile on v1, so that nothing can fork away from under the list. One that was frozen before runs afterwards, to hear it.
    fn signal_each(&self, pids: &[i32], signal: i32) -> Result<()> {
        let frozen = self.with("freezer").is_some() && self.freeze().is_ok();
        for pid in pids.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            // Gone meanwhile is what was wanted.
            if let Ok(pidfd) = flatrack_sys::process::pidfd_open(pid)
                && self.processes()?.contains(&pid.as_raw_nonzero().get())
            {
                drop(flatrack_sys::process::pidfd_send_signal(pidfd, signal));
            }
        }
        if frozen { self.thaw() } else { Ok(()) }
    }

    /// Kills what is left and removes all directories that were made for this container. What is already gone is fine.
    pub fn remove(&self) -> Result<()> {
        if !self.is_none() {
            self.kill_all()?;
        }
        for directory in &self.directories {
            remove_tree(&directory.path)?;
        }
        for parent in self.made_parents.iter().rev() {
            // Not empty: another container lives there, and leaves it to whoever comes last.
            drop(std::fs::remove_dir(parent));
        }
        self.scope.as_ref().map_or(Ok(()), Scope::stop)
    }
}

/// Calls `visit` for a cgroup and all below it, children first.
fn walk(path: &Path, visit: &mut dyn FnMut(&Path) -> Result<()>) -> Result<()> {
    let entries = std::fs::read_dir(path).map_err(|source| Error::Io {
        what: "list",
        path: path.into(),
        source,
    })?;
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), visit)?;
        }
    }
    visit(path)
}

/// Removes a cgroup and those the app made below it. A process that has just ended still holds its cgroup for a moment.
fn remove_tree(path: &Path) -> Result<()> {
    let start = Instant::now();
    let result = walk(path, &mut |path| {
        loop {
            match std::fs::remove_dir(path) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error)
                    if error.kind() == ErrorKind::ResourceBusy && start.elapsed() < PATIENCE =>
                {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(source) => {
                    return Err(Error::Io {
                        what: "remove the cgroup",
                        path: path.into(),
                        source,
                    });
                }
            }
        }
    });
    match result {
        Err(Error::Io { source, .. }) if files::gone(&source) => Ok(()),
        other => other,
    }
}
