//! What the bus of a session offers to apps.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Instant;

use crate::client::{CallError, Connection, Method, Value};
use crate::{Address, Filter};

const DOCUMENTS: &str = "org.freedesktop.portal.Documents";
const A11Y: &str = "org.a11y.Bus";
const PORTALS: &str = "org.freedesktop.portal.Desktop";

/// A session's bus that answers.
#[derive(Debug)]
pub struct Session {
    connection: Connection,
    /// names that somebody owns, or that are started when they are called
    names: Vec<String>,
}

impl Session {
    /// Asks who is there.
    ///
    /// # Errors
    /// No bus, or none that answers by the deadline.
    pub fn open(address: &Address, deadline: Instant) -> Result<Self, CallError> {
        let mut connection = Connection::open(address, deadline)?;
        let mut names = Vec::new();
        for question in ["ListNames", "ListActivatableNames"] {
            if let Value::Texts(more) = connection.ask_driver(question)? {
                names.extend(more);
            }
        }
        Ok(Self { connection, names })
    }

    /// Whether a filter lets through to anybody who is there, bar names that the app itself owns.
    #[must_use]
    pub fn has_any_of(&self, filter: &Filter) -> bool {
        self.names.iter().any(|name| filter.reaches(name))
    }

    /// Where the document portal has mounted its files, started if need be; `None` without that portal.
    ///
    /// # Errors
    /// The portal does not answer in time, or is not able to mount.
    pub fn documents(&mut self) -> Result<Option<PathBuf>, CallError> {
        let method = Method {
            destination: DOCUMENTS,
            path: "/org/freedesktop/portal/documents",
            interface: DOCUMENTS,
            member: "GetMountPoint",
            arguments: &[],
        };
        let Some(Value::Bytes(mut bytes)) = self.ask(method)? else {
            return Ok(None);
        };
        if bytes.last() == Some(&0) {
            bytes.pop();
        }
        let path = PathBuf::from(OsString::from_vec(bytes));
        Ok(path.is_absolute().then_some(path))
    }

    /// Where the accessibility bus listens, started if need be; `None` without one.
    ///
    /// # Errors
    /// It does not answer in time.
    pub fn a11y(&mut self) -> Result<Option<Address>, CallError> {
        let method = Method {
            destination: A11Y,
            path: "/org/a11y/bus",
            interface: A11Y,
            member: "GetAddress",
            arguments: &[],
        };
        Ok(match self.ask(method)? {
            Some(Value::Text(text)) => Address::parse(&text).ok(),
            _ => None,
        })
    }

    /// Whether there is a portal that gives apps single USB devices; whoever has the portals is started if need be.
    ///
    /// # Errors
    /// It does not answer in time.
    pub fn has_usb_portal(&mut self) -> Result<bool, CallError> {
        let method = Method {
            destination: PORTALS,
            path: "/org/freedesktop/portal/desktop",
            interface: "org.freedesktop.DBus.Properties",
            member: "Get",
            arguments: &["org.freedesktop.portal.Usb", "version"],
        };
        match self.ask(method) {
            Ok(answer) => Ok(answer == Some(Value::Any)),
            Err(CallError::Refused(_)) => Ok(false),
            Err(late) => Err(late),
        }
    }

    /// Calls a method of a name that is there.
    fn ask(&mut self, method: Method<'_>) -> Result<Option<Value>, CallError> {
        if !self.names.iter().any(|name| name == method.destination) {
            return Ok(None);
        }
        self.connection.call(method).map(Some)
    }
}
