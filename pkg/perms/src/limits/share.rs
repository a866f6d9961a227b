//! Standing against others: shares, who goes first, and who dies first.

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

/// The priority of processes, -20 (first) to 19 (last).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nice(i8);

impl FromStr for Nice {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.parse::<i8>() {
            Ok(nice @ -20..=19) => Ok(Self(nice)),
            _ => Err(ValueError::whole(text, "the priority is -20 to 19")),
        }
    }
}

impl Nice {
    /// Everybody's.
    pub(super) const NORMAL: Self = Self(0);

    /// The number.
    #[must_use]
    pub fn get(self) -> i8 {
        self.0
    }
}

impl fmt::Display for Nice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Whether the kernel, when it must kill for memory, kills the whole app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OomGroup(bool);

impl FromStr for OomGroup {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(ValueError::whole(text, "this is `true` or `false`")),
        }
    }
}

impl OomGroup {
    /// The kernel's own way: one process at a time.
    pub(super) const APART: Self = Self(false);

    /// Whether it does.
    #[must_use]
    pub fn get(self) -> bool {
        self.0
    }
}

impl fmt::Display for OomGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

serialize_as_written!(Weight, OomScore, Nice, OomGroup);
