//! `[Context]` and `[Environment]`.

use flatrack_perms::{
    Condition, EnvName, FsRule, Grant, Kind, Permission, PersistPath, ValueError,
};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::{GroupRef, Text, Value};
use crate::suggest::nearest;

/// Keys of `[Context]` beside those of [`Kind::TABLE`].
const KEYS: [&str; 3] = ["filesystems", "persistent", "unset-environment"];

pub(super) fn permissions(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for row in Kind::TABLE {
        let items = items(group, row.key)?;
        for (at, (value, item)) in items.iter().enumerate() {
            // a plain name right before its conditions is there for readers who know no conditions
            let next = items.get(at + 1).map(|(_, next)| next.as_str());
            let conditional = next.and_then(|next| next.strip_prefix("if:")?.split_once(':'));
            if conditional.is_some_and(|(name, _)| name == item.as_str()) {
                continue;
            }
            name(reader, row.kind, *value, item)?;
        }
    }
    for (value, item) in items(group, "filesystems")? {
        filesystem(reader, value, &item)?;
    }
    for (value, item) in items(group, "persistent")? {
        let path = PersistPath::parse(item.as_str()).map_err(|error| value.wrong(&item, &error))?;
        reader.grant(value, Grant::Persist(path));
    }
    let known = || Kind::TABLE.iter().map(|row| row.key).chain(KEYS);
    for value in group
        .values()
        .filter(|value| known().all(|key| key != value.key()))
    {
        let near = nearest(value.key(), known()).map(|key| format!("did you mean `{key}`?"));
        reader.warn(
            value
                .warning("this key is not known and is ignored")
                .maybe_hint(near),
        );
    }
    Ok(())
}

pub(super) fn environment(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for value in group.values() {
        if value.is_localized() {
            reader.warn(value.warning("a variable has no translations; this line is ignored"));
            continue;
        }
        let name = EnvName::parse(value.key())
            .map_err(|error| value.source.wrong_value(value.key_span().start, &error))?;
        let text = value.string()?.as_str().to_owned();
        reader.grant(
            value,
            Grant::Env {
                name,
                value: Some(text),
            },
        );
    }
    Ok(())
}

pub(super) fn unset_environment(
    reader: &mut Reader,
    group: GroupRef<'_>,
) -> Result<(), Diagnostic> {
    for (value, item) in items(group, "unset-environment")? {
        let name = EnvName::parse(item.as_str()).map_err(|error| value.wrong(&item, &error))?;
        reader.grant(value, Grant::Env { name, value: None });
    }
    Ok(())
}

fn items<'k>(group: GroupRef<'k>, key: &str) -> Result<Vec<(Value<'k>, Text)>, Diagnostic> {
    let Some(value) = group.get(key) else {
        return Ok(Vec::new());
    };
    Ok(value
        .list()?
        .into_iter()
        .map(|item| (value, item))
        .collect())
}

/// `NAME`, `!NAME` or `if:NAME:CONDITION`.
fn name(reader: &mut Reader, kind: Kind, value: Value<'_>, item: &Text) -> Result<(), Diagnostic> {
    let text = item.as_str();
    let (name, allow, condition) = match text.strip_prefix("if:") {
        Some(rest) => {
            let (name, condition) = rest.split_once(':').ok_or_else(|| {
                value
                    .source
                    .error(item.span(), "a condition is missing")
                    .label("`if:NAME:CONDITION`")
            })?;
            let at = text.len() - condition.len();
            let condition = Condition::parse(condition)
                .map_err(|error| value.wrong(item, &error.shifted(at)))?;
            (name, true, Some(condition))
        }
        None => match text.strip_prefix('!') {
            Some(name) => (name, false, None),
            None => (text, true, None),
        },
    };
    if condition.is_none() && name.contains(':') {
        return Err(value
            .source
            .error(item.span(), "a colon stands only in `if:NAME:CONDITION`"));
    }
    let row = kind.row();
    match Permission::find(kind, name) {
        Some(permission) => {
            reader.grant(
                value,
                Grant::Permission {
                    permission,
                    allow,
                    condition,
                },
            );
        }
        None => {
            let known = flatrack_perms::vocabulary::NAMES
                .iter()
                .filter(|row| row.kind == kind);
            let near = nearest(name, known.map(|row| row.name));
            reader.warn(
                value
                    .ignored(
                        item,
                        format!("`{}` has no such name; it is ignored", row.key),
                    )
                    .maybe_hint(near.map(|name| format!("did you mean `{name}`?"))),
            );
        }
    }
    Ok(())
}

fn filesystem(reader: &mut Reader, value: Value<'_>, item: &Text) -> Result<(), Diagnostic> {
    match FsRule::parse(item.as_str()) {
        Ok(rule) => reader.grant(value, Grant::Filesystem(rule)),
        Err(error) if is_unknown_place(item.as_str()) => {
            reader.warn(value.ignored(item, format!("{}; it is ignored", error.problem)));
        }
        Err(error) => return Err(wrong(value, item, error)),
    }
    Ok(())
}

fn wrong(value: Value<'_>, item: &Text, error: ValueError) -> Diagnostic {
    value.wrong(item, &error)
}

/// Whether the place's name is all that is wrong with a token: a place of a newer Flatpak, perhaps.
fn is_unknown_place(token: &str) -> bool {
    let body = token.strip_prefix('!').unwrap_or(token);
    let head = body.find(['/', ':']).unwrap_or(body.len());
    let known = format!("xdg-data{}", &body[head..]);
    head > 0
        && FsRule::parse(body).is_err()
        && is_plain(&body[..head])
        && FsRule::parse(&known).is_ok()
}

fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        && name != "xdg-run"
}
