//! What is made and not yet whole.

use flatrack_sys as sys;
use oci_spec::runtime::LinuxResources;
use rustix::process::Pid;
use sys::clone::Child;

use super::of_process;
use crate::cgroup::{self, Cgroup, CgroupPath, Hierarchies, Reach};
use crate::error::Result;
use crate::failure::{SetupFailure, Step};
use crate::state::{Phase, Record, StateDir};

/// A container on its way, and what is written down of it. Dropped before it is whole it leaves nothing behind; whoever
/// cleans up after a crash finds all of it by the record.
pub(super) struct Unfinished<'a> {
    state: &'a StateDir,
    record: Record,
    child: Option<Child>,
    armed: bool,
}

impl<'a> Unfinished<'a> {
    /// Takes the name. There is nothing else of it yet.
    pub(super) fn begin(state: &'a StateDir, record: Record) -> Result<Self> {
        state.add(&record.id)?;
        Ok(Self {
            state,
            record,
            child: None,
            armed: true,
        })
    }

    /// Makes its cgroup, with all limits. Which directories there will be is written down before.
    pub(super) fn limit(
        &mut self,
        hierarchies: &Hierarchies,
        path: &CgroupPath,
        resources: Option<&LinuxResources>,
        reach: Reach,
    ) -> Result<()> {
        self.record.attempt = cgroup::attempt::missing(hierarchies, path);
        self.save()?;
        self.record.cgroup = Cgroup::create(hierarchies, path, resources, reach)?;
        self.record.attempt.clear();
        self.save()
    }

    /// Refuses limits that are not enforced, unless that is the caller's own wish.
    pub(super) fn judge(&self, allow_not_enforced: bool) -> Result<()> {
        match self.record.cgroup.not_enforced.first() {
            Some(what) if !allow_not_enforced => Err(cgroup::Error::LimitNotEnforceable {
                limit: "devices".into(),
                why: what.clone(),
                source: None,
            }
            .into()),
            _ => Ok(()),
        }
    }

    pub(super) fn cgroup(&self) -> &Cgroup {
        &self.record.cgroup
    }

    /// Its first process, which from here on ends with it.
    pub(super) fn has(&mut self, child: Child) -> Pid {
        let pid = child.pid;
        self.record.process = of_process(pid);
        self.child = Some(child);
        pid
    }

    /// Writes down what there is.
    pub(super) fn save(&self) -> Result<()> {
        self.state.save(&self.record)
    }

    /// Writes down that all is set up.
    pub(super) fn reached(&mut self, phase: Phase) -> Result<()> {
        self.record.phase = phase;
        self.save()
    }

    /// From here on it stays.
    pub(super) fn whole(mut self) -> Result<(Child, Cgroup)> {
        let gone = || SetupFailure::new(Step::Start, "", "the container's process is gone");
        let child = self.child.take().ok_or_else(gone)?;
        self.armed = false;
        Ok((child, std::mem::take(&mut self.record.cgroup)))
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        if let Some(child) = self.child.take() {
            const SIGKILL: i32 = 9;
            drop(sys::process::pidfd_send_signal(&child.pidfd, SIGKILL));
            drop(sys::process::wait(&child.pidfd));
        }
        drop(self.record.cgroup.remove());
        drop(self.state.remove(&self.record.id));
    }
}
