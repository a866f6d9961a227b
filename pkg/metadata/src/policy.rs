//! The node's policy: `/etc/flatrack/policy.d/*.toml` to an upper bound.
//!
//! ```toml
//! [[app]]
//! id = "org.example.*"
//! deny = ["shared=network", "devices=all"]
//! filesystem = "ro"
//! device-nodes = ["/dev/ttyUSB*:rw"]
//! on-excess = "refuse"
//! [app.apparmor]
//! profile = "generated"
//! mode = "enforce"
//! stack = ["site-baseline"]
//! [app.limits]
//! memory-max = "256M"
//! ```

mod combine;
mod read;

use std::fmt;

use flatrack_perms::{AppId, Policy};
use serde::{Serialize, Serializer};

use crate::{Diagnostic, SourceText};

pub use combine::{combine, conflict};

/// One policy file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct PolicyFile {
    /// its rules, in the order written
    pub rules: Vec<Rule>,
}

/// What holds for the apps of one pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// which apps
    pub apps: Pattern,
    /// what they get at most
    pub bound: Policy,
}

/// Apps by id: `*`, one id, or `org.example.*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// every app
    All,
    /// this app
    One(AppId),
    /// every app whose id starts with this, dot included
    Below(String),
}

impl Pattern {
    /// Whether an app is meant.
    #[must_use]
    pub fn matches(&self, id: &AppId) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => one == id,
            Self::Below(prefix) => id.as_str().starts_with(prefix.as_str()),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::One(id) => write!(f, "{id}"),
            Self::Below(prefix) => write!(f, "{prefix}*"),
        }
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PolicyFile {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Anything that is not known: a rule that is not understood would not protect.
    pub fn parse(text: &SourceText) -> Result<Self, Diagnostic> {
        read::parse(text)
    }
}
