//! Standing against others: shares, and who dies first.

use std::fmt;
use std::str::FromStr;

use super::written::serialize_as_written;
use crate::ValueError;

/// A share relative to others, 1 to 10000; 100 is what everyone has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(u16);

/// How readily the kernel kills this app when the whole machine is out of memory, -1000 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OomScore(i16);

impl FromStr for Weight {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.parse::<u16>() {
            Ok(weight @ 1..=10_000) => Ok(Self(weight)),
            _ => Err(ValueError::whole(text, "a weight is 1 to 10000")),
        }
    }
}

impl Weight {
    /// What everyone has.
    pub(crate) const NORMAL: Self = Self(100);

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for OomScore {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.parse::<i16>() {
            Ok(score @ -1000..=1000) => Ok(Self(score)),
            _ => Err(ValueError::whole(text, "the score is -1000 to 1000")),
        }
    }
}

impl OomScore {
    /// What everyone has.
    pub(crate) const NORMAL: Self = Self(0);

    /// The number.
    #[must_use]
    pub fn get(self) -> i16 {
        self.0
    }
}

impl fmt::Display for OomScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

serialize_as_written!(Weight, OomScore);
