//! Second reading: the text and the place of every scalar.

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::manifest::document::{Node, Tree};
use crate::{Diagnostic, SourceText};

/// Fills in what the first reading could not know.
pub(super) fn fill(source: &SourceText, root: &mut Node) -> Result<(), Diagnostic> {
    let lines = Lines::new(source.text());
    let seed = Fill {
        node: root,
        lines: &lines,
    };
    let text = serde_yaml_ng::Deserializer::from_str(source.text());
    seed.deserialize(text)
        .map_err(|error| super::error(source, &error))
}

/// Where lines start, for libyaml's idea of a line.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// line, column and byte of the last place asked for; the next one is mostly behind it
    last: Cell<(usize, usize, usize)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let is_break = |(at, c): &(usize, char)| match c {
            '\r' => !text[at + 1..].starts_with('\n'),
            c => matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}'),
        };
        let breaks = text
            .char_indices()
            .filter(is_break)
            .map(|(at, c)| at + c.len_utf8());
        let starts = std::iter::once(0).chain(breaks).collect();
        Self {
            text,
            starts,
            last: Cell::new((0, 0, 0)),
        }
    }

    /// The byte at a line and a column, both counted from 1, the column in characters.
    pub(super) fn offset(&self, line: usize, column: usize) -> usize {
        let (last_line, last_column, last) = self.last.get();
        let (from, start) = match last_line == line && last_column <= column {
            true => (last_column, last),
            false => (
                1,
                self.starts
                    .get(line.saturating_sub(1))
                    .copied()
                    .unwrap_or(self.text.len()),
            ),
        };
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let rest = &self.text[start..end];
        let at = rest.char_indices().nth(column.saturating_sub(from));
        let at = at.map_or(end, |(at, _)| start + at);
        self.last.set((line, column, at));
        at
    }

    /// A scalar that starts here: to its last character, its closing quote, or the end of the line.
    fn scalar(&self, start: usize, value: &str) -> Range<usize> {
        let rest = &self.text[start..];
        if !value.is_empty() && rest.starts_with(value) {
            return start..start + value.len();
        }
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let closing = quote.and_then(|quote| {
            let mut escaped = false;
            rest[1..].find(|c| {
                let is_end = c == quote && !escaped;
                escaped = c == '\\' && quote == '"' && !escaped;
                is_end
            })
        });
        match closing {
            Some(at) => start..start + at + 2,
            None => {
                let line = rest.split('\n').next().unwrap_or_default();
                start..start + line.trim_end().len()
            }
        }
    }
}

struct Fill<'n, 'l> {
    node: &'n mut Node,
    lines: &'l Lines<'l>,
}

impl<'de> DeserializeSeed<'de> for Fill<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match &self.node.value {
            Tree::List(_) => deserializer.deserialize_seq(self),
            Tree::Map(_) => deserializer.deserialize_map(self),
            _ => {
                let (text, span) = caught(self.lines, deserializer);
                self.node.span = span;
                if let Tree::Text(value) | Tree::Number(value) = &mut self.node.value {
                    *value = text;
                }
                Ok(())
            }
        }
    }
}

impl<'de> Visitor<'de> for Fill<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what it was at first")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Tree::List(nodes) = &mut self.node.value else {
            return Ok(());
        };
        for node in nodes.iter_mut() {
            seq.next_element_seed(Fill {
                node,
                lines: self.lines,
            })?;
        }
        if let Some(first) = nodes.first() {
            self.node.span = first.span.clone();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Tree::Map(members) = &mut self.node.value else {
            return Ok(());
        };
        for member in members.iter_mut() {
            if let Some(span) = map.next_key_seed(KeyPlace(self.lines))? {
                member.key_span = span;
            }
            map.next_value_seed(Fill {
                node: &mut member.value,
                lines: self.lines,
            })?;
            if member.value.span.is_empty() {
                member.value.span = member.key_span.clone();
            }
        }
        if let Some(first) = members.first() {
            self.node.span = first.key_span.clone();
        }
        Ok(())
    }
}

struct KeyPlace<'l>(&'l Lines<'l>);

impl<'de> DeserializeSeed<'de> for KeyPlace<'_> {
    type Value = Range<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Ok(caught(self.0, deserializer).1)
    }
}

/// Asks for a string and refuses it; the refusal names the place.
fn caught<'de, D: Deserializer<'de>>(lines: &Lines<'_>, deserializer: D) -> (String, Range<usize>) {
    let mut text = String::new();
    let place = match deserializer.deserialize_str(Catch(&mut text)) {
        Ok(()) => None,
        Err(refusal) => place(&refusal.to_string()),
    };
    // the very first character is the one place that the parser does not name
    let (line, column) = place.unwrap_or((1, 1));
    let span = lines.scalar(lines.offset(line, column), &text);
    (text, span)
}

/// `... at line 3 column 5`
fn place(message: &str) -> Option<(usize, usize)> {
    let (_, place) = message.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

struct Catch<'t>(&'t mut String);

impl Visitor<'_> for Catch<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        text.clone_into(self.0);
        Err(E::custom("place"))
    }
}
