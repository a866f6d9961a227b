//! Amounts of bytes and of things.

use std::fmt;
use std::str::FromStr;

use super::written::serialize_as_written;
use crate::ValueError;

/// A number of bytes, or no limit. Suffixes `K`, `M`, `G`, `T` are powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ByteLimit {
    /// at most this many bytes
    Bytes(u64),
    /// no limit (`max`)
    Max,
}

/// A number of things, or no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountLimit {
    /// at most this many
    Count(u64),
    /// no limit (`max`)
    Max,
}

const UNITS: [(char, u64); 4] = [
    ('K', 1 << 10),
    ('M', 1 << 20),
    ('G', 1 << 30),
    ('T', 1 << 40),
];

impl FromStr for ByteLimit {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let (digits, factor) = match text.char_indices().last() {
            Some((at, last)) => match UNITS.iter().find(|u| u.0 == last.to_ascii_uppercase()) {
                Some(unit) => (&text[..at], unit.1),
                None => (text, 1),
            },
            None => (text, 1),
        };
        let number = number(digits).map_err(|e| {
            ValueError {
                range: e.range,
                problem: "this is not a size".to_owned(),
                hint: None,
            }
            .hint("bytes, or a number with `K`, `M`, `G` or `T`, or `max`")
        })?;
        number
            .checked_mul(factor)
            .filter(|bytes| *bytes <= i64::MAX as u64)
            .map(Self::Bytes)
            .ok_or_else(|| ValueError::whole(text, "this size is larger than any machine has"))
    }
}

impl fmt::Display for ByteLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Bytes(bytes) = self else {
            return f.write_str("max");
        };
        match UNITS
            .iter()
            .rev()
            .find(|(_, factor)| *bytes > 0 && bytes % factor == 0)
        {
            Some((unit, factor)) => write!(f, "{}{unit}", bytes / factor),
            None => write!(f, "{bytes}"),
        }
    }
}

impl FromStr for CountLimit {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "max" {
            return Ok(Self::Max);
        }
        match number(text)? {
            0 => Err(ValueError::whole(text, "nothing can run with a limit of 0")),
            count => Ok(Self::Count(count)),
        }
    }
}

impl fmt::Display for CountLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Max => f.write_str("max"),
        }
    }
}

serialize_as_written!(ByteLimit, CountLimit);

/// Decimal digits only: no sign, no space.
pub(super) fn number(text: &str) -> Result<u64, ValueError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ValueError::whole(text, "this is not a number"));
    }
    text.parse()
        .map_err(|_| ValueError::whole(text, "this number is too large"))
}
