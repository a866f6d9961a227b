//! What the child says while it sets itself up.

use std::os::fd::OwnedFd;

use flatrack_sys as sys;
use rustix::process::Pid;

use crate::channel::{End, Report};
use crate::error::{Doing, Result};
use crate::failure::{SetupFailure, Step};
use crate::state::Phase;

/// Reads the child's reports until it runs its program, or waits for its start.
pub(super) fn follow(channel: &End, phase: Phase, process: Pid) -> Result<Option<OwnedFd>> {
    let mut terminal = None;
    loop {
        match channel
            .next_report()
            .doing(|| "hear from the container".into())?
        {
            Some(Report::Terminal(master)) => terminal = Some(master),
            Some(Report::Ready) => return Ok(terminal),
            Some(Report::Failed(failure)) => return Err(failure.into()),
            Some(Report::Built | Report::Made(_)) => {}
            // Closed without a word: the program was executed, or the child was killed before it could be.
            None if phase == Phase::Running && executed(process) => return Ok(terminal),
            None => return Err(killed().into()),
        }
    }
}

fn killed() -> SetupFailure {
    SetupFailure::new(
        Step::Start,
        "",
        "its process was killed while it was set up",
    )
}

/// Waits until the child has its file systems.
pub(super) fn await_built(channel: &End) -> Result<()> {
    loop {
        match channel
            .next_report()
            .doing(|| "hear from the container".into())?
        {
            Some(Report::Built) => return Ok(()),
            Some(Report::Failed(failure)) => return Err(failure.into()),
            Some(Report::Ready | Report::Terminal(_) | Report::Made(_)) => {}
            None => return Err(killed().into()),
        }
    }
}

/// Tells a process that has executed its program, and may have ended since, from one that was killed before.
fn executed(process: Pid) -> bool {
    // `die_with_parent` killed nobody, since this process lives; a seccomp filter that kills at the execve shows as a signal.
    const PF_FORKNOEXEC: u64 = 0x40;
    sys::process::flags(process).is_ok_and(|flags| flags & PF_FORKNOEXEC == 0)
}
