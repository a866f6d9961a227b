//! A connection to a bus. Everything on it is over by a deadline.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

use super::wire::{self, Message, Method, Value};
use crate::Address;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody listens, or the connection broke.
    #[error("it cannot be reached")]
    Io(#[from] io::Error),
    /// Nothing came in time.
    #[error("it does not answer")]
    Late,
    /// Something else than D-Bus came, or this user is not let in.
    #[error("it is no message bus of this user")]
    Protocol,
    /// The answer is an error, by name.
    #[error("`{}`", flatrack_perms::Untrusted(.0))]
    Refused(String),
}

/// A connection that has said hello.
#[derive(Debug)]
pub struct Connection {
    socket: OwnedFd,
    deadline: Instant,
    serial: u32,
}

const DRIVER: Method<'_> = Method {
    destination: "org.freedesktop.DBus",
    path: "/org/freedesktop/DBus",
    interface: "org.freedesktop.DBus",
    member: "Hello",
    arguments: &[],
};

impl Connection {
    /// Connects; this and every later question must be over by the deadline.
    ///
    /// # Errors
    /// See [`CallError`].
    pub fn open(address: &Address, deadline: Instant) -> Result<Self, CallError> {
        let socket = connect(address, deadline)?;
        let mut connection = Self {
            socket,
            deadline,
            serial: 0,
        };
        connection.authenticate()?;
        connection.call(DRIVER)?;
        Ok(connection)
    }

    /// Asks the bus itself.
    ///
    /// # Errors
    /// See [`CallError`].
    pub fn ask_driver(&mut self, member: &str) -> Result<Value, CallError> {
        self.call(Method { member, ..DRIVER })
    }

    /// Calls a method.
    ///
    /// # Errors
    /// See [`CallError`].
    pub fn call(&mut self, method: Method<'_>) -> Result<Value, CallError> {
        self.serial += 1;
        self.write(&wire::call(self.serial, method))?;
        loop {
            let mut fixed = [0; wire::FIXED];
            self.read(&mut fixed)?;
            let length = wire::length(&fixed).ok_or(CallError::Protocol)?;
            let mut message = vec![0; length];
            message[..wire::FIXED].copy_from_slice(&fixed);
            self.read(&mut message[wire::FIXED..])?;
            match wire::parse(&message).ok_or(CallError::Protocol)? {
                Message::Return(serial, value) if serial == self.serial => return Ok(value),
                Message::Error(serial, name) if serial == self.serial => {
                    return Err(CallError::Refused(name));
                }
                _ => {}
            }
        }
    }

    /// SASL with the credentials of the socket, as the kernel tells them.
    fn authenticate(&mut self) -> Result<(), CallError> {
        let uid = rustix::process::geteuid().as_raw().to_string();
        let hex: String = uid.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.write(format!("\0AUTH EXTERNAL {hex}\r\n").as_bytes())?;
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            self.read(&mut byte)?;
            line.extend(byte);
            if line.len() > 512 {
                return Err(CallError::Protocol);
            }
        }
        if !line.starts_with(b"OK ") {
            return Err(CallError::Protocol);
        }
        self.write(b"BEGIN\r\n")
    }

    fn read(&self, mut buffer: &mut [u8]) -> Result<(), CallError> {
        while !buffer.is_empty() {
            match rustix::io::read(&self.socket, &mut *buffer) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(count) => buffer = &mut buffer[count..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => self.wait(PollFlags::IN)?,
                Err(error) => return Err(io::Error::from(error).into()),
            }
        }
        Ok(())
    }

    fn write(&self, mut bytes: &[u8]) -> Result<(), CallError> {
        while !bytes.is_empty() {
            let flags = rustix::net::SendFlags::NOSIGNAL;
            match rustix::net::send(&self.socket, bytes, flags) {
                Ok(count) => bytes = &bytes[count..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => self.wait(PollFlags::OUT)?,
                Err(error) => return Err(io::Error::from(error).into()),
            }
        }
        Ok(())
    }

    fn wait(&self, events: PollFlags) -> Result<(), CallError> {
        match wait_for(&self.socket, events, self.deadline)? {
            true => Ok(()),
            false => Err(CallError::Late),
        }
    }
}

fn connect(address: &Address, deadline: Instant) -> Result<OwnedFd, CallError> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)
        .map_err(io::Error::from)?;
    let name = match address {
        Address::Path(path) => SocketAddrUnix::new(path),
        Address::Abstract(name) => SocketAddrUnix::new_abstract_name(name),
    };
    let name = name.map_err(io::Error::from)?;
    loop {
        match rustix::net::connect(&socket, &name) {
            Ok(()) => return Ok(socket),
            Err(Errno::INTR) => {}
            // so many wait already that there is no place in the queue
            Err(Errno::AGAIN) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(Errno::AGAIN) => return Err(CallError::Late),
            Err(error) => return Err(io::Error::from(error).into()),
        }
    }
}

/// Whether something can be read before the deadline.
pub(crate) fn wait_readable(fd: impl AsFd, deadline: Instant) -> io::Result<bool> {
    wait_for(fd, PollFlags::IN, deadline)
}

fn wait_for(fd: impl AsFd, events: PollFlags, deadline: Instant) -> io::Result<bool> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        let mut set = [PollFd::new(&fd, events)];
        match poll(&mut set, Some(&timeout)) {
            Ok(count) => return Ok(count > 0),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::net::UnixListener;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(100)
    }

    #[test]
    fn a_bus_that_hangs_is_given_up_at_every_step() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bus");
        let listener = UnixListener::bind(&path).unwrap();
        let address = Address::Path(path);
        let open = || Connection::open(&address, soon());
        assert!(matches!(open(), Err(CallError::Late)), "nobody accepts");
        let mut held = Vec::new();
        while let Ok(one) = connect(&address, Instant::now()) {
            held.push(one);
        }
        assert!(matches!(open(), Err(CallError::Late)), "the queue is full");
        drop(held);
        listener.set_nonblocking(true).unwrap();
        while listener.accept().is_ok() {}
        listener.set_nonblocking(false).unwrap();
        let server = std::thread::spawn(move || {
            let (mut peer, _) = listener.accept().unwrap();
            peer.write_all(b"OK 1234\r\n").unwrap();
            peer
        });
        assert!(matches!(open(), Err(CallError::Late)), "hello unanswered");
        drop(server.join().unwrap());
    }

    #[test]
    fn what_is_no_bus_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bus");
        let listener = UnixListener::bind(&path).unwrap();
        let address = Address::Path(path);
        let server = std::thread::spawn(move || {
            let (mut peer, _) = listener.accept().unwrap();
            peer.write_all(b"HTTP/1.1 400 Bad Request\r\n").unwrap();
            peer
        });
        let later = Instant::now() + Duration::from_secs(5);
        assert!(matches!(
            Connection::open(&address, later),
            Err(CallError::Protocol)
        ));
        drop(server.join().unwrap());
        let gone = Address::Path(dir.path().join("bus"));
        assert!(matches!(
            Connection::open(&gone, soon()),
            Err(CallError::Io(_))
        ));
    }
}
