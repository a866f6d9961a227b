//! What it can do on each bus, by the D-Bus specification's protocol (version 1): which names it sees, whom it can call,
//! which names it can own.

use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use crate::dump::Dump;

const DAEMON: &str = "org.freedesktop.DBus";
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a sandbox has the system's bus. The variable for it is not looked at: Flatpak leaves the caller's as it is.
const SYSTEM: &str = "unix:path=/run/dbus/system_bus_socket";

/// Header fields, by their numbers.
const PATH: u8 = 1;
const INTERFACE: u8 = 2;
const MEMBER: u8 = 3;
const ERROR_NAME: u8 = 4;
const REPLY_SERIAL: u8 = 5;
const DESTINATION: u8 = 6;
const SIGNATURE: u8 = 8;

/// Tries every name on every bus that there is.
pub(crate) fn look(dump: &mut Dump, names: &[String]) {
    let buses = [
        ("session", std::env::var("DBUS_SESSION_BUS_ADDRESS").ok()),
        ("system", Some(SYSTEM.to_owned())),
        ("accessibility", std::env::var("AT_SPI_BUS_ADDRESS").ok()),
    ];
    for (bus, address) in buses {
        let path = address
            .iter()
            .filter_map(|address| address.strip_prefix("unix:path="))
            .filter_map(|rest| rest.split(',').next());
        for stream in path.filter_map(|path| UnixStream::connect(path).ok()) {
            let said = Client::greet(stream).and_then(|mut client| client.look(dump, bus, names));
            if let Err(error) = said {
                dump.say("bus", bus, error.kind());
            }
        }
    }
}

/// An answer: its body, or the name of an error.
type Answer = Result<Vec<u8>, String>;

struct Client {
    stream: UnixStream,
    serial: u32,
}

