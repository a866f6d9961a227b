//! AppArmor: a plan made into the text of a profile.
//!
//! ```text
//! Plan ──► Profile (typed rules, each with the grant behind it) ──► text for apparmor_parser
//! ```
//!
//! The text is the same for the same plan, includes nothing, and is read by parsers from 3.0 on. What it does not
//! allow is denied; words that an older parser does not know (`userns`, `io_uring`) are therefore never needed.

mod base;
mod files;
mod label;
mod pattern;
mod text;

use std::path::PathBuf;

use flatrack_perms::{AppId, ProfileMode};
use serde::Serialize;

use crate::Plan;

pub use label::{Label, profile_name};
pub use pattern::quoted;

/// A generated profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Profile {
    /// its name in the kernel
    pub name: String,
    /// whether it denies
    pub mode: ProfileMode,
    /// whether files that are in no mount of the sandbox are judged by their path on the host
    pub attach_disconnected: bool,
    /// its rules, in the order written
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// the rule in AppArmor's language, without the comma
    pub text: String,
    /// the grant behind it
    pub why: String,
}

/// A file that the app inherits as standard input, output or error.
///
/// The kernel judges inherited files anew when the label changes, and a file of the host is in no mount of the
/// sandbox: without a rule for its path on the host the app would get `/dev/null` instead. Pipes and sockets have no path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct InheritedFile {
    /// its path on the host
    pub path: PathBuf,
    /// it is open for reading
    pub read: bool,
    /// it is open for writing
    pub write: bool,
}

/// Makes the profile of an app.
pub fn profile(plan: &Plan, id: &AppId, mode: ProfileMode, inherited: &[InheritedFile]) -> Profile {
    profile_named(plan, profile_name(id), mode, inherited)
}

/// The same under another name, for an instance whose permissions differ from those of one that runs already.
pub fn profile_named(
    plan: &Plan,
    name: String,
    mode: ProfileMode,
    inherited: &[InheritedFile],
) -> Profile {
    let mut rules = base::rules(plan, &name);
    rules.extend(files::rules(plan));
    rules.extend(files::inherited(inherited));
    Profile {
        attach_disconnected: !inherited.is_empty(),
        name,
        mode,
        rules,
    }
}

#[cfg(test)]
mod tests;
