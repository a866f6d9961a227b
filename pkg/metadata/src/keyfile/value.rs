//! Escapes, lists and booleans in values.

use std::ops::Range;

use flatrack_perms::ValueError;

use super::Entry;
use crate::{Diagnostic, SourceText};

/// A value in its keyfile.
#[derive(Debug, Clone, Copy)]
pub struct Value<'k> {
    pub(crate) source: &'k SourceText,
    pub(super) entry: &'k Entry,
}

/// A string with its escapes undone, which still knows its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    text: String,
    /// where it starts in the file
    start: usize,
    /// bytes of `text` that are two bytes in the file
    escapes: Vec<usize>,
}

impl Text {
    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it stands in the file.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.place(0..self.text.len())
    }

    /// Where a part of it stands in the file.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        let raw = |at: usize| self.start + at + self.escapes.partition_point(|escape| *escape < at);
        raw(part.start)..raw(part.end)
    }

    fn starting_at(start: usize) -> Self {
        Self {
            text: String::new(),
            start,
            escapes: Vec::new(),
        }
    }
}

/// What stands behind the backslash, and what it means. `;` only in lists.
const ESCAPES: [(char, char); 6] = [
    ('s', ' '),
    ('n', '\n'),
    ('t', '\t'),
    ('r', '\r'),
    ('\\', '\\'),
    (';', ';'),
];

impl<'k> Value<'k> {
    /// The value as one string.
    ///
    /// # Errors
    /// An escape that is not known.
    pub fn string(&self) -> Result<Text, Diagnostic> {
        Ok(self.pieces(false)?.remove(0))
    }

    /// The value as a list. Empty items are left out.
    ///
    /// # Errors
    /// An escape that is not known.
    pub fn list(&self) -> Result<Vec<Text>, Diagnostic> {
        self.string_or_list(true)
    }

    /// The value as a list, or as a list of one string. An empty string is an empty list.
    pub(crate) fn string_or_list(&self, is_list: bool) -> Result<Vec<Text>, Diagnostic> {
        let mut pieces = self.pieces(is_list)?;
        pieces.retain(|piece| !piece.text.is_empty());
        Ok(pieces)
    }

    /// The value as `true` or `false`.
    ///
    /// # Errors
    /// Anything else.
    pub fn boolean(&self) -> Result<bool, Diagnostic> {
        match self.raw().trim_end() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(self.error("this is not `true` or `false`")),
        }
    }

    /// The whole value is wrong.
    #[must_use]
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        self.source.error(self.span(), message)
    }

    /// The key is ignored.
    #[must_use]
    pub fn warning(&self, message: impl Into<String>) -> Diagnostic {
        self.source.warning(self.key_span(), message)
    }

    /// A part of a string of this value is wrong.
    #[must_use]
    pub fn wrong(&self, text: &Text, error: &ValueError) -> Diagnostic {
        self.source.wrong_at(text.place(error.range.clone()), error)
    }

    /// An item of this value is ignored.
    #[must_use]
    pub fn ignored(&self, text: &Text, message: impl Into<String>) -> Diagnostic {
        self.source.warning(text.span(), message)
    }

    fn pieces(&self, is_list: bool) -> Result<Vec<Text>, Diagnostic> {
        let start = self.entry.value_span.start;
        let mut pieces = vec![Text::starting_at(start)];
        let mut chars = self.raw().char_indices();
        while let Some((at, c)) = chars.next() {
            let last = pieces.len() - 1;
            let piece = &mut pieces[last];
            match c {
                ';' if is_list => pieces.push(Text::starting_at(start + at + 1)),
                '\\' => {
                    let escaped = chars.next().map(|(_, c)| c);
                    let known =
                        |row: &&(char, char)| Some(row.0) == escaped && (is_list || row.0 != ';');
                    let Some((_, meaning)) = ESCAPES.iter().find(known) else {
                        let end = start + at + 1 + escaped.map_or(0, char::len_utf8);
                        return Err(self
                            .source
                            .error(start + at..end, "this escape is not known")
                            .hint("a backslash is written `\\\\`"));
                    };
                    piece.escapes.push(piece.text.len());
                    piece.text.push(*meaning);
                }
                c => piece.text.push(c),
            }
        }
        Ok(pieces)
    }
}
