//! `[Session Bus Policy]` and `[System Bus Policy]`.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{Grant, ValueError};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;
use crate::suggest::did_you_mean;

const POLICIES: [&str; 4] = ["none", "see", "talk", "own"];

pub(super) fn session(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    policies(reader, group, Family::SessionBusName)
}

pub(super) fn system(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    policies(reader, group, Family::SystemBusName)
}

fn policies(reader: &mut Reader, group: GroupRef<'_>, family: Family) -> Result<(), Diagnostic> {
    for value in group.values() {
        check_bus_name(value.key())
            .map_err(|error| value.source.wrong_value(value.key_span().start, &error))?;
        let policy = value.string()?;
        if POLICIES.contains(&policy.as_str()) {
            let allow = policy.as_str() != "none";
            reader.grant(
                value,
                Grant::NotYet {
                    family,
                    key: value.key().to_owned(),
                    values: vec![policy.as_str().to_owned()],
                    allow,
                },
            );
        } else {
            let hint = did_you_mean(policy.as_str(), POLICIES);
            let message = "this policy is not known and the line is ignored";
            reader.warn(value.ignored(&policy, message).hint(hint));
        }
    }
    Ok(())
}

/// Checks a well-known bus name, which may end in `.*`.
///
/// # Errors
/// A unique name, an element that is empty or starts with a digit, a character that is not allowed.
pub fn check_bus_name(text: &str) -> Result<(), ValueError> {
    let name = text.strip_suffix(".*").unwrap_or(text);
    if name.is_empty() || name.len() > 255 || !name.contains('.') {
        return Err(ValueError::whole(text, "this is not a bus name")
            .hint("bus names look like `org.example.Name`"));
    }
    let mut start = 0;
    for element in name.split('.') {
        let range = start..start + element.len();
        start += element.len() + 1;
        if element.is_empty() || element.starts_with(|c: char| c.is_ascii_digit()) {
            let problem = "an element of a bus name is empty or starts with a digit";
            return Err(ValueError::part(range, problem));
        }
        let is_bad = |c: &(usize, char)| !(c.1.is_ascii_alphanumeric() || matches!(c.1, '_' | '-'));
        if let Some((at, c)) = element.char_indices().find(is_bad) {
            let at = range.start + at;
            let problem = "this character is not allowed in a bus name";
            return Err(ValueError::part(at..at + c.len_utf8(), problem));
        }
    }
    Ok(())
}
