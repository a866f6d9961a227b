//! Where a created container waits for its start: a listening socket in its state directory. Whoever starts it connects, sends one byte,
//! and reads how it went: nothing more if the program was executed, else the failure.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use crate::channel;
use crate::error::{Doing, Error, Result};
use crate::failure::{At, SetupFailure, Step, nothing};

/// The socket's name in the state directory.
pub(crate) const NAME: &str = "start.sock";

/// The waiting side.
#[derive(Debug)]
pub(crate) struct Gate(UnixListener);

/// A path that fits into a socket address, however long the directory's is.
fn short(directory: &std::fs::File) -> std::path::PathBuf {
    use std::os::fd::AsRawFd;
    Path::new("/proc/self/fd")
        .join(directory.as_raw_fd().to_string())
        .join(NAME)
}

impl Gate {
    /// Made before the clone, so that it exists when the container does.
    pub(crate) fn new(directory: &Path) -> Result<Self> {
        let open =
            std::fs::File::open(directory).doing(|| format!("open `{}`", directory.display()))?;
        UnixListener::bind(short(&open))
            .map(Self)
            .doing(|| format!("make `{}`", directory.join(NAME).display()))
    }

    /// Waits for the start; returns the connection to whoever did it, which closes by itself when the program is executed.
    pub(super) fn wait(self) -> std::result::Result<Starter, SetupFailure> {
        loop {
            let (mut connection, _) = self.0.accept().at(Step::Start, nothing)?;
            let mut byte = [0];
            if connection.read(&mut byte).at(Step::Start, nothing)? == 1 {
                return Ok(Starter(connection));
            }
        }
    }
}

/// The connection to whoever starts the container.
#[derive(Debug)]
pub(super) struct Starter(UnixStream);

impl Starter {
    /// Tells it that it failed.
    pub(super) fn report(mut self, failure: &SetupFailure) {
        drop(self.0.write_all(&channel::failed(failure)));
    }
}

/// Whether a container waits at the gate in `directory`. Its listener is closed when the program is executed; a connection without a word is
/// passed over by it.
pub(crate) fn is_waiting(directory: &Path) -> bool {
    directory.join(NAME).exists()
        && std::fs::File::open(directory)
            .is_ok_and(|directory| UnixStream::connect(short(&directory)).is_ok())
}

/// Starts the container that waits at the gate in `directory`.
pub(crate) fn open(directory: &Path) -> Result<()> {
    let doing = || "start the container".to_owned();
    let open = std::fs::File::open(directory).doing(doing)?;
    let mut connection = UnixStream::connect(short(&open)).doing(doing)?;
    connection.write_all(b"s").doing(doing)?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).doing(doing)?;
    match answer.split_first() {
        None => Ok(()),
        Some((_, json)) => {
            let failure: SetupFailure =
                serde_json::from_slice(json).map_err(|source| Error::State {
                    path: directory.join(NAME),
                    source,
                })?;
            Err(failure.into())
        }
    }
}
