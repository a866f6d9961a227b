//! The shim itself: one thread, one loop over everything that may happen.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use flatrack_sys::{process, signal};
use prost::Message as _;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::arguments::Arguments;
use crate::error::{Code, Error, Result};
use crate::frame::{self, Kind};
use crate::messages::rpc::Request;
use crate::pod::{Answer, METHODS, Pod, Reply};

/// Both versions of the service have the same calls.
const SERVICES: [&str; 2] = ["containerd.task.v2.Task", "containerd.task.v3.Task"];
/// After the last container, events are given so long to arrive.
const FAREWELL: Duration = Duration::from_secs(2);

/// One of containerd's connections.
struct Caller {
    socket: UnixStream,
    incoming: Vec<u8>,
    out: Vec<u8>,
}

/// What may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Signals,
    Listener,
    Caller(u64),
    Pumps,
    Publisher,
    Memory(String),
}

struct Shim {
    listener: UnixListener,
    signals: signal::Descriptor,
    callers: BTreeMap<u64, Caller>,
    next_caller: u64,
    pod: Pod,
    room: Vec<u8>,
}

/// Serves until containerd says that it is enough. Standard input is the listening socket.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let failed = |doing: &str, error: std::io::Error| Error::unknown(format!("{doing}: {error}"));
    // out of containerd's session: its end is not the containers'
    rustix::process::setsid().map_err(|error| failed("make a session", error.into()))?;
    process::become_subreaper().map_err(|error| failed("become the reaper", error))?;
    let all = signal::Set::all();
    signal::block(&all).map_err(|error| failed("block signals", error))?;
    let signals = signal::Descriptor::new(&all).map_err(|error| failed("read signals", error))?;
    let listener = std::io::stdin().as_fd().try_clone_to_owned();
    let listener = listener.map_err(|error| failed("take the socket", error))?;
    let listener = UnixListener::from(listener);
    let path = listener.local_addr().ok();
    listener
        .set_nonblocking(true)
        .map_err(|error| failed("use the socket", error))?;
    let mut shim = Shim {
        listener,
        signals,
        callers: BTreeMap::new(),
        next_caller: 0,
        pod: Pod::new(&arguments.namespace),
        room: vec![0; 16 << 10],
    };
    while !shim.pod.done {
        shim.turn()?;
    }
    shim.farewell()?;
    if let Some(path) = path.as_ref().and_then(|address| address.as_pathname()) {
        drop(std::fs::remove_file(path));
    }
    Ok(())
}

impl Shim {
    /// Waits for something, and does what is to be done about it.
    fn turn(&mut self) -> Result<()> {
        let ready = self.wait()?;
        for source in ready {
            match source {
                Source::Signals => self.signalled(),
                Source::Listener => self.accept(),
                Source::Caller(number) => self.hear(number),
                Source::Memory(id) => self.pod.count_kills(&id),
                // looked at every time
                Source::Pumps | Source::Publisher => {}
            }
        }
        self.pod.pump(&mut self.room);
        self.answer();
        self.pod.publisher.run();
        Ok(())
    }

    fn wait(&self) -> Result<Vec<Source>> {
        let mut interests: Vec<(Source, BorrowedFd<'_>, PollFlags)> = vec![
            (Source::Signals, self.signals.as_fd(), PollFlags::IN),
            (Source::Listener, self.listener.as_fd(), PollFlags::IN),
        ];
        for (number, caller) in &self.callers {
            let flags = match caller.out.is_empty() {
                true => PollFlags::IN,
                false => PollFlags::IN | PollFlags::OUT,
            };
            interests.push((Source::Caller(*number), caller.socket.as_fd(), flags));
        }
        for (_, pump) in &self.pod.pumps {
            let (fd, flags) = pump.interest();
            interests.push((Source::Pumps, fd, flags));
        }
        for (id, watch) in self.pod.watches() {
            interests.push((Source::Memory(id.to_owned()), watch.as_fd(), PollFlags::IN));
        }
        if let Some((fd, flags)) = self.pod.publisher.interest() {
            interests.push((Source::Publisher, fd, flags));
        }
        let mut polled: Vec<PollFd<'_>> = interests
            .iter()
            .map(|(_, fd, flags)| PollFd::from_borrowed_fd(*fd, *flags))
            .collect();
        let patience = self.pod.patience();
        let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
        match poll(&mut polled, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(Vec::new()),
            Err(error) => return Err(Error::unknown(format!("wait: {error}"))),
        }
        let ready = polled.iter().map(|fd| !fd.revents().is_empty());
        let ready: Vec<bool> = ready.collect();
        drop(polled);
        let sources = interests.into_iter().zip(ready);
        Ok(sources
            .filter(|(_, ready)| *ready)
            .map(|((source, ..), _)| source)
            .collect())
    }

