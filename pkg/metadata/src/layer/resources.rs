//! `[X-Resources]`. A limit that is misspelt would be no limit, so nothing here is ignored.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{Grant, LimitKey};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;
use crate::suggest::did_you_mean;

/// Keys that belong to the vocabulary and that nothing enforces yet.
pub(crate) const NOT_YET: [(&str, &str); 3] = [
    ("io-max", "most disk traffic of a device"),
    ("nice", "priority of processes, -20 to 19"),
    (
        "oom-group",
        "whether the kernel kills all processes of the app together",
    ),
];

pub(super) fn limits(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for value in group.values() {
        let text = value.string()?;
        if let Some(key) = LimitKey::find(value.key()) {
            let limit = key
                .parse(text.as_str())
                .map_err(|error| value.wrong(&text, &error))?;
            reader.grant(value, Grant::Limit(limit));
        } else if is_not_yet(value.key()) {
            // an empty value takes back what a lower layer asked for
            let allow = !text.as_str().is_empty();
            let key = value.key().to_owned();
            reader.grant(
                value,
                Grant::NotYet {
                    family: Family::Resources,
                    key,
                    values: vec![text.as_str().to_owned()],
                    allow,
                },
            );
        } else {
            let known = LimitKey::all()
                .map(LimitKey::key)
                .chain(NOT_YET.iter().map(|row| row.0));
            let known: Vec<&str> = known.collect();
            return Err(value
                .source
                .error(value.key_span(), "there is no such limit")
                .hint(did_you_mean(value.key(), known)));
        }
    }
    Ok(())
}

fn is_not_yet(key: &str) -> bool {
    NOT_YET.iter().any(|row| row.0 == key) || is_hugetlb(key)
}

/// `hugetlb-2MB-max` and its like.
pub(crate) fn is_hugetlb(key: &str) -> bool {
    key.strip_prefix("hugetlb-")
        .and_then(|rest| rest.strip_suffix("-max"))
        .is_some_and(|size| {
            let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let unit = size[digits.len()..].to_ascii_uppercase();
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            is_number && matches!(unit.as_str(), "KB" | "MB" | "GB" | "K" | "M" | "G")
        })
}
