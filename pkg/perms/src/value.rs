//! The one error for a value that cannot be read.

use std::ops::Range;

/// A value that is not of the form its key wants, with the part that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ValueError {
    /// what is wrong, without the value itself
    pub problem: String,
    /// the bytes of the value that are wrong; the whole value where it cannot be narrowed
    pub range: Range<usize>,
    /// what to write instead
    pub hint: Option<String>,
}

impl ValueError {
    /// The whole value is wrong.
    #[must_use]
    pub fn whole(value: &str, problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            range: 0..value.len(),
            hint: None,
        }
    }

    /// A part of the value is wrong.
    #[must_use]
    pub fn part(range: Range<usize>, problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            range,
            hint: None,
        }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Moves the range, for a value that is a part of a longer one.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }
}
