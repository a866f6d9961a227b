//! Events on their way to containerd: kept in order, and over a restart of it.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant, SystemTime};

use prost::Message as _;
use prost_types::Any;
use rustix::event::PollFlags;

use crate::frame;
use crate::messages::event::{Envelope, Event, FORWARD, Forward};

/// As many are kept while nobody takes them; older ones go first.
const MOST: usize = 2048;
/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// Where they go, and those that have not arrived.
#[derive(Debug)]
pub(crate) struct Publisher {
    address: String,
    namespace: String,
    waiting: VecDeque<Vec<u8>>,
    connection: Option<Connection>,
    next_attempt: Instant,
    stream: u32,
}

#[derive(Debug)]
struct Connection {
    socket: UnixStream,
    out: Vec<u8>,
    incoming: Vec<u8>,
    /// whether the first of those that wait has been sent
    sent: bool,
}

impl Publisher {
    /// To the socket that containerd named in the environment; nowhere if it named none.
    pub(crate) fn new(namespace: &str) -> Self {
        let address = std::env::var("TTRPC_ADDRESS").unwrap_or_default();
        Self {
            address: address.trim_start_matches("unix://").to_owned(),
            namespace: namespace.to_owned(),
            waiting: VecDeque::new(),
            connection: None,
            next_attempt: Instant::now(),
            stream: 1,
        }
    }

    /// Takes an event.
    pub(crate) fn publish<E: Event>(&mut self, event: &E) {
        if self.address.is_empty() {
            return;
        }
        let envelope = Envelope {
            timestamp: Some(SystemTime::now().into()),
            namespace: self.namespace.clone(),
            topic: E::TOPIC.to_owned(),
            event: Some(Any {
                type_url: E::type_url(),
                value: event.encode_to_vec(),
            }),
        };
        let forward = Forward {
            envelope: Some(envelope),
        };
        if self.waiting.len() == MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(forward.encode_to_vec());
    }

    /// Whether everything has arrived.
    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When to try anew to reach whoever takes them.
    pub(crate) fn patience(&self) -> Option<Duration> {
        (self.connection.is_none() && !self.is_idle()).then_some(PAUSE)
    }

    /// What to wait for; nothing while nobody can be reached.
    pub(crate) fn interest(&self) -> Option<(BorrowedFd<'_>, PollFlags)> {
        let connection = self.connection.as_ref()?;
        let flags = match connection.out.is_empty() {
            true => PollFlags::IN,
            false => PollFlags::IN | PollFlags::OUT,
        };
        Some((connection.socket.as_fd(), flags))
    }

    /// Sends and takes what can be now.
    pub(crate) fn run(&mut self) {
        if self.waiting.is_empty() && self.connection.is_none() {
            return;
        }
        if self.connection.is_none() && Instant::now() >= self.next_attempt {
            self.next_attempt = Instant::now() + PAUSE;
            self.connection = connect(&self.address).ok();
        }
        if self.exchange().is_err() {
            // what was on its way goes once more
            self.connection = None;
        }
    }

    fn exchange(&mut self) -> std::io::Result<()> {
        let Some(connection) = &mut self.connection else {
            return Ok(());
        };
        loop {
            if let (false, Some(event)) = (connection.sent, self.waiting.front()) {
                connection.out = frame::request(self.stream, FORWARD, event.clone());
                // the caller's streams have odd numbers
                self.stream = self.stream.wrapping_add(2);
                connection.sent = true;
            }
            connection.write()?;
            if !connection.read()? {
                return Ok(());
            }
            while let Some(_answer) = frame::take(&mut connection.incoming)
                .map_err(|()| std::io::Error::from(ErrorKind::InvalidData))?
            {
                self.waiting.pop_front();
                connection.sent = false;
            }
        }
    }
}

fn connect(address: &str) -> std::io::Result<Connection> {
    let socket = UnixStream::connect(address)?;
    socket.set_nonblocking(true)?;
    Ok(Connection {
        socket,
        out: Vec::new(),
        incoming: Vec::new(),
        sent: false,
    })
}

impl Connection {
    fn write(&mut self) -> std::io::Result<()> {
        while !self.out.is_empty() {
            match self.socket.write(&self.out) {
                Ok(length) => drop(self.out.drain(..length)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether anything came.
    fn read(&mut self) -> std::io::Result<bool> {
        let mut room = [0; 1024];
        match self.socket.read(&mut room) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => {
                self.incoming.extend(room.get(..length).unwrap_or_default());
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }
}
