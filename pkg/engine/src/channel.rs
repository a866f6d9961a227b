//! The line between a child that sets itself up and the process that made it: one socket pair that keeps messages apart.
//!
//! The parent sends single letters; the child sends its terminal, its readiness, or its failure. When the child executes its program the
//! socket closes, and the parent knows that all went well.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};

use crate::failure::SetupFailure;

/// From parent to child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The user namespace has its ids.
    Mapped = b'm' as isize,
    /// The hooks outside were run: go on to the new root.
    Hooked = b'h' as isize,
    /// Everything outside is in place: go on to the program.
    Go = b'g' as isize,
}

/// From child to parent.
#[derive(Debug)]
pub(crate) enum Report {
    /// The master side of the terminal.
    Terminal(OwnedFd),
    /// The file systems are there; now waiting for the hooks outside.
    Built,
    /// Set up, now waiting for the start.
    Ready,
    /// The number of the process that the intermediate one made, in the parent's pid namespace.
    Made(i32),
    /// It failed.
    Failed(SetupFailure),
}

/// One end.
#[derive(Debug)]
pub(crate) struct End(OwnedFd);

/// Longer than any message: a failure names one path and one error.
const MESSAGE: usize = 16 * 1024;

/// Both ends.
pub(crate) fn pair() -> io::Result<(End, End)> {
    let (one, other) = socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?;
    Ok((End(one), End(other)))
}

impl End {
    pub(crate) fn order(&self, order: Order) -> io::Result<()> {
        self.send(&[order as u8], None)
    }

    /// Waits for an order.
    ///
    /// # Errors
    /// `UnexpectedEof` if the parent is gone.
    pub(crate) fn await_order(&self, order: Order) -> io::Result<()> {
        let mut byte = [0];
        let (length, _) = self.receive(&mut byte, RecvFlags::empty())?;
        match (length, byte[0]) {
            (0, _) => Err(io::ErrorKind::UnexpectedEof.into()),
            (_, letter) if letter == order as u8 => Ok(()),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    pub(crate) fn report(&self, report: &Report) -> io::Result<()> {
        match report {
            Report::Terminal(master) => self.send(b"t", Some(master)),
            Report::Built => self.send(b"b", None),
            Report::Ready => self.send(b"r", None),
            Report::Made(pid) => self.send(&[b"p", &pid.to_ne_bytes()[..]].concat(), None),
            Report::Failed(failure) => self.send(&failed(failure), None),
        }
    }

    /// The next report; `None` when the other end is closed.
    pub(crate) fn next_report(&self) -> io::Result<Option<Report>> {
        self.report_with(RecvFlags::empty())
    }

    /// The failure that was reported already, without waiting for one.
    pub(crate) fn failure_so_far(&self) -> Option<SetupFailure> {
        match self.report_with(RecvFlags::DONTWAIT) {
            Ok(Some(Report::Failed(failure))) => Some(failure),
            _ => None,
        }
    }

    fn report_with(&self, flags: RecvFlags) -> io::Result<Option<Report>> {
        let mut buffer = vec![0; MESSAGE];
        let (length, fd) = self.receive(&mut buffer, flags)?;
        let Some((letter, rest)) = buffer.get(..length).and_then(<[u8]>::split_first) else {
            return Ok(None);
        };
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        Ok(Some(match letter {
            b't' => Report::Terminal(fd.ok_or_else(invalid)?),
            b'b' => Report::Built,
            b'r' => Report::Ready,
            b'p' => Report::Made(i32::from_ne_bytes(rest.try_into().map_err(|_| invalid())?)),
            b'f' => Report::Failed(serde_json::from_slice(rest)?),
            _ => return Err(invalid()),
        }))
    }

    fn send(&self, bytes: &[u8], fd: Option<&OwnedFd>) -> io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let fds = fd.map(|fd| [fd.as_fd()]);
        if let Some(fds) = &fds {
            control.push(SendAncillaryMessage::ScmRights(fds));
        }
        sendmsg(
            &self.0,
            &[IoSlice::new(bytes)],
            &mut control,
            SendFlags::NOSIGNAL,
        )?;
        Ok(())
    }

    fn receive(&self, bytes: &mut [u8], flags: RecvFlags) -> io::Result<(usize, Option<OwnedFd>)> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let message = loop {
            match recvmsg(
                &self.0,
                &mut [IoSliceMut::new(bytes)],
                &mut control,
                RecvFlags::CMSG_CLOEXEC | flags,
            ) {
                // A peer that ended with something unread is told of once, before what it sent; that is read next.
                Err(rustix::io::Errno::INTR | rustix::io::Errno::CONNRESET) => {}
                other => break other?,
            }
        };
        let mut fd = None;
        for part in control.drain() {
            if let RecvAncillaryMessage::ScmRights(fds) = part {
                fd = fds.last();
            }
        }
        Ok((message.bytes, fd))
    }
}

/// A failure as one message; text that would not fit is cut.
pub(crate) fn failed(failure: &SetupFailure) -> Vec<u8> {
    let mut failure = failure.clone();
    for text in [&mut failure.what, &mut failure.message] {
        *text = text.chars().take(1000).collect();
    }
    let json = serde_json::to_vec(&failure).unwrap_or_default();
    [b"f", json.as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Step;

    #[test]
    fn what_a_child_said_before_it_ended_is_heard_without_waiting() {
        let (ours, theirs) = pair().unwrap();
        assert!(ours.failure_so_far().is_none());
        let failure = SetupFailure::new(Step::Attribute, "nice -1", "not allowed");
        theirs.report(&Report::Failed(failure)).unwrap();
        drop(theirs);
        assert_eq!(ours.failure_so_far().unwrap().what, "nice -1");
        assert!(ours.failure_so_far().is_none());
    }
}
