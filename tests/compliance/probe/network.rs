//! Whom it can talk to.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};

use crate::dump::{Dump, verdict};

/// Variables that may hold `unix:path=…`, `unix:…` or a plain path of a socket.
const ADDRESSES: [&str; 6] = [
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_SYSTEM_BUS_ADDRESS",
    "AT_SPI_BUS_ADDRESS",
    "PULSE_SERVER",
    "SSH_AUTH_SOCK",
    "PCSCLITE_CSOCK_NAME",
];

pub(crate) fn look(dump: &mut Dump, abstract_name: &str) {
    let listener = TcpListener::bind("127.0.0.1:0");
    let reached = listener
        .and_then(|l| l.local_addr())
        .and_then(TcpStream::connect);
    dump.say("net", "loopback", verdict(reached));
    let devices = fs::read_to_string("/proc/net/dev").unwrap_or_default();
    for line in devices.lines().skip(2) {
        let name = line.split(':').next().unwrap_or_default().trim();
        dump.say("interface", name, "there");
    }
    let reached =
        SocketAddr::from_abstract_name(abstract_name).and_then(|at| UnixStream::connect_addr(&at));
    dump.say("abstract", abstract_name, verdict(reached));
    for name in ADDRESSES {
        if let Ok(value) = std::env::var(name) {
            let path = value
                .trim_start_matches("unix:")
                .trim_start_matches("path=");
            dump.say("connect", name, verdict(UnixStream::connect(path)));
        }
    }
    if let (Ok(dir), Ok(name)) = (
        std::env::var("XDG_RUNTIME_DIR"),
        std::env::var("WAYLAND_DISPLAY"),
    ) {
        let reached = UnixStream::connect(format!("{dir}/{name}"));
        dump.say("connect", "WAYLAND_DISPLAY", verdict(reached));
    }
}
