//! Descriptors that the caller hands on to the container: `--preserve-fds` and systemd's socket activation.

use std::os::fd::RawFd;

use rustix::io::FdFlags;

use crate::failure::{Failure, Result};

const FIRST: RawFd = 3;

/// What the container's program gets besides its standard streams.
#[derive(Debug, Default)]
pub(crate) struct Handed {
    /// Their numbers, the same here and there.
    pub(crate) numbers: Vec<RawFd>,
    /// Variables that tell the program of them.
    pub(crate) variables: Vec<String>,
}

impl Handed {
    /// Looks for what the caller hands on; asked before anything else is opened.
    ///
    /// # Errors
    /// For a number that the caller has left closed: what is opened under it later would leak into the container.
    pub(crate) fn find(preserve: u32) -> Result<Self> {
        let listening = activated();
        let count = preserve.saturating_add(listening).min(1 << 16);
        let numbers: Vec<RawFd> = (FIRST..).take(count as usize).collect();
        for number in &numbers {
            if !is_inherited(*number) {
                return Err(Failure::new(format!(
                    "the descriptor {number} is to be handed on, and is not open"
                ))
                .hint("`--preserve-fds N` hands on the descriptors 3 to N + 2"));
            }
        }
        let variables = match listening {
            0 => Vec::new(),
            // the program is process 1 of its namespace
            _ => vec![format!("LISTEN_FDS={listening}"), "LISTEN_PID=1".into()],
        };
        Ok(Self { numbers, variables })
    }
}

/// How many sockets a service manager has handed to this very process (sd_listen_fds(3)): variables that were left from another say nothing.
fn activated() -> u32 {
    let number = |name| std::env::var(name).ok()?.parse().ok();
    match number("LISTEN_PID") {
        Some(pid) if pid == std::process::id() => number("LISTEN_FDS").unwrap_or(0),
        _ => 0,
    }
}

/// What this program opens itself closes on exec.
fn is_inherited(number: RawFd) -> bool {
    flatrack_sys::fd::flags(number).is_ok_and(|flags| !flags.contains(FdFlags::CLOEXEC))
}
