//! One option and its value to grants.

use flatrack_perms::vocabulary::{Family, NAMES};
use flatrack_perms::{
    BusName, Condition, EnvName, FsRule, Grant, Kind, NameOnBus, Permission, PersistPath,
    PolicyItem, UsbQuery, ValueError,
};

use super::{Effect, OptionRow, find, table};
use crate::layer::{NARROWING, NarrowingRow as Row, Words};
use crate::suggest::{did_you_mean, nearest};

/// Reads an option by name, without `--`.
///
/// # Errors
/// An option that is not known, or a value that is not of its form.
pub fn parse_option(name: &str, value: &str) -> Result<Vec<Grant>, ValueError> {
    match find(name) {
        Some(row) => row.parse(value),
        None => Err(unknown(name)),
    }
}

/// The error for an option that is not known.
pub(super) fn unknown(name: &str) -> ValueError {
    let error = ValueError::whole(name, "there is no such option");
    match nearest(name, table().iter().map(|row| row.name)) {
        Some(near) => error.hint(format!("did you mean `--{near}`?")),
        None => error,
    }
}

impl OptionRow {
    /// Reads a value of this option.
    ///
    /// # Errors
    /// A value that is not of the option's form.
    pub fn parse(&self, value: &str) -> Result<Vec<Grant>, ValueError> {
        if let Some(at) = value.find('\0') {
            return Err(ValueError::part(at..at + 1, "a NUL byte stands here"));
        }
        let grant = match self.effect {
            Effect::Allow(kind) => switch(kind, value, true, None)?,
            Effect::Deny(kind) => switch(kind, value, false, None)?,
            Effect::AllowIf(kind) => conditional(kind, value)?,
            Effect::Show => Grant::Filesystem(FsRule::parse(value).and_then(|rule| {
                match value.starts_with('!') {
                    true => Err(ValueError::part(0..1, "this option shows a place")
                        .hint("to hide it, use `--nofilesystem`")),
                    false => Ok(rule),
                }
            })?),
            Effect::Hide => Grant::Filesystem(hide(value)?),
            Effect::Persist => Grant::Persist(PersistPath::parse(value)?),
            Effect::SetEnv => set_env(value)?,
            Effect::UnsetEnv => Grant::Env {
                name: EnvName::parse(value)?,
                value: None,
            },
            Effect::Bus(bus, policy) => Grant::BusName {
                name: NameOnBus {
                    bus,
                    name: BusName::parse(value)?,
                },
                policy,
            },
            Effect::Policy(allow) => Grant::Policy {
                item: PolicyItem::parse(value)?,
                allow,
            },
            Effect::Usb(listed) => return usb(value, listed, self.name == "usb-list"),
            Effect::Limit(key) => Grant::Limit(key.parse(value)?),
            Effect::Word(family, key) => {
                check_word(family, key, value)?;
                narrowing(family, key).map_or_else(
                    || Ok(not_yet(family, key, value, !value.is_empty())),
                    |row| row.grant(value),
                )?
            }
        };
        Ok(vec![grant])
    }
}

fn not_yet(family: Family, key: &str, value: &str, allow: bool) -> Grant {
    let values = match value {
        "" => Vec::new(),
        value => vec![value.to_owned()],
    };
    Grant::NotYet {
        family,
        key: key.to_owned(),
        values,
        allow,
    }
}

fn switch(
    kind: Kind,
    name: &str,
    allow: bool,
    condition: Option<Condition>,
) -> Result<Grant, ValueError> {
    let Some(permission) = Permission::find(kind, name) else {
        let known: Vec<&str> = NAMES
            .iter()
            .filter(|row| row.kind == kind)
            .map(|row| row.name)
            .collect();
        return Err(
            ValueError::whole(name, format!("`{}` has no such name", kind.row().key))
                .hint(did_you_mean(name, known)),
        );
    };
    Ok(Grant::Permission {
        permission,
        allow,
        condition,
    })
}

fn conditional(kind: Kind, value: &str) -> Result<Grant, ValueError> {
    let Some((name, condition)) = value.split_once(':') else {
        return Err(ValueError::whole(value, "a condition is missing").hint("NAME:CONDITION"));
    };
    let condition = Condition::parse(condition).map_err(|e| e.shifted(name.len() + 1))?;
    let grant = switch(kind, name, true, Some(condition))?;
    match grant {
        Grant::Permission {
            permission: Permission::FallbackX11,
            ..
        } => Err(ValueError::part(
            0..name.len(),
            "`fallback-x11` is a condition of its own",
        )),
        grant => Ok(grant),
    }
}

fn hide(value: &str) -> Result<FsRule, ValueError> {
    if value.starts_with('!') {
        return Err(ValueError::part(0..1, "this place is hidden already"));
    }
    FsRule::parse(&format!("!{value}")).map_err(|error| ValueError {
        range: error.range.start.saturating_sub(1)..error.range.end.saturating_sub(1),
        ..error
    })
}

fn set_env(value: &str) -> Result<Grant, ValueError> {
    let Some((name, value)) = value.split_once('=') else {
        return Err(ValueError::whole(value, "a value is missing").hint("VAR=VALUE"));
    };
    Ok(Grant::Env {
        name: EnvName::parse(name)?,
        value: Some(value.to_owned()),
    })
}

/// A query, or with `is_list` several; a `!` in a list hides.
fn usb(value: &str, listed: bool, is_list: bool) -> Result<Vec<Grant>, ValueError> {
    let grant = |at: usize, query: &str, listed| {
        let query = UsbQuery::parse(query).map_err(|error: ValueError| error.shifted(at))?;
        Ok(Grant::Usb { query, listed })
    };
    if !is_list {
        return Ok(vec![grant(0, value, listed)?]);
    }
    let mut grants = Vec::new();
    let mut start = 0;
    for item in value.split(';') {
        let at = start;
        start += item.len() + 1;
        match item.strip_prefix('!') {
            Some(query) => grants.push(grant(at + 1, query, false)?),
            None if item.is_empty() => {}
            None => grants.push(grant(at, item, true)?),
        }
    }
    Ok(grants)
}

fn narrowing(family: Family, key: &str) -> Option<&'static Row> {
    NARROWING
        .iter()
        .find(|row| row.family == family && row.key == key)
}

fn check_word(family: Family, key: &str, value: &str) -> Result<(), ValueError> {
    match narrowing(family, key).map(|row| row.words) {
        Some(Words::One(words)) if !value.is_empty() && !words.contains(&value) => {
            Err(ValueError::whole(value, "this word is not known here")
                .hint(did_you_mean(value, words.iter().copied())))
        }
        _ => Ok(()),
    }
}
