//! The node's policy: `/etc/flatrack/policy.d/*.toml` to an upper bound.
//!
//! ```toml
//! [[app]]
//! id = "org.example.*"
//! deny = ["shared=network", "devices=all"]
//! filesystem = "ro"
//! on-excess = "refuse"
//! [app.limits]
//! memory-max = "256M"
//! ```
//!
//! Every key stands in hack/docs/policy.md, and in configs/policy/example.toml.

mod combine;
mod read;

use flatrack_perms::{IdPattern, Policy};
use serde::Serialize;

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
    pub apps: IdPattern,
    /// the reason, for people
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// what they get at most
    pub bound: Policy,
}

impl PolicyFile {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Anything that is not known: a rule that is not understood would not protect.
    pub fn parse(text: &SourceText) -> Result<Self, Diagnostic> {
        let (file, mut wrong) = read::parse(text)?;
        match wrong.is_empty() {
            true => Ok(file),
            false => Err(wrong.swap_remove(0)),
        }
    }

    /// The first problem of each rule, for whoever mends the file.
    #[must_use]
    pub fn problems(text: &SourceText) -> Vec<Diagnostic> {
        match read::parse(text) {
            Ok((_, wrong)) => wrong,
            Err(no_toml) => vec![no_toml],
        }
    }
}
