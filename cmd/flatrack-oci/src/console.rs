//! Handing a terminal to whoever asked for the container: its master side through a socket.

use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

use crate::failure::{Doing, Result};

/// A connection to the console socket, made before anything else: one that nobody listens at fails the command early.
#[derive(Debug)]
pub(crate) struct Console(UnixStream);

impl Console {
    /// Connects.
    pub(crate) fn connect(path: &Path) -> Result<Self> {
        flatrack_sys::net::connect(path)
            .map(Self)
            .at("connect to the console socket", path)
    }

    /// Sends the master side; the message's text is its name, which is of no use to anybody else.
    pub(crate) fn send(self, master: &OwnedFd) -> Result<()> {
        let fds = [master.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&fds));
        let text = IoSlice::new(b"/dev/ptmx");
        sendmsg(&self.0, &[text], &mut control, SendFlags::NOSIGNAL)
            .map(drop)
            .doing("send the terminal to the console socket")
    }
}
