//! Somebody outside who decides about system calls (`SCMP_ACT_NOTIFY`): the descriptor of the filter is sent to the socket that the
//! document's `listenerPath` names, with a word about the container.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use oci_spec::runtime::LinuxSeccomp;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use serde::Serialize;

use super::SeccompProgram;
use crate::error::{Doing, Result};
use crate::hooks::{About, State};
use crate::lifecycle::Status;

/// A connection, made while the host's files are in reach.
#[derive(Debug)]
pub(crate) struct Listener<'a> {
    stream: UnixStream,
    metadata: &'a str,
    about: About<'a>,
    status: Status,
}

/// The runtime-spec's `ContainerProcessState`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProcessState<'a> {
    oci_version: &'a str,
    fds: [&'a str; 1],
    pid: i32,
    #[serde(skip_serializing_if = "str::is_empty")]
    metadata: &'a str,
    state: State<'a>,
}

impl<'a> Listener<'a> {
    /// Connects, if the program has a listener. `about.pid` is 0 for the container's first process, which knows its number later.
    pub(crate) fn connect(
        profile: Option<&'a LinuxSeccomp>,
        program: Option<&SeccompProgram>,
        about: About<'a>,
        status: Status,
    ) -> Result<Option<Self>> {
        let wanted = program.is_some_and(SeccompProgram::has_listener);
        let Some((profile, path)) = profile
            .filter(|_| wanted)
            .and_then(|profile| Some((profile, profile.listener_path().as_ref()?)))
        else {
            return Ok(None);
        };
        let stream = flatrack_sys::net::connect(path)
            .doing(|| format!("connect to the seccomp listener `{}`", path.display()))?;
        Ok(Some(Self {
            stream,
            metadata: profile.listener_metadata().as_deref().unwrap_or_default(),
            about,
            status,
        }))
    }

    /// Sends the descriptor on behalf of process `pid`. One call of the kernel: what the filter lets nobody but the listener decide must not
    /// be needed to reach it.
    pub(crate) fn send(&self, filter: &OwnedFd, message: &[u8]) -> io::Result<()> {
        let fds = [filter.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&fds));
        sendmsg(
            &self.stream,
            &[IoSlice::new(message)],
            &mut control,
            SendFlags::NOSIGNAL,
        )?;
        Ok(())
    }

    /// What is sent with it, made before the filter is in force. `pid` in the host's numbers.
    pub(crate) fn message(&self, pid: i32) -> io::Result<Vec<u8>> {
        let mut about = self.about;
        if about.pid == 0 {
            about.pid = pid;
        }
        let state = about.state(self.status);
        Ok(serde_json::to_vec(&ProcessState {
            oci_version: state.oci_version,
            fds: ["seccompFd"],
            pid,
            metadata: self.metadata,
            state,
        })?)
    }
}
