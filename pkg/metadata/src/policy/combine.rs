//! The rules that match an app to one upper bound: all denials, the lowest ceilings.

use flatrack_perms::{AppId, Conflict, Policy};

use super::{PolicyFile, Rule};

/// What an app gets at most, from all rules that match it. More rules never give more.
///
/// # Errors
/// Two rules with ceilings that cannot both hold, such as different CPUs.
pub fn combine<'p>(
    files: impl IntoIterator<Item = &'p PolicyFile>,
    id: &AppId,
) -> Result<Policy, Box<Conflict>> {
    let mut policy = Policy::default();
    let rules = files.into_iter().flat_map(|file| &file.rules);
    for rule in rules.filter(|rule| rule.apps.matches(id)) {
        policy.and(&rule.bound)?;
    }
    Ok(policy)
}

/// Two rules that hold for an app at once and cannot both be obeyed, if there are any.
pub fn conflict<'p>(rules: impl IntoIterator<Item = &'p Rule>) -> Option<Box<Conflict>> {
    let rules: Vec<_> = rules.into_iter().collect();
    // patterns that overlap are one within the other, so the narrower of two stands for what they share
    rules.iter().find_map(|narrow| {
        let mut all = Policy::default();
        let wider = rules.iter().filter(|rule| rule.apps.includes(&narrow.apps));
        wider.map(|rule| all.and(&rule.bound)).find_map(Result::err)
    })
}
