//! Names of environment variables.

use serde::Serialize;

use crate::ValueError;

/// A variable's name: not empty, no `=`, no NUL.
///
/// ```
/// use flatrack_perms::EnvName;
/// assert!(EnvName::parse("LANG").is_ok());
/// assert!(EnvName::parse("A=B").is_err());
/// assert!(EnvName::parse("").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EnvName(String);

impl EnvName {
    /// Checks a name.
    ///
    /// # Errors
    /// An empty name, or one with `=` or NUL in it.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(ValueError::whole(text, "the variable's name is empty"));
        }
        match text.find(['=', '\0']) {
            Some(at) => Err(ValueError::part(
                at..at + 1,
                "a variable's name has no `=` and no NUL in it",
            )),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
