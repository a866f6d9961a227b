//! A connection to a service manager's own socket: one call at a time, every wait bounded.
//!
//! The private socket rather than the bus: it is there before the bus is, and without one, and only root or the user behind it may
//! connect. Its messages are D-Bus without a bus: nobody to say hello to, no names, signals come unasked.

use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::wire::{Reader, Writer};

const PATIENCE: Duration = Duration::from_secs(10);
/// Far above what systemd answers; a longer message is no answer.
const LONGEST: usize = 1 << 20;

const CALL: u8 = 1;
const REPLY: u8 = 2;
const ERROR: u8 = 3;
const SIGNAL: u8 = 4;

/// Codes of header fields.
const PATH: u8 = 1;
const INTERFACE: u8 = 2;
const MEMBER: u8 = 3;
const ERROR_NAME: u8 = 4;
const REPLY_SERIAL: u8 = 5;
const SIGNATURE: u8 = 8;

/// Why a call did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The manager refused, by error name and words.
    Refused(String, String),
    /// It was not heard of.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The parts of a message that are looked at.
#[derive(Debug, Default)]
struct Message {
    kind: u8,
    reply_to: u32,
    member: String,
    error: String,
    body: Vec<u8>,
}

/// A connection to one manager.
#[derive(Debug)]
pub(super) struct Connection {
    stream: UnixStream,
    deadline: Instant,
    serial: u32,
    /// Jobs that ended before they were asked for: path and result.
    ended: Vec<(String, String)>,
}

