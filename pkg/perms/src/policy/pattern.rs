//! Which apps or runtimes a rule is about.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{AppId, ValueError};

/// Ids: `*`, one id, or `org.example.*`.
///
/// ```
/// use flatrack_perms::{AppId, IdPattern};
/// let below = IdPattern::parse("org.example.*").unwrap();
/// assert!(below.matches(&AppId::parse("org.example.App").unwrap()));
/// assert!(!below.matches(&AppId::parse("org.examples.App").unwrap()));
/// assert!(IdPattern::parse("org.*.App").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdPattern {
    /// every id
    All,
    /// this id
    One(AppId),
    /// every id that starts with this, dot included
    Below(String),
}

impl IdPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Anything else than an id, `*`, or the first elements of an id with `.*` behind.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text == "*" {
            return Ok(Self::All);
        }
        let Some(prefix) = text.strip_suffix(".*") else {
            return AppId::parse(text).map(Self::One);
        };
        // a prefix of an id is what becomes one with two more elements
        AppId::parse(&format!("{prefix}.x.x")).map_err(|_| {
            ValueError::whole(text, "this is not a pattern of ids")
                .hint("an id, `*`, or the first elements with `.*` behind")
        })?;
        Ok(Self::Below(format!("{prefix}.")))
    }

    /// Whether an id is meant.
    #[must_use]
    pub fn matches(&self, id: &AppId) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => one == id,
            Self::Below(prefix) => id.as_str().starts_with(prefix.as_str()),
        }
    }

    /// Whether every id that `other` means is meant by this.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (_, Self::One(id)) => self.matches(id),
            (Self::Below(mine), Self::Below(theirs)) => theirs.starts_with(mine.as_str()),
            (Self::One(_) | Self::Below(_), Self::All) | (Self::One(_), Self::Below(_)) => false,
        }
    }
}

impl fmt::Display for IdPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::One(id) => write!(f, "{id}"),
            Self::Below(prefix) => write!(f, "{prefix}*"),
        }
    }
}

impl Serialize for IdPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
