//! Where a bus listens.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// A place where a bus listens on this machine. Of the forms that D-Bus knows only sockets are here: the others run
/// programs (`unixexec:`, `autolaunch:`) or leave the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// a socket in the file system
    Path(PathBuf),
    /// an abstract socket of the host's network namespace
    Abstract(Vec<u8>),
}

/// An address that names no socket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` names no socket of this machine", flatrack_perms::Untrusted(.0))]
pub struct AddressError(pub String);

impl Address {
    /// Takes the first socket of a list such as `unix:path=/run/user/1000/bus,guid=…;tcp:…`.
    ///
    /// # Errors
    /// A list without one.
    pub fn parse(list: &str) -> Result<Self, AddressError> {
        list.split(';')
            .find_map(one)
            .ok_or_else(|| AddressError(list.to_owned()))
    }

    /// The socket's path, if it has one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Abstract(_) => None,
        }
    }
}

fn one(address: &str) -> Option<Address> {
    let keys = address.strip_prefix("unix:")?;
    keys.split(',').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = unescaped(value)?;
        match key {
            "path" if value.first() == Some(&b'/') && !value.contains(&0) => Some(Address::Path(
                PathBuf::from(std::ffi::OsString::from_vec(value)),
            )),
            "abstract" if !value.is_empty() => Some(Address::Abstract(value)),
            _ => None,
        }
    })
}

fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    Some(bytes)
}

fn escaped(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    for byte in bytes {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'/' | b'.' | b'*' => {
                write!(f, "{}", char::from(*byte))?;
            }
            other => write!(f, "%{other:02x}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Address {
    /// As D-Bus writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => {
                f.write_str("unix:path=")?;
                escaped(f, OsStr::as_bytes(path.as_os_str()))
            }
            Self::Abstract(name) => {
                f.write_str("unix:abstract=")?;
                escaped(f, name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_socket_of_a_list_counts_and_is_written_back_escaped() {
        let parsed = Address::parse("tcp:host=a;unix:guid=12,path=/tmp/a%20b%3bc").unwrap();
        assert_eq!(parsed, Address::Path("/tmp/a b;c".into()));
        assert_eq!(parsed.to_string(), "unix:path=/tmp/a%20b%3bc");
        let hidden = Address::parse("unix:abstract=/tmp/dbus-x,guid=1").unwrap();
        assert_eq!(hidden.to_string(), "unix:abstract=/tmp/dbus-x");
    }

    #[test]
    fn what_runs_programs_or_leaves_the_machine_is_no_socket() {
        for text in [
            "",
            "autolaunch:",
            "unixexec:path=/bin/sh",
            "tcp:host=a,port=1",
            "unix:path=relative",
            "unix:path=/a%00b",
            "unix:path=/a%2",
            "unix:tmpdir=/tmp",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
