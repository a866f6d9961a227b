//! What of the caller's session an app can be given: the words of variables and configuration files that say where
//! servers listen, and what was made for this instance.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::Facts;

/// What was found out about the session for one run. What the app has no permission for is not looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Session {
    /// the Wayland socket
    pub wayland: WaylandSocket,
    /// the cookies for the X display, in the format of an Xauthority file
    #[serde(skip)]
    pub xauthority: Vec<u8>,
    /// `default-server` of PulseAudio's client configuration
    pub pulse_server: Option<String>,
    /// `/etc/machine-id`, which old PulseAudio servers put in the name of their directory
    pub machine_id: Option<String>,
    /// what the configuration of the print server's clients names
    pub cups_servers: Vec<String>,
    /// socket of the GnuPG agent
    pub gpg_agent: Option<PathBuf>,
}

/// How an app reaches the compositor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaylandSocket {
    /// there is none, or the app may not have it
    #[default]
    None,
    /// a socket made for this instance, through which the compositor knows the app and withholds privileged protocols
    Restricted(PathBuf),
    /// the compositor's own, where it cannot tell apps apart
    Plain(PathBuf),
    /// the compositor could not be asked: there is no connection then, rather than an unrestricted one
    Failed,
}

/// Name of the Wayland display: `WAYLAND_DISPLAY` where it is the name of a socket, else the usual one.
#[must_use]
pub fn wayland_display(facts: &Facts) -> &str {
    match facts.env("WAYLAND_DISPLAY") {
        Some(name) if name.starts_with("wayland-") && !name.contains('/') => name,
        _ => "wayland-0",
    }
}

/// A local or remote X display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XDisplay {
    /// `None` is this machine
    pub host: Option<String>,
    /// the display's number, without the screen
    pub number: String,
}

impl XDisplay {
    /// Reads `[HOST]:NUMBER[.SCREEN]`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (host, rest) = text.rsplit_once(':')?;
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let number = &rest[..end];
        // the number becomes part of a path
        let good = !number.is_empty() && number.len() <= 5;
        good.then(|| Self {
            host: Some(host)
                .filter(|host| !matches!(*host, "" | "unix"))
                .map(str::to_owned),
            number: number.to_owned(),
        })
    }

    /// The socket of a display of this machine.
    #[must_use]
    pub fn socket(&self) -> Option<PathBuf> {
        let name = format!("/tmp/.X11-unix/X{}", self.number);
        self.host.is_none().then(|| name.into())
    }
}

/// Where a PulseAudio server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PulseServer {
    /// a socket of this machine
    Socket(PathBuf),
    /// a port; the words are for the app to read
    Network(String),
}

impl PulseServer {
    /// The first server of a list that can be understood; a `{machine}` before one is passed over.
    #[must_use]
    pub fn parse(list: &str) -> Option<Self> {
        list.split_whitespace().find_map(|word| {
            let address = match word.strip_prefix('{') {
                Some(rest) => rest.split_once('}')?.1,
                None => word,
            };
            if let Some(path) = address.strip_prefix("unix:").or(Some(address))
                && path.starts_with('/')
            {
                return Some(Self::Socket(PathBuf::from(path)));
            }
            address
                .starts_with("tcp:")
                .then(|| Self::Network(list.to_owned()))
        })
    }
}

/// The first address of a list of CUPS servers that is a socket of this machine.
#[must_use]
pub(crate) fn cups_socket<'a>(servers: impl IntoIterator<Item = &'a str>) -> PathBuf {
    let is_local = |server: &&str| server.starts_with('/') && !server.contains(':');
    let found = servers.into_iter().find(is_local);
    Path::new(found.unwrap_or("/var/run/cups/cups.sock")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_are_told_apart() {
        let read = |text: &str| XDisplay::parse(text).map(|d| (d.host, d.number));
        assert_eq!(read(":0"), Some((None, "0".into())));
        assert_eq!(read("unix:10.1"), Some((None, "10".into())));
        let far = Some("far.example".to_owned());
        assert_eq!(read("far.example:3"), Some((far, "3".into())));
        for bad in ["", "0", ":", ":x", ":../../etc", ":1234567"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_first_pulse_server_that_is_understood_counts() {
        let socket = |path: &str| Some(PulseServer::Socket(path.into()));
        assert_eq!(PulseServer::parse("unix:/a/b"), socket("/a/b"));
        assert_eq!(PulseServer::parse("{id}unix:/a tcp:x"), socket("/a"));
        assert_eq!(PulseServer::parse("what:ever /c"), socket("/c"));
        let far = "tcp:far.example:4713";
        assert_eq!(
            PulseServer::parse(far),
            Some(PulseServer::Network(far.into()))
        );
        assert_eq!(PulseServer::parse("{open unix:/a"), socket("/a"));
        assert_eq!(PulseServer::parse(" "), None);
    }

    #[test]
    fn a_print_server_elsewhere_is_passed_over() {
        let cups = |list: &[&str]| cups_socket(list.iter().copied());
        assert_eq!(
            cups(&["print.example", "/run/x:631", "/run/c.sock"]),
            Path::new("/run/c.sock")
        );
        assert_eq!(cups(&[]), Path::new("/var/run/cups/cups.sock"));
    }
}
