//! A container's standard streams: fifos, a file or a program on containerd's side, pipes or a terminal on the container's.
//!
//! Pipes and not the fifos themselves, because the container's user owns a pipe, and profiles of AppArmor know no path of one.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use rustix::event::PollFlags;
use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl, open};
use rustix::io::{Errno, read, write};
use rustix::pipe::{PipeFlags, pipe_with};

use crate::error::{Code, Error, Result};
use crate::logger::{self, Logger, Speaker};
use crate::runtime::Streams;

/// Where the streams of a process lead to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Io {
    pub(crate) stdin: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) terminal: bool,
}

/// Copies from one descriptor to another, neither of which is ever waited for.
#[derive(Debug)]
pub(crate) struct Pump {
    from: OwnedFd,
    to: OwnedFd,
    pending: Vec<u8>,
    is_output: bool,
    /// Our own writing end of the container's input: as long as it is open, so is the input, whoever writes to it.
    input: Option<OwnedFd>,
}

/// How a pump stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// There may be more.
    Open { moved: bool },
    /// Nothing can come any more, or nobody takes it.
    Ended,
}

impl Io {
    /// Pipes for the container, and the pumps behind them.
    ///
    /// # Errors
    /// A place that is no fifo, no file and no program, or cannot be opened.
    pub(crate) fn pipes(&self, speaker: &Speaker) -> Result<(Streams, Vec<Pump>)> {
        let mut pumps = Vec::new();
        let pipe =
            || pipe_with(PipeFlags::CLOEXEC).map_err(|error| failed("make a pipe for", "", error));
        let stdin = match self.stdin.as_str() {
            "" => None,
            place => {
                let (theirs, ours) = pipe()?;
                pumps.push(Pump::input(place, ours)?);
                Some(theirs)
            }
        };
        if logger::is_meant(&self.stdout) {
            let logger = Logger::start(&self.stdout, speaker)?;
            let stderr = Some(logger.stderr).filter(|_| !self.stderr.is_empty());
            return Ok((Streams([stdin, Some(logger.stdout), stderr]), pumps));
        }
        let mut output = |place: &str| -> Result<Option<OwnedFd>> {
            if place.is_empty() {
                return Ok(None);
            }
            let (ours, theirs) = pipe()?;
            pumps.push(Pump::new(ours, sink(place)?)?);
            Ok(Some(theirs))
        };
        let (stdout, stderr) = (output(&self.stdout)?, output(&self.stderr)?);
        Ok((Streams([stdin, stdout, stderr]), pumps))
    }

    /// Pumps to and from a terminal.
    ///
    /// # Errors
    /// As for [`Self::pipes`].
    pub(crate) fn terminal(&self, master: BorrowedFd<'_>, speaker: &Speaker) -> Result<Vec<Pump>> {
        let copy = || {
            let copy = rustix::io::fcntl_dupfd_cloexec(master, 3);
            copy.map_err(|error| failed("copy the terminal for", "", error))
        };
        let mut pumps = Vec::new();
        if !self.stdin.is_empty() {
            pumps.push(Pump::input(&self.stdin, copy()?)?);
        }
        let sink = match self.stdout.as_str() {
            "" => None,
            place if logger::is_meant(place) => Some(Logger::start(place, speaker)?.stdout),
            place => Some(sink(place)?),
        };
        if let Some(sink) = sink {
            pumps.push(Pump::new(copy()?, sink)?);
        }
        Ok(pumps)
    }
}

/// Opens where output goes to. A fifo is opened both ways: so it can be opened before anybody reads, and output is no error while the
/// reader is away, as when containerd starts anew.
fn sink(place: &str) -> Result<OwnedFd> {
    let (path, flags) = match place.strip_prefix("file://") {
        Some(path) => (path, OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE),
        None => (fifo(place)?, OFlags::RDWR | OFlags::NONBLOCK),
    };
    let mode = Mode::from_raw_mode(0o600);
    open(path, flags | OFlags::CLOEXEC | OFlags::NOCTTY, mode)
        .map_err(|error| failed("open", path, error))
}

fn fifo(place: &str) -> Result<&str> {
    if place.contains("://") {
        let message = format!("output to `{}` is not supported", place.escape_default());
        return Err(Error::new(Code::Unimplemented, message));
    }
    match std::fs::metadata(place) {
        Ok(found) if found.file_type().is_fifo() => Ok(place),
        Ok(_) => Err(Error::new(
            Code::InvalidArgument,
            format!("`{}` is no fifo", place.escape_default()),
        )),
        Err(error) => Err(Error::io("find", Path::new(place), &error)),
    }
}

fn failed(doing: &str, path: &str, error: Errno) -> Error {
    Error::io(doing, Path::new(path), &error.into())
}

impl Pump {
    fn new(from: OwnedFd, to: OwnedFd) -> Result<Self> {
        for end in [&from, &to] {
            let set = fcntl_getfl(end).and_then(|flags| fcntl_setfl(end, flags | OFlags::NONBLOCK));
            set.map_err(|error| failed("use", "", error))?;
        }
        Ok(Self {
            from,
            to,
            pending: Vec::new(),
            is_output: true,
            input: None,
        })
    }

    fn input(place: &str, to: OwnedFd) -> Result<Self> {
        let path = fifo(place)?;
        let end = |flags| {
            let flags = flags | OFlags::NONBLOCK | OFlags::CLOEXEC;
            open(path, flags, Mode::empty()).map_err(|error| failed("open", path, error))
        };
        let from = end(OFlags::RDONLY)?;
        let input = end(OFlags::WRONLY)?;
        Ok(Self {
            input: Some(input),
            is_output: false,
            ..Self::new(from, to)?
        })
    }

    /// Whether it is what the container says.
    pub(crate) fn is_output(&self) -> bool {
        self.is_output
    }

    /// Ends the input once everything has arrived that was written.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// What to wait for.
    pub(crate) fn interest(&self) -> (BorrowedFd<'_>, PollFlags) {
        match self.pending.is_empty() {
            true => (self.from.as_fd(), PollFlags::IN),
            false => (self.to.as_fd(), PollFlags::OUT),
        }
    }

    /// Moves what can be moved now.
    pub(crate) fn run(&mut self, room: &mut [u8]) -> Flow {
        let mut moved = false;
        // not for ever: others wait too
        for _ in 0..16 {
            if self.pending.is_empty() {
                match read(&self.from, &mut *room) {
                    // a terminal whose other side is closed says EIO
                    Ok(0) | Err(Errno::IO) => return Flow::Ended,
                    Ok(length) => self.pending.extend(room.get(..length).unwrap_or_default()),
                    Err(Errno::AGAIN | Errno::INTR) => return Flow::Open { moved },
                    Err(_) => return Flow::Ended,
                }
            }
            match write(&self.to, &self.pending) {
                Ok(length) => {
                    self.pending.drain(..length);
                    moved = true;
                }
                Err(Errno::AGAIN | Errno::INTR) => return Flow::Open { moved },
                Err(_) => return Flow::Ended,
            }
        }
        if self.pending.is_empty() {
            // what waits in memory waits in none while nothing flows
            self.pending = Vec::new();
        }
        Flow::Open { moved }
    }
}
