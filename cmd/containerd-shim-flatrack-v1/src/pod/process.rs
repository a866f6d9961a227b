//! One process of a container: its first, or one that was added.

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::SystemTime;

use prost::Message as _;

use super::Reply;
use crate::messages::task::{Status, Waited};
use crate::stdio::Io;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit {
    /// its code, or 128 and the signal's number
    pub(crate) status: u32,
    pub(crate) at: SystemTime,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// made, not started
    Created,
    /// the runtime is starting it
    Starting,
    Running,
    Stopped(Exit),
}

#[derive(Debug)]
pub(crate) struct Process {
    /// 0 until it is known
    pub(crate) pid: u32,
    pub(crate) phase: Phase,
    pub(crate) io: Io,
    /// an end that came before its start was told
    pub(crate) held: Option<Exit>,
    pub(crate) waiters: Vec<Reply>,
    pub(crate) console: Option<OwnedFd>,
    /// the document of one that was added
    pub(crate) document: PathBuf,
}

impl Process {
    pub(crate) fn new(io: Io) -> Self {
        Self {
            pid: 0,
            phase: Phase::Created,
            io,
            held: None,
            waiters: Vec::new(),
            console: None,
            document: PathBuf::new(),
        }
    }

    /// Whether that is its number and it has not ended.
    pub(crate) fn runs_as(&self, pid: i32) -> bool {
        self.exit().is_none() && i64::from(self.pid) == i64::from(pid)
    }

    pub(crate) fn exit(&self) -> Option<Exit> {
        match self.phase {
            Phase::Stopped(exit) => Some(exit),
            _ => None,
        }
    }

    pub(crate) fn status(&self) -> Status {
        match self.phase {
            Phase::Created => Status::Created,
            Phase::Starting | Phase::Running => Status::Running,
            Phase::Stopped(_) => Status::Stopped,
        }
    }
}

impl Exit {
    pub(crate) fn now(status: u32) -> Self {
        let at = SystemTime::now();
        Self { status, at }
    }

    /// The answer to who waits.
    pub(crate) fn waited(self) -> Vec<u8> {
        Waited {
            exit_status: self.status,
            exited_at: Some(self.at.into()),
        }
        .encode_to_vec()
    }
}
