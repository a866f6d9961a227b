//! Our own groups beside `[X-Resources]`: AppArmor, ports, device nodes, Landlock.
//!
//! A narrowing that is asked for and not enforced refuses the start, so what nothing enforces yet is a grant in
//! the sense of [`Grant::NotYet`]. An empty value takes it back.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{AppArmorGrant, Grant};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::{GroupRef, Text, Value};
use crate::suggest::did_you_mean;

/// What a key's value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// any text
    Any,
    /// one of these
    One(&'static [&'static str]),
    /// a list of any texts
    List,
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) family: Family,
    pub(crate) key: &'static str,
    pub(crate) words: Words,
    /// the option of the same meaning
    pub(crate) option: &'static str,
    pub(crate) doc: &'static str,
}

const fn row(
    family: Family,
    key: &'static str,
    words: Words,
    option: &'static str,
    doc: &'static str,
) -> Row {
    Row {
        family,
        key,
        words,
        option,
        doc,
    }
}

/// Every key of these groups.
pub(crate) const TABLE: [Row; 8] = [
    row(
        Family::AppArmor,
        "profile",
        Words::Any,
        "apparmor",
        "AppArmor profile: `generated`, `unconfined`, or a profile's name",
    ),
    row(
        Family::AppArmor,
        "mode",
        Words::One(&["enforce", "complain"]),
        "apparmor-mode",
        "whether the profile denies or only reports",
    ),
    row(
        Family::AppArmor,
        "stack",
        Words::List,
        "apparmor-stack",
        "profile to stack on top",
    ),
    row(
        Family::Ports,
        "connect",
        Words::List,
        "allow-connect",
        "port to connect to, such as `tcp:443`; all others are withheld",
    ),
    row(
        Family::Ports,
        "bind",
        Words::List,
        "allow-bind",
        "port to listen on, such as `tcp:8080`; all others are withheld",
    ),
    row(
        Family::DeviceNode,
        "allow",
        Words::List,
        "device-node",
        "device node, such as `/dev/ttyUSB0:rw`",
    ),
    row(
        Family::Landlock,
        "read-only",
        Words::List,
        "landlock-read-only",
        "path not to write to",
    ),
    row(
        Family::Landlock,
        "no-access",
        Words::List,
        "landlock-no-access",
        "path not to open",
    ),
];

pub(super) fn read(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    let rows = || {
        TABLE
            .iter()
            .filter(|row| row.family.row().group == group.name())
    };
    for value in group.values() {
        let Some(row) = rows().find(|row| row.key == value.key()) else {
            let known: Vec<&str> = rows().map(|row| row.key).collect();
            let message = format!("`[{}]` has no such key", group.name());
            return Err(value
                .source
                .error(value.key_span(), message)
                .hint(did_you_mean(value.key(), known)));
        };
        let text = value.string_or_list(row.words == Words::List)?;
        if let (Words::One(words), Some(text)) = (row.words, text.first())
            && !words.contains(&text.as_str())
        {
            let error = value
                .source
                .error(text.span(), "this word is not known here");
            return Err(error.hint(did_you_mean(text.as_str(), words.iter().copied())));
        }
        if row.family == Family::AppArmor {
            apparmor(reader, value, row.key, &text)?;
            continue;
        }
        let allow = !text.is_empty();
        let key = row.key.to_owned();
        reader.grant(
            value,
            Grant::NotYet {
                family: row.family,
                key,
                allow,
            },
        );
    }
    Ok(())
}

/// A list adds to what lower layers stack; a value that is empty takes it back.
fn apparmor(
    reader: &mut Reader,
    value: Value<'_>,
    key: &str,
    words: &[Text],
) -> Result<(), Diagnostic> {
    for word in words {
        let grant = AppArmorGrant::parse(key, word.as_str());
        let grant = grant.map_err(|error| value.wrong(word, &error))?;
        reader.grant(value, Grant::AppArmor(grant));
    }
    if words.is_empty() {
        let back = AppArmorGrant::parse(key, "");
        let back = back.map_err(|error| value.source.error(value.key_span(), error.problem))?;
        reader.grant(value, Grant::AppArmor(back));
    }
    Ok(())
}
