//! Rules as writes to the files of v1's devices controller.

use super::{Kind, MAKE, READ, Result, Rule, WRITE, refuse};

/// `(file, value)`, in order; from a state in which everything is withheld, unless the first rule is one for everything.
pub(super) fn writes(rules: &[Rule]) -> Result<Vec<(&'static str, String)>> {
    let begins = rules.first().is_some_and(Rule::is_everything);
    let mut writes = match begins {
        true => Vec::new(),
        false => vec![("devices.deny", "a".to_owned())],
    };
    let withheld = !rules.first().is_some_and(|rule| begins && rule.allow);
    for (index, rule) in rules.iter().enumerate() {
        if withheld && !rule.allow && !rule.is_everything() {
            keeps(rule, &rules[..index])?;
        }
        let file = match rule.allow {
            true => "devices.allow",
            false => "devices.deny",
        };
        writes.extend(lines(rule).into_iter().map(|line| (file, line)));
    }
    Ok(writes)
}

/// v1 takes back a permission only by the words in which it was given.
fn keeps(refusal: &Rule, before: &[Rule]) -> Result<()> {
    let meet = |a: Option<i32>, b: Option<i32>| a.is_none() || b.is_none() || a == b;
    let part = before.iter().any(|rule| {
        rule.allow
            && rule.access & refusal.access != 0
            && (rule.kind.is_none() || refusal.kind.is_none() || rule.kind == refusal.kind)
            && meet(rule.major, refusal.major)
            && meet(rule.minor, refusal.minor)
            && (rule.major, rule.minor) != (refusal.major, refusal.minor)
    });
    match part {
        true => Err(refuse(
            "on cgroup v1 a part of what one rule allows cannot be refused by another",
            None,
        )),
        false => Ok(()),
    }
}

fn lines(rule: &Rule) -> Vec<String> {
    if rule.is_everything() {
        return vec!["a".to_owned()];
    }
    let number = |number: Option<i32>| number.map_or_else(|| "*".to_owned(), |n| n.to_string());
    let letters: String = [('r', READ), ('w', WRITE), ('m', MAKE)]
        .into_iter()
        .filter(|(_, bit)| rule.access & bit != 0)
        .map(|(letter, _)| letter)
        .collect();
    [(Kind::Block, 'b'), (Kind::Character, 'c')]
        .into_iter()
        .filter(|(kind, _)| rule.kind.is_none_or(|one| one == *kind))
        .map(|(_, letter)| {
            let (major, minor) = (number(rule.major), number(rule.minor));
            format!("{letter} {major}:{minor} {letters}")
        })
        .collect()
}
