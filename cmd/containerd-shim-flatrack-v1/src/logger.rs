//! A program that takes what a container says, named by an address `binary:///PROGRAM?ARGUMENT=VALUE`; so nerdctl keeps logs.
//!
//! What it finds is containerd's agreement with such programs (its documentation of runtime v2, "Logging"): standard output at descriptor
//! 3, standard error at 4, and at 5 what it closes once it reads; `CONTAINER_ID` and `CONTAINER_NAMESPACE` are all of its variables.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use command_fds::{CommandFdExt as _, FdMapping};
use percent_encoding::percent_decode_str;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};

use crate::error::{Code, Error, Result};

const SCHEME: &str = "binary://";

/// How long it may take until the program reads; the whole pod waits.
const PATIENCE: Timespec = Timespec {
    tv_sec: 10,
    tv_nsec: 0,
};

/// Whose words they are.
#[derive(Debug)]
pub(crate) struct Speaker {
    pub(crate) namespace: String,
    /// the container's id, or that of a further program
    pub(crate) id: String,
}

/// Where the container writes to. The program ends with the last writer.
#[derive(Debug)]
pub(crate) struct Logger {
    pub(crate) stdout: OwnedFd,
    pub(crate) stderr: OwnedFd,
}

/// Whether an address names a program.
pub(crate) fn is_meant(place: &str) -> bool {
    place.starts_with(SCHEME)
}

impl Logger {
    /// Starts the program and waits until it reads.
    ///
    /// # Errors
    /// An address without the absolute path of a program, a program that cannot be started or is not ready in time.
    pub(crate) fn start(place: &str, speaker: &Speaker) -> Result<Self> {
        let (program, arguments) = parsed(place).ok_or_else(|| {
            let message = format!("`{}` names no program", place.escape_default());
            Error::new(Code::InvalidArgument, message)
        })?;
        let failed = |error: std::io::Error| Error::io("start", &program, &error);
        let pipe = || pipe_with(PipeFlags::CLOEXEC).map_err(|error| failed(error.into()));
        let ((out, stdout), (err, stderr), (ready, theirs)) = (pipe()?, pipe()?, pipe()?);
        let mut command = Command::new(&program);
        command
            .args(arguments)
            .env_clear()
            .env("CONTAINER_ID", &speaker.id)
            .env("CONTAINER_NAMESPACE", &speaker.namespace)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let descriptors = [(out, 3), (err, 4), (theirs, 5)];
        let descriptors = descriptors.map(|(parent_fd, child_fd)| FdMapping {
            parent_fd,
            child_fd,
        });
        let mapped = command.fd_mappings(descriptors.into());
        mapped.map_err(|error| failed(std::io::Error::other(error)))?;
        // reaped with all others
        let mut child = command.spawn().map_err(failed)?;
        // what is ours of its descriptors
        drop(command);
        let mut closed = [PollFd::new(&ready, PollFlags::IN)];
        if poll(&mut closed, Some(&PATIENCE)) == Ok(0) {
            drop(child.kill());
            let late = std::io::Error::new(std::io::ErrorKind::TimedOut, "it is not ready in time");
            return Err(failed(late));
        }
        Ok(Self { stdout, stderr })
    }
}

/// The program, and its arguments: of each pair the name, and the value unless there is none.
fn parsed(place: &str) -> Option<(PathBuf, Vec<String>)> {
    let rest = place.strip_prefix(SCHEME)?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let program = Path::new(&*path);
    let pairs = form_urlencoded::parse(query.as_bytes());
    let words = pairs.flat_map(|(name, value)| [name, value]);
    let arguments = words.filter(|word| !word.is_empty()).map(String::from);
    program
        .is_absolute()
        .then(|| (program.to_owned(), arguments.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_path_and_arguments() {
        let (program, arguments) =
            parsed("binary:///usr/bin/a%20b?log=%2Fvar%2Fx+y&quiet").unwrap();
        assert_eq!(program, Path::new("/usr/bin/a b"));
        assert_eq!(arguments, ["log", "/var/x y", "quiet"]);
        assert!(parsed("binary://logger").is_none());
        assert!(parsed("file:///var/log").is_none());
    }

    #[test]
    fn a_program_that_is_not_there_is_told_of() {
        let speaker = Speaker {
            namespace: "n".to_owned(),
            id: "i".to_owned(),
        };
        let missing = Logger::start("binary:///nowhere/logger", &speaker).unwrap_err();
        assert!(missing.to_string().contains("/nowhere/logger"), "{missing}");
    }
}
