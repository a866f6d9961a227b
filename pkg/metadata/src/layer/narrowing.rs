//! Our own groups beside `[X-Resources]`: AppArmor, ports, device nodes, Landlock.
//!
//! A narrowing that is asked for and that nothing enforces yet refuses the start ([`Grant::NotYet`]). An empty value
//! takes back what lower layers say.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{
    AppArmorGrant, Direction, Grant, NarrowedPath, Narrowing, PortRule, ValueError,
};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;
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
        "device, such as `/dev/ttyUSB0:rw`, `/dev/i2c-*:r` or `/dev/hidraw0:optional`",
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
        if text.is_empty() {
            reader.grant(value, row.nothing());
        }
        for item in &text {
            let grant = row
                .grant(item.as_str())
                .map_err(|error| value.wrong(item, &error))?;
            reader.grant(value, grant);
        }
    }
    Ok(())
}

impl Row {
    /// What an empty value says: nothing of what lower layers said.
    pub(crate) fn nothing(&self) -> Grant {
        match (self.family, self.key) {
            (Family::Ports, key) => Grant::Port {
                direction: direction(key),
                rule: None,
            },
            (Family::DeviceNode, _) => Grant::Device(None),
            (Family::Landlock, key) => Grant::Narrow(narrowing(key), None),
            (Family::AppArmor, key) => Grant::AppArmor(AppArmorGrant::nothing(key)),
            _ => self.not_yet(Vec::new()),
        }
    }

    /// One item as a grant.
    pub(crate) fn grant(&self, item: &str) -> Result<Grant, ValueError> {
        match (self.family, self.key) {
            _ if item.is_empty() => Ok(self.nothing()),
            (Family::Ports, key) => {
                let direction = direction(key);
                let rule = Some(PortRule::parse(direction, item)?);
                Ok(Grant::Port { direction, rule })
            }
            (Family::Landlock, key) => Ok(Grant::Narrow(
                narrowing(key),
                Some(NarrowedPath::parse(item)?),
            )),
            (Family::DeviceNode, _) => Ok(Grant::Device(Some(item.parse()?))),
            (Family::AppArmor, key) => Ok(Grant::AppArmor(AppArmorGrant::parse(key, item)?)),
            _ => Ok(self.not_yet(vec![item.to_owned()])),
        }
    }

    fn not_yet(&self, values: Vec<String>) -> Grant {
        Grant::NotYet {
            family: self.family,
            key: self.key.to_owned(),
            allow: !values.is_empty(),
            values,
        }
    }
}

fn narrowing(key: &str) -> Narrowing {
    match key {
        "no-access" => Narrowing::NoAccess,
        _ => Narrowing::ReadOnly,
    }
}

fn direction(key: &str) -> Direction {
    match key {
        "connect" => Direction::Connect,
        _ => Direction::Bind,
    }
}
