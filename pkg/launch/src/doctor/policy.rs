//! Whether the node's policy is understood, and whether what it requires can be had.

use flatrack_metadata::policy::{Rule, conflict};
use flatrack_perms::IfUnavailable;

use super::{Check, Verdict};
use crate::Machine;
use crate::apparmor::{Kernel, obstacle};
use crate::policy;

/// The policy as a whole, then each rule that requires a profile.
pub(super) fn checks(machine: &Machine) -> Vec<Check> {
    let check = |verdict, detail: String| Check {
        name: "node policy".to_owned(),
        verdict,
        detail,
    };
    let refused = |why: String| Verdict::Refused {
        why: format!("apps it is about do not start: {why}"),
    };
    let rules = match policy::rules() {
        Ok(rules) => rules,
        Err(error) => {
            // the place is shown by `flatrack policy check`
            let whole = error.whole();
            let first = whole.lines().next().unwrap_or_default();
            let why = format!("{first}; see `flatrack policy check`");
            return vec![check(refused(why), String::new())];
        }
    };
    let verdict = match conflict(&rules) {
        Some(conflict) => refused(conflict.to_string()),
        None => Verdict::Enforced,
    };
    let detail = match rules.len() {
        0 => "no rules".to_owned(),
        1 => "1 rule".to_owned(),
        number => format!("{number} rules"),
    };
    let kernel = Kernel::probe();
    let required = rules
        .iter()
        .filter(|rule| !rule.bound.apparmor.is_nothing())
        .map(|rule| profiles(rule, kernel.as_ref().map_err(|why| *why), machine));
    std::iter::once(check(verdict, detail))
        .chain(required)
        .collect()
}

fn profiles(rule: &Rule, kernel: Result<&Kernel, &'static str>, machine: &Machine) -> Check {
    let required = rule.bound.apparmor.list();
    let strictest = required.iter().map(|(.., by)| by.if_unavailable).max();
    let by = required.first().map(|(.., by)| by.origin.to_string());
    let missing = obstacle(&rule.bound.apparmor, kernel, machine.facts.privileged);
    let why = |why| format!("{why}; required by {}", by.unwrap_or_default());
    let verdict = match (missing, strictest) {
        (None, _) => Verdict::Enforced,
        (Some(missing), Some(IfUnavailable::Degrade)) => Verdict::Degraded { why: why(missing) },
        (Some(missing), _) => Verdict::Refused { why: why(missing) },
    };
    let words = required.iter().map(|(_, value, _)| value.as_str());
    Check {
        name: format!("AppArmor of {}", rule.apps),
        verdict,
        detail: words.collect::<Vec<_>>().join(", "),
    }
}
