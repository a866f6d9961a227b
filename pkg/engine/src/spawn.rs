//! Making the process that becomes the container's first one, or a further one in it: directly, or through a process that stands between
//! because it has to join a pid or user namespace first.

use std::os::fd::OwnedFd;

use flatrack_sys as sys;
use rustix::process::Pid;
use sys::clone::{Child, Flags};

use crate::cgroup::Entry;
use crate::channel::{self, End, Report};
use crate::error::{Doing, Error, Result};
use crate::failure::{At, SetupFailure, Step, nothing};

/// What the process that stands between enters, in this order, before it makes the real one.
#[derive(Debug)]
pub(crate) struct Joins<'a> {
    /// Namespace files, or a pidfd, with the kinds to take.
    pub(crate) namespaces: Vec<(&'a OwnedFd, u64)>,
    /// The cgroups to be in.
    pub(crate) entry: &'a Entry,
}

/// Makes a child directly.
pub(crate) fn direct(flags: Flags, entry: &Entry, child: impl FnOnce() -> i32) -> Result<Child> {
    sys::clone::spawn(flags, entry.birth(), child).doing(|| "make the container's process".into())
}

/// Makes a child in namespaces that exist. It is the caller's own child, not that of the process between.
pub(crate) fn joined(
    joins: &Joins<'_>,
    flags: Flags,
    child: impl FnOnce() -> i32,
) -> Result<Child> {
    let doing = || "make the container's process".to_owned();
    let (ours, theirs) = channel::pair().doing(doing)?;
    let between = sys::clone::spawn(Flags::NONE, joins.entry.birth(), || {
        match stand_between(joins, flags, &theirs, child) {
            Ok(()) => 0,
            Err(failure) => {
                drop(theirs.report(&Report::Failed(failure)));
                125
            }
        }
    })
    .doing(doing)?;
    drop(theirs);
    let report = ours.next_report();
    sys::process::wait(&between.pidfd).doing(doing)?;
    match report.doing(doing)? {
        Some(Report::Made(number)) => {
            let pid = Pid::from_raw(number)
                .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidData))
                .doing(doing)?;
            // It is our child and not reaped, so the number is still its own.
            let pidfd = sys::process::pidfd_open(pid).doing(doing)?;
            Ok(Child { pid, pidfd })
        }
        Some(Report::Failed(failure)) => Err(failure.into()),
        _ => Err(Error::Setup(SetupFailure::new(
            Step::Namespaces,
            "",
            "the process between ended early",
        ))),
    }
}

fn stand_between(
    joins: &Joins<'_>,
    flags: Flags,
    channel: &End,
    child: impl FnOnce() -> i32,
) -> std::result::Result<(), SetupFailure> {
    joins.entry.enter().at(Step::Cgroup, nothing)?;
    // Whoever is in those namespaces must not look into this process, which has files of the host open.
    sys::process::set_dumpable(false).at(Step::Attribute, nothing)?;
    for (namespace, kinds) in &joins.namespaces {
        sys::process::set_namespace(namespace, *kinds).at(Step::Namespaces, nothing)?;
    }
    let made =
        sys::clone::spawn(flags | Flags::SIBLING, None, child).at(Step::Namespaces, nothing)?;
    channel
        .report(&Report::Made(made.pid.as_raw_nonzero().get()))
        .at(Step::Namespaces, nothing)
}
