//! Single values, each with its place.

use std::ops::Range;

use flatrack_perms::vocabulary::NAMES;
use flatrack_perms::{Ceiling, Granted, Kind, LimitKey, Origin, Permission, Source, ValueError};
use serde::Deserialize;
use toml::Spanned;

use crate::suggest::did_you_mean;
use crate::{Diagnostic, SourceText};

/// `"256M"` or `64`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Amount {
    Text(String),
    Number(u64),
}

/// `shared=network`
pub(super) fn denied(text: &str) -> Result<Permission, ValueError> {
    let keys = Kind::TABLE.iter().map(|row| row.key);
    let Some((key, name)) = text.split_once('=') else {
        return Err(ValueError::whole(text, "this is not a permission")
            .hint("permissions look like `shared=network`"));
    };
    let Some(row) = Kind::TABLE.iter().find(|row| row.key == key) else {
        return Err(
            ValueError::part(0..key.len(), "there is no such kind of permission")
                .hint(did_you_mean(key, keys)),
        );
    };
    Permission::find(row.kind, name).ok_or_else(|| {
        let known = NAMES
            .iter()
            .filter(|known| known.kind == row.kind)
            .map(|known| known.name);
        let problem = format!("`{key}` has no such name");
        ValueError::part(key.len() + 1..text.len(), problem).hint(did_you_mean(name, known))
    })
}

pub(super) fn ceiling(
    text: &SourceText,
    key: &Spanned<String>,
    amount: &Spanned<Amount>,
) -> Result<Ceiling, Diagnostic> {
    let Some(limit) = LimitKey::find(key.get_ref()) else {
        let known: Vec<&str> = LimitKey::all().map(LimitKey::key).collect();
        return Err(text
            .error(key.span(), "there is no such limit")
            .hint(did_you_mean(key.get_ref(), known)));
    };
    let value = match amount.get_ref() {
        Amount::Text(value) => limit
            .parse(value)
            .map_err(|error| text.wrong_at(place(text, amount.span(), value, &error), &error)),
        Amount::Number(number) => limit
            .parse(&number.to_string())
            .map_err(|error| text.wrong_at(amount.span(), &error)),
    };
    Ok(Granted {
        value: value?,
        origin: origin(text, key.span()),
    })
}

pub(super) fn choose<T: Copy>(
    text: &SourceText,
    word: &Spanned<String>,
    table: &[(&'static str, T)],
) -> Result<T, Diagnostic> {
    table
        .iter()
        .find(|row| row.0 == word.get_ref())
        .map(|row| row.1)
        .ok_or_else(|| {
            let known: Vec<&str> = table.iter().map(|row| row.0).collect();
            text.error(word.span(), "this word is not known here")
                .hint(did_you_mean(word.get_ref(), known))
        })
}

pub(super) fn origin(text: &SourceText, span: Range<usize>) -> Origin {
    Origin::line(
        Source::Policy,
        text.name().clone(),
        text.line_of(span.start),
    )
}

pub(super) fn wrong(text: &SourceText, value: &Spanned<String>, error: &ValueError) -> Diagnostic {
    text.wrong_at(place(text, value.span(), value.get_ref(), error), error)
}

/// The wrong part of a quoted string, or all of it where it is written with escapes.
fn place(text: &SourceText, span: Range<usize>, value: &str, error: &ValueError) -> Range<usize> {
    let inner = span.start + 1;
    match text.text().get(inner..inner + value.len()) == Some(value) {
        true => inner + error.range.start..inner + error.range.end,
        false => span,
    }
}
