//! The name of a container, which is also a directory's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A container's name: 1 to 255 of `A-Z a-z 0-9 _ + . -`, and neither `.` nor `..`.
///
/// ```
/// use flatrack_engine::ContainerId;
/// assert!("org.example.App-1+2_3".parse::<ContainerId>().is_ok());
/// for wrong in ["", ".", "..", "a/b", "a b", "ä", "a\0b"] {
///     assert!(wrong.parse::<ContainerId>().is_err());
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContainerId(String);

/// A text that is not a container's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a container id: 1 to 255 of letters, digits and `_+.-`", .0.escape_default())]
pub struct InvalidId(pub String);

impl ContainerId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ContainerId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_+.-".contains(&byte);
        if text.is_empty()
            || text.len() > 255
            || text == "."
            || text == ".."
            || !text.bytes().all(good)
        {
            return Err(InvalidId(text));
        }
        Ok(Self(text))
    }
}

impl FromStr for ContainerId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.to_owned().try_into()
    }
}

impl From<ContainerId> for String {
    fn from(id: ContainerId) -> Self {
        id.0
    }
}

impl fmt::Display for ContainerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<std::path::Path> for ContainerId {
    fn as_ref(&self) -> &std::path::Path {
        self.0.as_ref()
    }
}
