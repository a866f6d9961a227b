//! A text with a name, checked once at the border.

use std::ops::Range;
use std::sync::Arc;

use flatrack_perms::ValueError;

use crate::diagnostic::{Diagnostic, Severity};

/// A text and the name of the file it came from.
///
/// It is UTF-8 without a byte order mark and without NUL (CVE-2021-43860 hid permissions behind one), and at
/// most [`SourceText::MOST`] bytes long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    name: Arc<str>,
    text: Arc<str>,
    /// where lines end
    breaks: Arc<[usize]>,
}

impl SourceText {
    /// The most bytes that a text may have.
    pub const MOST: usize = 1 << 20;

    /// Takes the content of a file; `name` is its path as the user would type it.
    ///
    /// # Errors
    /// A text that is too long, not UTF-8, starts with a byte order mark, or holds NUL.
    pub fn new(name: impl Into<Arc<str>>, bytes: &[u8]) -> Result<Self, Diagnostic> {
        let name = name.into();
        if bytes.len() > Self::MOST {
            let empty = Self::unchecked(name, "".into());
            return Err(empty.error(0..0, "the file is larger than 1 MiB"));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Self::unchecked(name, text.into()),
            Err(error) => {
                let at = error.valid_up_to();
                let lossy = Self::unchecked(name, String::from_utf8_lossy(bytes).into());
                let wrong = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
                return Err(lossy.error(wrong, "this is not UTF-8"));
            }
        };
        if let Some(at) = text.text.find('\0') {
            return Err(text.error(at..at + 1, "a NUL byte stands here"));
        }
        if text.text.starts_with('\u{feff}') {
            return Err(text
                .error(0..3, "the file starts with a byte order mark")
                .hint("save it as UTF-8 without a byte order mark"));
        }
        Ok(text)
    }

    fn unchecked(name: Arc<str>, text: Arc<str>) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let breaks = breaks.map(|(at, _)| at).collect();
        Self { name, text, breaks }
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line of a byte, counted from 1.
    #[must_use]
    pub fn line_of(&self, at: usize) -> u32 {
        let breaks = self.breaks.partition_point(|end| *end < at);
        u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// A place with an error.
    #[must_use]
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, self.clone(), span, message)
    }

    /// A place with something that is ignored.
    #[must_use]
    pub fn warning(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, self.clone(), span, message)
    }

    /// A wrong value that starts at `start` and is written here as it is read.
    #[must_use]
    pub fn wrong_value(&self, start: usize, error: &ValueError) -> Diagnostic {
        self.wrong_at(start + error.range.start..start + error.range.end, error)
    }

    /// A wrong value whose wrong part is at `span`.
    #[must_use]
    pub fn wrong_at(&self, span: Range<usize>, error: &ValueError) -> Diagnostic {
        let diagnostic = self.error(span, error.problem.clone());
        match &error.hint {
            Some(hint) => diagnostic.label(hint.clone()),
            None => diagnostic,
        }
    }
}