impl Connection {
    /// Connects and says who is there, which the kernel confirms.
    ///
    /// `BEGIN` goes out with the first line, as sd-bus itself does. Sent after the answer, it and a short call can come to systemd in one
    /// read of its handshake (256 bytes); systemd then leaves the call in its buffer until something else happens on the socket.
    pub(super) fn open(socket: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(socket)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut connection = Self {
            stream,
            deadline: Instant::now() + PATIENCE,
            serial: 0,
            ended: Vec::new(),
        };
        let user = rustix::process::geteuid().as_raw().to_string();
        let hex: String = user.bytes().map(|byte| format!("{byte:02x}")).collect();
        connection
            .stream
            .write_all(format!("\0AUTH EXTERNAL {hex}\r\nBEGIN\r\n").as_bytes())?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n") {
            let mut byte = [0];
            connection.read(&mut byte)?;
            answer.push(byte[0]);
            if answer.len() > 512 {
                return Err(malformed());
            }
        }
        if !answer.starts_with(b"OK ") {
            return Err(ErrorKind::PermissionDenied.into());
        }
        Ok(connection)
    }

    /// Calls a method of the manager; the body of its answer.
    pub(super) fn call(
        &mut self,
        member: &str,
        signature: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Failure> {
        self.serial += 1;
        let message = call_message(self.serial, member, signature, &body);
        self.stream.write_all(&message)?;
        loop {
            let message = self.next()?;
            match message.kind {
                REPLY if message.reply_to == self.serial => return Ok(message.body),
                ERROR if message.reply_to == self.serial => {
                    let words = Reader::new(&message.body)
                        .string()
                        .unwrap_or_default()
                        .to_owned();
                    return Err(Failure::Refused(message.error, words));
                }
                _ => self.note(&message),
            }
        }
    }

    /// Calls a method that answers with a job, and waits for the end of the job: its result, `done` if it went well.
    pub(super) fn job(
        &mut self,
        member: &str,
        signature: &str,
        body: Vec<u8>,
    ) -> Result<String, Failure> {
        let answer = self.call(member, signature, body)?;
        let job = Reader::new(&answer)
            .string()
            .ok_or_else(malformed)?
            .to_owned();
        loop {
            if let Some((_, result)) = self.ended.iter().find(|(path, _)| *path == job) {
                return Ok(result.clone());
            }
            let message = self.next()?;
            self.note(&message);
        }
    }

    fn note(&mut self, message: &Message) {
        if message.kind == SIGNAL && message.member == "JobRemoved" {
            self.ended.extend(job_removed(&message.body));
        }
    }

    fn next(&mut self) -> io::Result<Message> {
        let mut fixed = [0; 16];
        self.read(&mut fixed)?;
        let word = |at: usize| {
            u32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]) as usize
        };
        let (body, fields) = (word(4), word(12));
        if fixed[0] != b'l' || body > LONGEST || fields > LONGEST {
            return Err(malformed());
        }
        let mut rest = vec![0; fields.next_multiple_of(8) + body];
        self.read(&mut rest)?;
        let body = rest.split_off(fields.next_multiple_of(8));
        rest.truncate(fields);
        parse_fields(fixed[1], &rest, body).ok_or_else(malformed)
    }

    fn read(&mut self, mut into: &mut [u8]) -> io::Result<()> {
        while !into.is_empty() {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(into) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => into = &mut into[count..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Err(ErrorKind::TimedOut.into());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn malformed() -> io::Error {
    io::Error::new(
        ErrorKind::InvalidData,
        "the service manager's answer is not understood",
    )
}

fn call_message(serial: u32, member: &str, signature: &str, body: &[u8]) -> Vec<u8> {
    let mut message = Writer::default();
    for byte in [b'l', CALL, 0, 1] {
        message.byte(byte);
    }
    message.u32(body.len() as u32);
    message.u32(serial);
    message.array(8, |fields| {
        for (code, kind, value) in [
            (PATH, "o", "/org/freedesktop/systemd1"),
            (INTERFACE, "s", "org.freedesktop.systemd1.Manager"),
            (MEMBER, "s", member),
        ] {
            fields.align(8);
            fields.byte(code);
            fields.signature(kind);
            fields.string(value);
        }
        fields.align(8);
        fields.byte(SIGNATURE);
        fields.signature("g");
        fields.signature(signature);
    });
    message.align(8);
    let mut bytes = message.finish();
    bytes.extend(body);
    bytes
}

/// The header's fields begin at an offset of 16, so that alignment within them is alignment within the message.
fn parse_fields(kind: u8, fields: &[u8], body: Vec<u8>) -> Option<Message> {
    let mut message = Message {
        kind,
        body,
        ..Message::default()
    };
    let mut reader = Reader::new(fields);
    loop {
        reader.align(8);
        if reader.is_at_end() {
            return Some(message);
        }
        let code = reader.byte()?;
        match (code, reader.signature()?) {
            (REPLY_SERIAL, "u") => message.reply_to = reader.u32()?,
            (MEMBER, "s") => message.member = reader.string()?.to_owned(),
            (ERROR_NAME, "s") => message.error = reader.string()?.to_owned(),
            (_, "s" | "o") => _ = reader.string()?,
            (_, "g") => _ = reader.signature()?,
            (_, "u") => _ = reader.u32()?,
            _ => return None,
        }
    }
}

/// The job and its result, from a signal's body: number, job, unit, result.
fn job_removed(body: &[u8]) -> Option<(String, String)> {
    let mut reader = Reader::new(body);
    reader.u32()?;
    let job = reader.string()?.to_owned();
    reader.string()?;
    Some((job, reader.string()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    /// Reads as systemd does: nothing is answered before `BEGIN`, so what comes with it would be seen here.
    #[test]
    fn nothing_but_the_handshake_comes_with_begin() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("private");
        let listener = UnixListener::bind(&path).unwrap();
        let manager = std::thread::spawn(move || {
            let (mut peer, _) = listener.accept().unwrap();
            peer.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut buffer = [0; 256];
            let count = peer.read(&mut buffer).unwrap();
            let first = String::from_utf8_lossy(&buffer[..count]).into_owned();
            peer.write_all(b"OK 0123456789abcdef0123456789abcdef\r\n")
                .unwrap();
            let count = peer.read(&mut buffer).unwrap();
            (first, buffer[..count].to_vec())
        });
        let mut connection = Connection::open(&path).unwrap();
        // hangs up instead of an answer
        assert!(matches!(
            connection.call("StopUnit", "ss", Vec::new()),
            Err(Failure::Io(_))
        ));
        let (first, second) = manager.join().unwrap();
        assert!(
            first.starts_with("\0AUTH EXTERNAL ") && first.ends_with("\r\nBEGIN\r\n"),
            "{first:?}"
        );
        assert_eq!(second[..2], [b'l', CALL]);
    }

    #[test]
    fn a_user_who_is_not_let_in_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("private");
        let listener = UnixListener::bind(&path).unwrap();
        let manager = std::thread::spawn(move || {
            let (mut peer, _) = listener.accept().unwrap();
            peer.write_all(b"REJECTED\r\nERROR\r\n").unwrap();
            peer
        });
        let error = Connection::open(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        drop(manager.join().unwrap());
    }
}
