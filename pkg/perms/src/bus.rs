//! Names on message buses, and what may be done with them.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::ValueError;
use crate::vocabulary::Family;

/// A message bus that an app may be given a filtered part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bus {
    /// the bus of the user's session
    Session,
    /// the bus of the machine
    System,
    /// the accessibility bus of the user's session
    A11y,
}

impl Bus {
    /// Every bus.
    pub const ALL: [Self; 3] = [Self::Session, Self::System, Self::A11y];

    /// The vocabulary's family of its names.
    #[must_use]
    pub fn family(self) -> Family {
        match self {
            Self::Session => Family::SessionBusName,
            Self::System => Family::SystemBusName,
            Self::A11y => Family::A11yBusName,
        }
    }

    /// One word for it, in file names and messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::System => "system",
            Self::A11y => "a11y",
        }
    }
}

/// What may be done with a name; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BusPolicy {
    /// the name is not even seen
    None,
    /// the name and its coming and going are seen
    See,
    /// its owner can be called
    Talk,
    /// it can be owned
    Own,
}

impl BusPolicy {
    /// Every policy, the narrowest first.
    pub const ALL: [Self; 4] = [Self::None, Self::See, Self::Talk, Self::Own];

    /// The word in keyfiles.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::See => "see",
            Self::Talk => "talk",
            Self::Own => "own",
        }
    }

    /// The policy of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == word)
    }
}

/// A well-known bus name; with `.*` behind it the name and everything below it.
///
/// ```
/// use flatrack_perms::BusName;
/// let below = BusName::parse("org.example.*").unwrap();
/// assert!(below.covers("org.example") && below.covers("org.example.App"));
/// assert!(!below.covers("org.examples"));
/// assert!(BusName::parse(":1.5").is_err());
/// assert!(BusName::parse("org.example.--own=x y").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BusName(String);

impl BusName {
    /// Checks a name.
    ///
    /// # Errors
    /// A unique name, an element that is empty or starts with a digit, a character that is not allowed.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let name = text.strip_suffix(".*").unwrap_or(text);
        if name.is_empty() || name.len() > 255 || !name.contains('.') {
            return Err(ValueError::whole(text, "this is not a bus name")
                .hint("bus names look like `org.example.Name`"));
        }
        let mut start = 0;
        for element in name.split('.') {
            let range = start..start + element.len();
            start += element.len() + 1;
            if element.is_empty() || element.starts_with(|c: char| c.is_ascii_digit()) {
                let problem = "an element of a bus name is empty or starts with a digit";
                return Err(ValueError::part(range, problem));
            }
            let is_bad =
                |c: &(usize, char)| !(c.1.is_ascii_alphanumeric() || matches!(c.1, '_' | '-'));
            if let Some((at, c)) = element.char_indices().find(is_bad) {
                let at = range.start + at;
                let problem = "this character is not allowed in a bus name";
                return Err(ValueError::part(at..at + c.len_utf8(), problem));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a name is meant.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        match self.0.strip_suffix(".*") {
            None => self.0 == name,
            Some(top) => name
                .strip_prefix(top)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        }
    }
}

impl BusName {
    /// Whether there is a name that both mean.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.covers(other.top()) || other.covers(self.top())
    }

    fn top(&self) -> &str {
        self.0.strip_suffix(".*").unwrap_or(&self.0)
    }
}

impl fmt::Display for BusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name on a bus, as a right is about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameOnBus {
    /// the bus
    pub bus: Bus,
    /// the name
    pub name: BusName,
}

impl fmt::Display for NameOnBus {
    /// As it stands in metadata: `[Session Bus Policy] org.example.Name`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.bus.family().row().group, self.name)
    }
}

impl Serialize for NameOnBus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
