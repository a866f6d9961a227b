//! The node's policy: the files that hold it, what they say, and what a change of them would do.

mod check;
mod files;
mod show;
mod trial;

use flatrack_metadata::policy::Rule;
use flatrack_perms::{AppId, Policy};

use crate::{Error, facts};

pub use check::{Checked, check};
use files::Files;
pub use show::{FileRow, RuleRow, effective, show};
pub use trial::{Change, Start, Trial, trial, trials};

/// Every rule of this machine, in order.
pub(crate) fn rules() -> Result<Vec<Rule>, Error> {
    let files = Files::installed()?;
    let rules = files.iter().flat_map(|file| &file.content.rules);
    Ok(rules.cloned().collect())
}

/// The bound for an app, from every file that matches it.
pub(crate) fn for_app(id: &AppId) -> Result<Policy, Error> {
    Files::installed()?.bound(id)
}

/// The same as it holds for what the caller starts: limits of setrlimit(2) do not raise what is inherited.
pub(crate) fn in_force(id: &AppId) -> Result<Policy, Error> {
    Ok(inherited(for_app(id)?))
}

/// A bound that does not raise what the caller has.
pub(crate) fn inherited(mut policy: Policy) -> Policy {
    policy.keep_inherited(facts::rlimit);
    policy
}