    /// Children have ended; all else is for the containers to decide.
    fn signalled(&mut self) {
        while let Ok(Some(_)) = self.signals.read() {}
        self.pod.reap();
    }

    fn accept(&mut self) {
        while let Ok((socket, _)) = self.listener.accept() {
            if socket.set_nonblocking(true).is_err() {
                continue;
            }
            self.next_caller += 1;
            let caller = Caller {
                socket,
                incoming: Vec::new(),
                out: Vec::new(),
            };
            self.callers.insert(self.next_caller, caller);
        }
    }

    /// Takes what a caller says, and does it.
    fn hear(&mut self, number: u64) {
        let Some(caller) = self.callers.get_mut(&number) else {
            return;
        };
        let mut requests = Vec::new();
        let mut alive = caller.read(&mut self.room);
        loop {
            match frame::take(&mut caller.incoming) {
                Ok(Some(frame)) if frame.kind == Kind::Request as u8 => requests.push(frame),
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(()) => {
                    alive = false;
                    break;
                }
            }
        }
        if !alive {
            self.callers.remove(&number);
        }
        for frame in requests {
            let reply = Reply {
                connection: number,
                stream: frame.stream,
            };
            match call(&mut self.pod, reply, &frame.payload) {
                Ok(Answer::Now(payload)) => self.pod.answers.push((reply, Ok(payload))),
                Ok(Answer::Later) => {}
                Err(error) => self.pod.answers.push((reply, Err(error))),
            }
        }
    }

    /// Sends answers to those who are still there.
    fn answer(&mut self) {
        for (reply, result) in std::mem::take(&mut self.pod.answers) {
            if let Some(caller) = self.callers.get_mut(&reply.connection) {
                caller.out.extend(frame::response(reply.stream, result));
            }
        }
        self.callers.retain(|_, caller| caller.write());
    }

    /// Lets the last answers and events arrive.
    fn farewell(&mut self) -> Result<()> {
        let until = Instant::now() + FAREWELL;
        let busy = |shim: &Self| {
            !shim.pod.publisher.is_idle()
                || shim.callers.values().any(|caller| !caller.out.is_empty())
        };
        while busy(self) && Instant::now() < until {
            self.turn()?;
        }
        Ok(())
    }
}

impl Caller {
    /// Whether it is still there.
    fn read(&mut self, room: &mut [u8]) -> bool {
        loop {
            match self.socket.read(room) {
                Ok(0) => return false,
                Ok(length) => self.incoming.extend(room.get(..length).unwrap_or_default()),
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
    }

    fn write(&mut self) -> bool {
        while !self.out.is_empty() {
            match self.socket.write(&self.out) {
                Ok(length) => drop(self.out.drain(..length)),
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
        true
    }
}

fn call(pod: &mut Pod, reply: Reply, bytes: &[u8]) -> Result<Answer> {
    let request = Request::decode(bytes)
        .map_err(|error| Error::new(Code::InvalidArgument, error.to_string()))?;
    let known = SERVICES.contains(&request.service.as_str());
    let method = METHODS
        .iter()
        .find(|(name, _)| known && *name == request.method);
    match method {
        Some((_, method)) => method(pod, reply, &request.payload),
        None => {
            let name = format!("{}/{}", request.service, request.method);
            let message = format!("`{}` is not served here", name.escape_default());
            Err(Error::new(Code::Unimplemented, message))
        }
    }
}
