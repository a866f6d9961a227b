//! The socket over which a runtime hands over a terminal's master side.

use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};

use crate::error::{Error, Result};

/// Whose names are short enough for a socket's address, whatever a container is called.
const PLACE: &str = "/run/flatrack-shim";

/// The socket; removed with the value.
#[derive(Debug)]
pub(crate) struct Console {
    listener: UnixListener,
    path: PathBuf,
}

impl Console {
    /// Listens, in a directory that only its owner enters.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub(crate) fn new(number: u64) -> Result<Self> {
        let place = Path::new(PLACE);
        let made = std::fs::DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(place);
        made.map_err(|error| Error::io("make", place, &error))?;
        let path = place.join(format!("{}-{number}", std::process::id()));
        drop(std::fs::remove_file(&path));
        let listener = UnixListener::bind(&path).and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok(listener)
        });
        let listener = listener.map_err(|error| Error::io("listen at", &path, &error))?;
        Ok(Self { listener, path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The terminal, which was sent before the runtime ended.
    ///
    /// # Errors
    /// None was sent.
    pub(crate) fn take(self) -> Result<OwnedFd> {
        let missing = || Error::unknown("the runtime has sent no terminal");
        let (stream, _) = self.listener.accept().map_err(|_| missing())?;
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut text = [0; 4096];
        let slices = &mut [IoSliceMut::new(&mut text)];
        recvmsg(&stream, slices, &mut control, RecvFlags::CMSG_CLOEXEC).map_err(|_| missing())?;
        let mut found = control.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
            _ => None,
        });
        found.next().ok_or_else(missing)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.path));
    }
}
