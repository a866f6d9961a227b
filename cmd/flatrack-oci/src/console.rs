//! Handing a terminal to whoever asked for the container: its master side through a socket.

use std::io::{self, IoSlice};
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
        connect(path)
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

/// Engines' directories are long and socket addresses are short: a long path goes through the directory's descriptor.
fn connect(path: &Path) -> io::Result<UnixStream> {
    use std::os::fd::AsRawFd;
    const LONGEST: usize = 107;
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return UnixStream::connect(path);
    };
    if path.as_os_str().len() <= LONGEST {
        return UnixStream::connect(path);
    }
    let directory = std::fs::File::open(parent)?;
    let short = format!("/proc/self/fd/{}", directory.as_raw_fd());
    UnixStream::connect(Path::new(&short).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_socket_is_reached_however_long_its_path_is() {
        use std::os::fd::AsRawFd;
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("d".repeat(120));
        std::fs::create_dir(&deep).unwrap();
        let open = std::fs::File::open(&deep).unwrap();
        let short = format!("/proc/self/fd/{}/s", open.as_raw_fd());
        let listener = UnixListener::bind(short).unwrap();
        Console::connect(&deep.join("s")).unwrap();
        listener.accept().unwrap();
    }
}
