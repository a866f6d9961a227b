//! The programs that enforce a filter. One today, behind a trait.

use std::os::fd::RawFd;
use std::path::{Path, PathBuf};

use flatrack_perms::BusPolicy;

use crate::{Address, Filter, Rule};

/// One bus, as the proxy serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// where the real bus listens, as the proxy sees it
    pub address: Address,
    /// where the proxy listens, as the proxy sees it
    pub socket: PathBuf,
    /// what passes; `None` is everything
    pub filter: Option<Filter>,
    /// every message is written to the proxy's standard output
    pub log: bool,
}

/// Numbers of the descriptors that a proxy inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptors {
    /// written to once by a proxy that listens; a proxy ends when the other end is closed
    pub sync: RawFd,
    /// [`Invocation::arguments`] are read from here
    pub arguments: RawFd,
}

/// A proxy's command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// program and arguments
    pub command: Vec<String>,
    /// further arguments, out of sight of `ps` and without a limit of length
    pub arguments: Vec<u8>,
}

/// A program that serves filtered buses.
pub trait Backend {
    /// The program.
    fn program(&self) -> &Path;
    /// How it is started to serve these buses.
    fn invocation(&self, endpoints: &[Endpoint], descriptors: Descriptors) -> Invocation;
}

/// Flatpak's own proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XdgDbusProxy {
    program: PathBuf,
}

/// No proxy is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`xdg-dbus-proxy` is not installed")]
pub struct MissingProxy;

/// Where distributions put it. Only below /usr: it runs in a sandbox that has nothing else of the host's programs.
const PLACES: [&str; 4] = [
    "/usr/bin/xdg-dbus-proxy",
    "/usr/local/bin/xdg-dbus-proxy",
    "/usr/libexec/xdg-dbus-proxy",
    "/usr/lib/xdg-dbus-proxy",
];

impl XdgDbusProxy {
    /// The one that is installed.
    ///
    /// # Errors
    /// There is none.
    pub fn find() -> Result<Self, MissingProxy> {
        let found = PLACES.into_iter().map(PathBuf::from);
        found
            .into_iter()
            .find(|path| path.is_file())
            .map(|program| Self { program })
            .ok_or(MissingProxy)
    }
}

impl Backend for XdgDbusProxy {
    fn program(&self) -> &Path {
        &self.program
    }

    fn invocation(&self, endpoints: &[Endpoint], descriptors: Descriptors) -> Invocation {
        let mut arguments = Vec::new();
        let mut add = |argument: &str| {
            arguments.extend_from_slice(argument.as_bytes());
            arguments.push(0);
        };
        for endpoint in endpoints {
            add(&endpoint.address.to_string());
            add(&endpoint.socket.to_string_lossy());
            if let Some(filter) = &endpoint.filter {
                add("--filter");
                if filter.sloppy_names {
                    add("--sloppy-names");
                }
                filter.rules.iter().filter_map(option).for_each(|o| add(&o));
            }
            if endpoint.log {
                add("--log");
            }
        }
        Invocation {
            command: vec![
                self.program.to_string_lossy().into_owned(),
                format!("--fd={}", descriptors.sync),
                format!("--args={}", descriptors.arguments),
            ],
            arguments,
        }
    }
}

fn option(rule: &Rule) -> Option<String> {
    Some(match rule {
        Rule::Name(BusPolicy::None, _) => return None,
        Rule::Name(policy, name) => format!("--{}={name}", policy.as_str()),
        Rule::Call { name, rule } => format!("--call={name}={rule}"),
        Rule::Broadcast { name, rule } => format!("--broadcast={name}={rule}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_those_that_flatpak_gives() {
        let proxy = XdgDbusProxy {
            program: "/usr/bin/xdg-dbus-proxy".into(),
        };
        let filter = Filter {
            rules: vec![
                Rule::Name(BusPolicy::Own, "org.a.App.*".into()),
                Rule::Name(BusPolicy::None, "org.a.Hidden".into()),
                Rule::Call {
                    name: "org.p.*".into(),
                    rule: "*".into(),
                },
            ],
            sloppy_names: false,
        };
        let endpoints = [Endpoint {
            address: Address::Path("/run/bus/session".into()),
            socket: "/run/proxy/session".into(),
            filter: Some(filter),
            log: true,
        }];
        let descriptors = Descriptors {
            sync: 7,
            arguments: 9,
        };
        let made = proxy.invocation(&endpoints, descriptors);
        assert_eq!(
            made.command,
            ["/usr/bin/xdg-dbus-proxy", "--fd=7", "--args=9"]
        );
        assert_eq!(
            String::from_utf8(made.arguments).unwrap(),
            "unix:path=/run/bus/session\0/run/proxy/session\0--filter\0--own=org.a.App.*\0--call=org.p.*=*\0--log\0"
        );
    }
}
