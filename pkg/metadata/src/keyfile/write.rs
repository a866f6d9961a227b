//! Groups to text.

use std::fmt;

use flatrack_perms::ValueError;

use super::Keyfile;

/// A keyfile that is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writer {
    groups: Vec<(String, Vec<(String, String)>)>,
}

impl Writer {
    /// Everything in a keyfile but its comments.
    pub(crate) fn of(keyfile: &Keyfile) -> Self {
        let mut writer = Self::default();
        for group in keyfile.groups() {
            writer.add_group(group.name());
            for value in group.values() {
                writer.set_raw(group.name(), value.key(), value.raw());
            }
        }
        writer
    }

    /// Adds an empty group, if it is not there.
    pub(crate) fn add_group(&mut self, name: &str) {
        self.group(name);
    }

    /// The entries of a group, which is added if it is not there.
    fn group(&mut self, name: &str) -> &mut Vec<(String, String)> {
        let at = match self.groups.iter().position(|group| group.0 == name) {
            Some(at) => at,
            None => {
                self.groups.push((name.to_owned(), Vec::new()));
                self.groups.len() - 1
            }
        };
        &mut self.groups[at].1
    }

    /// Sets a key to a value that is escaped already.
    fn set_raw(&mut self, group: &str, key: &str, raw: impl Into<String>) {
        let entries = self.group(group);
        match entries.iter_mut().find(|entry| entry.0 == key) {
            Some(entry) => entry.1 = raw.into(),
            None => entries.push((key.to_owned(), raw.into())),
        }
    }

    /// Sets a key to a string.
    ///
    /// # Errors
    /// A group, key or value that a keyfile cannot hold.
    pub fn set(&mut self, group: &str, key: &str, value: &str) -> Result<(), ValueError> {
        check_name(group, &['[', ']'])?;
        check_name(key, &['[', ']', '='])?;
        check_value(value)?;
        self.set_raw(group, key, escape(value, false));
        Ok(())
    }

    /// Sets a key to a list; an empty list removes the key.
    ///
    /// # Errors
    /// A group, key or value that a keyfile cannot hold.
    pub fn set_list(&mut self, group: &str, key: &str, items: &[String]) -> Result<(), ValueError> {
        check_name(group, &['[', ']'])?;
        check_name(key, &['[', ']', '='])?;
        items.iter().try_for_each(|item| check_value(item))?;
        if items.is_empty() {
            self.remove(group, key);
        } else {
            let raw: String = items.iter().map(|item| escape(item, true) + ";").collect();
            self.set_raw(group, key, raw);
        }
        Ok(())
    }

    /// Removes a key, and its group when that is empty then.
    pub fn remove(&mut self, group: &str, key: &str) {
        for (name, entries) in &mut self.groups {
            if name == group {
                entries.retain(|entry| entry.0 != key);
            }
        }
        self.groups
            .retain(|(name, entries)| name != group || !entries.is_empty());
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, entries)) in self.groups.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            writeln!(f, "{gap}[{name}]")?;
            for (key, raw) in entries {
                writeln!(f, "{key}={raw}")?;
            }
        }
        Ok(())
    }
}

fn check_name(name: &str, not: &[char]) -> Result<(), ValueError> {
    let is_bad = |c: char| c.is_control() || not.contains(&c);
    let wrong =
        name.is_empty() || name.trim() != name || name.contains(is_bad) || name.starts_with('#');
    match wrong {
        true => Err(ValueError::whole(name, "a keyfile cannot hold this name")),
        false => Ok(()),
    }
}

fn check_value(value: &str) -> Result<(), ValueError> {
    // GLib drops these before a value and has no escape for them
    if value.starts_with(['\x0b', '\x0c']) {
        return Err(ValueError::part(
            0..1,
            "a value in a keyfile does not start with this",
        ));
    }
    match value.find('\0') {
        Some(at) => Err(ValueError::part(at..at + 1, "a NUL byte stands here")),
        None => Ok(()),
    }
}

/// Escapes as GLib writes: leading space, line breaks, tabs and backslashes; in lists `;`.
fn escape(value: &str, is_list: bool) -> String {
    let mut raw = String::with_capacity(value.len());
    let mut leading = true;
    for c in value.chars() {
        match c {
            ' ' if leading => raw.push_str("\\s"),
            '\n' => raw.push_str("\\n"),
            '\r' => raw.push_str("\\r"),
            '\t' => raw.push_str("\\t"),
            '\\' => raw.push_str("\\\\"),
            ';' if is_list => raw.push_str("\\;"),
            c => raw.push(c),
        }
        leading &= c == ' ';
    }
    raw
}
