//! Labels: one profile, or several stacked on each other.

use std::collections::BTreeSet;
use std::fmt;

use flatrack_perms::AppId;
use serde::{Serialize, Serializer};

use super::quoted;

/// Name of the profile that is generated for an app.
#[must_use]
pub fn profile_name(id: &AppId) -> String {
    format!("flatrack.{id}")
}

/// The profiles that are in force together; what one of them denies is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(BTreeSet<String>);

impl Label {
    /// A label of at least one profile.
    #[must_use]
    pub fn new(profiles: impl IntoIterator<Item = String>) -> Option<Self> {
        let profiles: BTreeSet<String> = profiles.into_iter().collect();
        (!profiles.is_empty()).then_some(Self(profiles))
    }

    /// The profiles, sorted.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Label {
    /// As the kernel writes it: `one//&two`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            write!(f, "{}{name}", if at == 0 { "" } else { "//&" })?;
        }
        Ok(())
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A pattern for every label in which the profile is: alone, or in a stack, whose order is the kernel's own.
pub(super) fn patterns(name: &str) -> String {
    let name = quoted(name.as_ref());
    let name = name.trim_matches('"');
    format!("{{{name},{name}//&**,**//&{name},**//&{name}//&**}}")
}
