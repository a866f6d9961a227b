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

use flatrack_perms::{
    AppId, Ceiling, DeviceBound, FsAccess, Granted, OnExcess, Permission, RequiredAppArmor,
};

use crate::{Diagnostic, SourceText};

pub use combine::{Conflict, combine};

/// One policy file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct PolicyFile {
    /// its rules, in the order written
    pub rules: Vec<Rule>,
}

/// What holds for the apps of one pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// which apps
    pub apps: Pattern,
    /// what they do not get
    pub deny: Vec<Granted<Permission>>,
    /// their widest access to the host's file system
    pub filesystem: Option<Granted<FsAccess>>,
    /// the single devices that are left to them
    pub devices: Option<DeviceBound>,
    /// what happens to requests above the bound
    pub on_excess: Option<OnExcess>,
    /// the AppArmor profiles that they must run under
    pub apparmor: RequiredAppArmor,
    /// their limits
    pub ceilings: Vec<Ceiling>,
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

impl PolicyFile {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Anything that is not known: a rule that is not understood would not protect.
    pub fn parse(text: &SourceText) -> Result<Self, Diagnostic> {
        read::parse(text)
    }
}