impl Client {
    fn greet(mut stream: UnixStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(PATIENCE))?;
        let user = std::fs::metadata("/proc/self")?.uid().to_string();
        let hex: String = user.bytes().map(|byte| format!("{byte:02x}")).collect();
        stream.write_all(format!("\0AUTH EXTERNAL {hex}\r\n").as_bytes())?;
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            line.push(byte[0]);
        }
        if !line.starts_with(b"OK ") {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        stream.write_all(b"BEGIN\r\n")?;
        Ok(Self { stream, serial: 0 })
    }

    fn look(&mut self, dump: &mut Dump, bus: &str, names: &[String]) -> io::Result<()> {
        let greeting = self.call(DAEMON, DAEMON, "Hello", &[])?;
        dump.say("bus", bus, result(&greeting));
        for member in ["ListNames", "ListActivatableNames"] {
            let listed = match self.call(DAEMON, DAEMON, member, &[])? {
                Ok(body) => well_known(&body).join(" "),
                Err(error) => error,
            };
            dump.say("bus", format!("{bus} {member}"), listed);
        }
        for name in names {
            let called = self.call(name, "org.freedesktop.DBus.Peer", "Ping", &[])?;
            dump.say("call", format!("{bus} {name}"), result(&called));
            let owner = self.call(DAEMON, DAEMON, "GetNameOwner", &[name])?;
            dump.say("owner", format!("{bus} {name}"), result(&owner));
            let owned = match self.request(name)? {
                Ok(body) => format!("code {}", body.first().copied().unwrap_or_default()),
                Err(error) => error,
            };
            dump.say("own", format!("{bus} {name}"), owned);
        }
        let rule = self.call(DAEMON, DAEMON, "AddMatch", &["eavesdrop=true"])?;
        dump.say("bus", format!("{bus} eavesdrop"), result(&rule));
        Ok(())
    }

    /// Without waiting in the queue: 1 is owned now, 3 is somebody else's, 4 was owned before.
    fn request(&mut self, name: &str) -> io::Result<Answer> {
        const DO_NOT_QUEUE: u32 = 4;
        let mut body = Body::default();
        body.text(name);
        body.number(DO_NOT_QUEUE);
        self.send(DAEMON, DAEMON, "RequestName", "su", &body.0)
    }

    fn call(&mut self, to: &str, interface: &str, member: &str, arguments: &[&str]) -> io::Result<Answer> {
        let mut body = Body::default();
        arguments.iter().for_each(|text| body.text(text));
        self.send(to, interface, member, &"s".repeat(arguments.len()), &body.0)
    }

    fn send(&mut self, to: &str, interface: &str, member: &str, signature: &str, body: &[u8]) -> io::Result<Answer> {
        self.serial += 1;
        let mut fields = Body::default();
        fields.field(PATH, "o", "/");
        fields.field(INTERFACE, "s", interface);
        fields.field(MEMBER, "s", member);
        fields.field(DESTINATION, "s", to);
        if !signature.is_empty() {
            fields.field(SIGNATURE, "g", signature);
        }
        let mut message = Body(vec![b'l', 1, 0, 1]);
        message.number(u32::try_from(body.len()).unwrap_or(0));
        message.number(self.serial);
        message.number(u32::try_from(fields.0.len()).unwrap_or(0));
        message.0.extend(&fields.0);
        message.align(8);
        message.0.extend(body);
        self.stream.write_all(&message.0)?;
        loop {
            if let Some(answer) = self.receive()? {
                return Ok(answer);
            }
        }
    }

    /// The next message, if it answers the last call.
    fn receive(&mut self) -> io::Result<Option<Answer>> {
        let mut head = [0; 16];
        self.stream.read_exact(&mut head)?;
        let fields = number(&head, 12) as usize;
        let mut rest = vec![0; fields.next_multiple_of(8) + number(&head, 4) as usize];
        self.stream.read_exact(&mut rest)?;
        let body = rest.split_off(fields.next_multiple_of(8));
        let (mut answers, mut error) = (false, None);
        let mut at = 0;
        while at < fields {
            at = at.next_multiple_of(8);
            let (code, kind) = (rest[at], rest[at + 2]);
            at += 4;
            if kind == b'g' {
                at += usize::from(rest[at]) + 2;
                continue;
            }
            at = at.next_multiple_of(4);
            let value = number(&rest, at);
            if code == REPLY_SERIAL {
                answers = value == self.serial;
            }
            at += 4;
            if matches!(kind, b's' | b'o') {
                let text = &rest[at..at + value as usize];
                if code == ERROR_NAME {
                    error = Some(String::from_utf8_lossy(text).into_owned());
                }
                at += value as usize + 1;
            }
        }
        Ok(answers.then_some(error.map_or(Ok(body), Err)))
    }
}

fn result(answer: &Answer) -> &str {
    answer.as_ref().map_or_else(String::as_str, |_| "ok")
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|four| four.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

/// The names in an array of strings that are no numbers of connections, sorted.
fn well_known(body: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = 4;
    while at < body.len() {
        at = at.next_multiple_of(4);
        let length = number(body, at) as usize;
        let text = body.get(at + 4..at + 4 + length).unwrap_or_default();
        names.push(String::from_utf8_lossy(text).into_owned());
        at += length + 5;
    }
    names.retain(|name| !name.starts_with(':'));
    names.sort();
    names
}

/// Values one after the other, each at a multiple of its size.
#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn align(&mut self, to: usize) {
        self.0.resize(self.0.len().next_multiple_of(to), 0);
    }

    fn number(&mut self, value: u32) {
        self.align(4);
        self.0.extend(value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(u32::try_from(text.len()).unwrap_or(0));
        self.0.extend(text.as_bytes());
        self.0.push(0);
    }

    fn field(&mut self, code: u8, kind: &str, value: &str) {
        self.align(8);
        self.0.extend([code, 1, kind.as_bytes()[0], 0]);
        if kind == "g" {
            self.0.push(u8::try_from(value.len()).unwrap_or(0));
            self.0.extend(value.as_bytes());
            self.0.push(0);
        } else {
            self.text(value);
        }
    }
}
