//! GKeyFile, the format of metadata and overrides, with the place of everything.
//!
//! Groups that appear again are merged, as GLib does; each entry keeps its own place. A key that appears again
//! in a group of permissions is an error: two readers that disagree on which one counts show one thing and do
//! another.

mod parse;
mod value;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use flatrack_perms::{Origin, Source};

pub use value::{Text, Value};
pub use write::Writer;

use crate::{Diagnostic, SourceText};

/// A parsed keyfile.
#[derive(Debug, Clone)]
#[must_use]
pub struct Keyfile {
    source: SourceText,
    groups: Vec<Group>,
    index: BTreeMap<String, usize>,
}

/// A group with its entries in the order written.
#[derive(Debug, Clone)]
pub struct Group {
    name: String,
    span: Range<usize>,
    entries: Vec<Entry>,
    index: BTreeMap<String, usize>,
}

/// One `key=value` line.
#[derive(Debug, Clone)]
pub struct Entry {
    /// the key, for `key[de]` with the locale
    key: String,
    localized: bool,
    line: u32,
    key_span: Range<usize>,
    value_span: Range<usize>,
}

impl Keyfile {
    /// Reads a keyfile.
    ///
    /// # Errors
    /// A line that is none of comment, group and `key=value`; a key before the first group; a key that stands
    /// twice in a group of permissions.
    pub fn parse(source: &SourceText) -> Result<Self, Diagnostic> {
        parse::parse(source)
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// Every group, in the order of first appearance.
    pub fn groups(&self) -> impl Iterator<Item = GroupRef<'_>> {
        self.groups.iter().map(|group| GroupRef {
            source: &self.source,
            group,
        })
    }

    /// The group of that name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<GroupRef<'_>> {
        let at = *self.index.get(name)?;
        Some(GroupRef {
            source: &self.source,
            group: &self.groups[at],
        })
    }

    /// The value of a key in a group.
    #[must_use]
    pub fn get(&self, group: &str, key: &str) -> Option<Value<'_>> {
        self.group(group)?.get(key)
    }

    /// The same content without comments, in a form that reads back as the same.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (at, group) in self.groups().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            text.push_str(&format!("{gap}[{}]\n", group.name()));
            for value in group.values() {
                text.push_str(&format!("{}={}\n", value.key(), value.raw()));
            }
        }
        text
    }
}

/// A group in its keyfile.
#[derive(Debug, Clone, Copy)]
pub struct GroupRef<'k> {
    source: &'k SourceText,
    group: &'k Group,
}

impl<'k> GroupRef<'k> {
    /// The group's name.
    #[must_use]
    pub fn name(&self) -> &'k str {
        &self.group.name
    }

    /// Where its first header stands.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.group.span.clone()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value<'k>> {
        let entry = &self.group.entries[*self.group.index.get(key)?];
        Some(Value {
            source: self.source,
            entry,
        })
    }

    /// Every value, translations among them.
    pub fn values(&self) -> impl Iterator<Item = Value<'k>> + use<'k> {
        let source = self.source;
        self.group
            .entries
            .iter()
            .map(move |entry| Value { source, entry })
    }
}

impl<'k> Value<'k> {
    /// The key; a translation's has its locale in it, `key[de]`.
    #[must_use]
    pub fn key(&self) -> &'k str {
        &self.entry.key
    }

    /// Whether this is a translation.
    #[must_use]
    pub fn is_localized(&self) -> bool {
        self.entry.localized
    }

    /// The value as it stands in the file.
    #[must_use]
    pub fn raw(&self) -> &'k str {
        &self.source.text()[self.entry.value_span.clone()]
    }

    /// Where the key stands.
    #[must_use]
    pub fn key_span(&self) -> Range<usize> {
        self.entry.key_span.clone()
    }

    /// Where the value stands.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.entry.value_span.clone()
    }

    /// Who says it.
    #[must_use]
    pub fn origin(&self, source: Source) -> Origin {
        Origin::line(source, self.source.name().clone(), self.entry.line)
    }
}
