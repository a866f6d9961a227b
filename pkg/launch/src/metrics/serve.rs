//! Metrics for whoever asks at a socket, by HTTP.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::metrics;
use crate::Error;

/// The largest request that is read, in bytes.
pub const MAX_REQUEST: usize = 8 * 1024;

/// How long a caller may take to ask, and to take the answer.
const PATIENCE: Duration = Duration::from_secs(5);

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A socket at which metrics are served, one caller after the other. The socket's file is for its owner only.
#[derive(Debug)]
pub struct MetricsServer {
    listener: UnixListener,
}

impl MetricsServer {
    /// Listens at a path. A socket that nobody serves any more is replaced; anything else that is there is not.
    ///
    /// # Errors
    /// The path is taken, or cannot be made.
    pub fn listen(path: &Path) -> Result<Self, Error> {
        let io = |source| Error::Io {
            path: PathBuf::from(path),
            source,
        };
        let listener = match UnixListener::bind(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_stale(path) => {
                fs::remove_file(path).map_err(io)?;
                UnixListener::bind(path)
            }
            other => other,
        }
        .map_err(io)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(io)?;
        Ok(Self { listener })
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// The socket fails; what goes wrong with one caller ends that caller only.
    pub fn run(&self) -> io::Result<()> {
        loop {
            let (caller, _) = self.listener.accept()?;
            drop(answer(caller));
        }
    }
}

/// A socket to which nobody answers.
fn is_stale(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
        && UnixStream::connect(path)
            .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn answer(mut caller: UnixStream) -> io::Result<()> {
    caller.set_read_timeout(Some(PATIENCE))?;
    caller.set_write_timeout(Some(PATIENCE))?;
    let (status, body) = match request(&mut caller)? {
        Asked::Metrics => match metrics() {
            Ok(text) => ("200 OK", text),
            Err(error) => ("500 Internal Server Error", format!("{error}\n")),
        },
        Asked::Other => ("404 Not Found", "the metrics are at /metrics\n".to_owned()),
        Asked::Nonsense => ("400 Bad Request", String::new()),
    };
    let length = body.len();
    write!(
        caller,
        "HTTP/1.1 {status}\r\nContent-Type: {TYPE}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

enum Asked {
    Metrics,
    Other,
    Nonsense,
}

fn request(caller: &mut UnixStream) -> io::Result<Asked> {
    let mut text = Vec::new();
    let mut part = [0; 1024];
    while text.len() < MAX_REQUEST {
        let length = caller.read(&mut part)?;
        text.extend_from_slice(&part[..length]);
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut parsed = httparse::Request::new(&mut headers);
        match parsed.parse(&text) {
            Ok(httparse::Status::Complete(_)) => {
                let path = parsed.path.unwrap_or_default().split('?').next();
                return Ok(match (parsed.method, path) {
                    (Some("GET"), Some("/metrics")) => Asked::Metrics,
                    _ => Asked::Other,
                });
            }
            Ok(httparse::Status::Partial) if length > 0 => {}
            _ => break,
        }
    }
    Ok(Asked::Nonsense)
}
