//! Who granted something: the layer, the file, the line.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// A layer's place in the order of precedence; a later one wins.
///
/// The order is Flatpak's (runtime, app, overrides, run options), with overrides of our own above Flatpak's and the
/// pod between the app's own layers and the node policy, which is an upper bound and not a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// what this program does for every app
    Default,
    /// the runtime's metadata (environment only)
    Runtime,
    /// the app's metadata
    App,
    /// `overrides/global` of the system installation
    SystemGlobal,
    /// `overrides/ID` of the system installation
    SystemApp,
    /// `overrides/global` of the user installation
    UserGlobal,
    /// `overrides/ID` of the user installation
    UserApp,
    /// flatrack's own overrides of the system for all apps
    OwnSystemGlobal,
    /// the same for one app
    OwnSystemApp,
    /// flatrack's own overrides of the user for all apps
    OwnUserGlobal,
    /// the same for one app
    OwnUserApp,
    /// options of the command line
    CommandLine,
    /// the node's policy
    Policy,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Runtime => "runtime",
            Self::App => "app",
            Self::SystemGlobal => "system override for all apps",
            Self::SystemApp => "system override",
            Self::UserGlobal => "user override for all apps",
            Self::UserApp => "user override",
            Self::OwnSystemGlobal => "flatrack's system override for all apps",
            Self::OwnSystemApp => "flatrack's system override",
            Self::OwnUserGlobal => "flatrack's user override for all apps",
            Self::OwnUserApp => "flatrack's user override",
            Self::CommandLine => "command line",
            Self::Policy => "node policy",
        })
    }
}

/// Where a grant was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Origin {
    /// the layer
    pub source: Source,
    /// the file, as the user would type it; absent for the command line and defaults
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Arc<str>>,
    /// the line, counted from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Origin {
    /// An origin that is not in a file.
    #[must_use]
    pub fn of(source: Source) -> Self {
        Self {
            source,
            file: None,
            line: None,
        }
    }

    /// A line of a file.
    #[must_use]
    pub fn line(source: Source, file: Arc<str>, line: u32) -> Self {
        Self {
            source,
            file: Some(file),
            line: Some(line),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => {
                write!(f, "{} ({}:{line})", self.source, crate::Untrusted(file))
            }
            (Some(file), None) => write!(f, "{} ({})", self.source, crate::Untrusted(file)),
            (None, _) => write!(f, "{}", self.source),
        }
    }
}

/// A right together with the one who granted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Granted<T> {
    /// the right
    pub value: T,
    /// who granted it
    pub origin: Origin,
}
