//! Lines to groups.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Entry, Group, Keyfile};
use crate::{Diagnostic, SourceText};

/// Groups in which a key stands once. A trailing space or dash means that the name goes on.
const KEYS_ONCE: [&str; 9] = [
    "Application",
    "Runtime",
    "Context",
    "Environment",
    "Session Bus Policy",
    "System Bus Policy",
    "USB Devices",
    "Policy ",
    "X-",
];

pub(super) fn parse(source: &SourceText) -> Result<Keyfile, Diagnostic> {
    let mut keyfile = Keyfile {
        source: source.clone(),
        groups: Vec::new(),
        index: BTreeMap::new(),
    };
    let mut current = None;
    let mut start = 0;
    for (number, line) in source.text().split('\n').enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
        let at = start;
        start += line.len() + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        let body = line.trim_start_matches(is_space);
        let at = at + (line.len() - body.len());
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if let Some(cr) = body.find('\r') {
            return Err(source
                .error(
                    at + cr..at + cr + 1,
                    "a carriage return stands inside a line",
                )
                .hint("in a value it is written `\\r`"));
        }
        if body.starts_with('[') {
            current = Some(keyfile.enter(header(source, at, body)?));
        } else {
            let entry = entry(source, at, body, number)?;
            let Some(group) = current else {
                return Err(source
                    .error(entry.key_span, "this key stands before the first group")
                    .hint("a group starts with a line such as `[Context]`"));
            };
            keyfile.groups[group].add(source, entry)?;
        }
    }
    Ok(keyfile)
}

impl Keyfile {
    fn enter(&mut self, (name, span): (&str, Range<usize>)) -> usize {
        if let Some(at) = self.index.get(name) {
            return *at;
        }
        let name = name.to_owned();
        self.index.insert(name.clone(), self.groups.len());
        self.groups.push(Group {
            name,
            span,
            entries: Vec::new(),
            index: BTreeMap::new(),
        });
        self.groups.len() - 1
    }
}

impl Group {
    fn add(&mut self, source: &SourceText, entry: Entry) -> Result<(), Diagnostic> {
        let Some(at) = self.index.get(&entry.key) else {
            self.index.insert(entry.key.clone(), self.entries.len());
            self.entries.push(entry);
            return Ok(());
        };
        let first = &mut self.entries[*at];
        if is_keys_once(&self.name) {
            let message = format!("this key stands twice in `[{}]`", self.name);
            return Err(source
                .error(entry.key_span, message)
                .label(format!("the first one is in line {}", first.line)));
        }
        *first = entry;
        Ok(())
    }
}

fn is_keys_once(group: &str) -> bool {
    KEYS_ONCE
        .iter()
        .any(|name| match name.ends_with([' ', '-']) {
            true => group.starts_with(name),
            false => group == *name,
        })
}

/// `[Name]`, with nothing but space behind.
fn header<'a>(
    source: &SourceText,
    at: usize,
    body: &'a str,
) -> Result<(&'a str, Range<usize>), Diagnostic> {
    let line = body.trim_end_matches(is_space);
    let span = at..at + line.len();
    let Some(name) = line
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        return Err(source.error(span, "a group's line ends with `]`"));
    };
    if name.is_empty() {
        return Err(source.error(span, "the group's name is empty"));
    }
    match name
        .char_indices()
        .find(|(_, c)| matches!(c, '[' | ']') || c.is_control())
    {
        Some((bad, c)) => {
            let bad = at + 1 + bad;
            Err(source.error(
                bad..bad + c.len_utf8(),
                "a group's name does not hold this character",
            ))
        }
        None => Ok((name, span)),
    }
}

fn entry(source: &SourceText, at: usize, body: &str, line: u32) -> Result<Entry, Diagnostic> {
    let Some((left, right)) = body.split_once('=') else {
        return Err(source.error(
            at..at + body.len(),
            "this line is no group, no `key=value` and no comment",
        ));
    };
    let key = left.trim_end_matches(is_space);
    let key_span = at..at + key.len();
    if key.is_empty() {
        return Err(source.error(at..at + 1, "a key is missing before `=`"));
    }
    let Some(localized) = is_localized(key) else {
        return Err(source.error(key_span, "this is not a key"));
    };
    let value = right.trim_start_matches(is_space);
    let value_at = at + body.len() - value.len();
    Ok(Entry {
        key: key.to_owned(),
        localized,
        line,
        key_span,
        value_span: value_at..value_at + value.len(),
    })
}

/// Whether a key is a translation; `None` for what is not a key.
fn is_localized(key: &str) -> Option<bool> {
    let name = key.find('[').map_or(key, |at| &key[..at]);
    if name.is_empty() || name.contains(']') || key.contains(char::is_control) {
        return None;
    }
    if name.len() == key.len() {
        return Some(false);
    }
    let locale = key[name.len() + 1..].strip_suffix(']')?;
    let is_locale = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    locale.chars().all(is_locale).then_some(true)
}

/// What `g_ascii_isspace` calls a space.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0b' | '\x0c')
}
