//! Names of apps, runtimes, arches and branches, checked once at the border.
//!
//! The rules are Flatpak's; a name that passes holds no slash, no `..` and does not look like an option,
//! so it may be a path component and an argument.

use std::fmt;

use serde::Serialize;

use crate::ValueError;

/// An id such as `org.example.App`: three or more elements of letters, digits and `_`, none starting
/// with a digit, `-` only in the last one, 255 bytes at most.
///
/// ```
/// use flatrack_perms::AppId;
/// assert!(AppId::parse("org.example.App-dev").is_ok());
/// assert!(AppId::parse("org.example").is_err());
/// assert!(AppId::parse("org.../../etc").is_err());
/// assert!(AppId::parse("--help.me.now").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AppId(String);

impl AppId {
    /// Checks an id.
    ///
    /// # Errors
    /// Anything Flatpak would not accept, with the element that is wrong.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() || text.len() > 255 {
            return Err(ValueError::whole(text, "an id has 1 to 255 characters"));
        }
        let last = text.rfind('.').map_or(0, |dot| dot + 1);
        let mut start = 0;
        let mut elements = 0;
        for element in text.split('.') {
            let range = start..start + element.len();
            let dash_allowed = start == last && elements > 0;
            start += element.len() + 1;
            elements += 1;
            let Some(first) = element.chars().next() else {
                return Err(ValueError::part(range, "an element of an id is empty"));
            };
            if first.is_ascii_digit() {
                return Err(ValueError::part(
                    range,
                    "an element of an id starts with a digit",
                ));
            }
            let bad =
                |c: char| !(c.is_ascii_alphanumeric() || c == '_' || (c == '-' && dash_allowed));
            if let Some(at) = element.find(bad) {
                let len = element[at..].chars().next().map_or(1, char::len_utf8);
                let at = range.start + at;
                return Err(ValueError::part(
                    at..at + len,
                    "this character is not allowed in an id",
                )
                .hint("letters, digits and `_`; `-` only after the last dot"));
            }
        }
        if elements < 3 {
            return Err(ValueError::whole(text, "an id has at least two dots")
                .hint("ids look like `org.example.App`"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $what:literal, $first:expr, $rest:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks the word.
            ///
            /// # Errors
            /// An empty word, one of more than 255 bytes, or a character that is not allowed.
            pub fn parse(text: &str) -> Result<Self, ValueError> {
                let first: fn(char) -> bool = $first;
                let rest: fn(char) -> bool = $rest;
                if text.is_empty() || text.len() > 255 {
                    return Err(ValueError::whole(text, concat!($what, " has 1 to 255 characters")));
                }
                for (at, c) in text.char_indices() {
                    if !(if at == 0 { first(c) } else { rest(c) }) {
                        return Err(ValueError::part(
                            at..at + c.len_utf8(),
                            concat!("this character is not allowed here in ", $what),
                        ));
                    }
                }
                Ok(Self(text.to_owned()))
            }

            /// The word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

word! {
    /// An architecture in Flatpak's spelling, such as `x86_64`: letters, digits and `_`.
    Arch, "an arch",
    |c| c.is_ascii_alphanumeric() || c == '_',
    |c| c.is_ascii_alphanumeric() || c == '_'
}

word! {
    /// A branch such as `stable` or `24.08`: letters, digits, `_`, `-` and, not first, `.`.
    Branch, "a branch",
    |c| c.is_ascii_alphanumeric() || c == '_' || c == '-',
    |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

word! {
    /// The name of a deployed commit; a hash, for partial checkouts with `-SUBPATH` behind it.
    Commit, "a commit",
    |c| c.is_ascii_alphanumeric(),
    |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// A partial ref `ID/ARCH/BRANCH`, as `runtime=` of the metadata holds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Pref {
    /// the id
    pub id: AppId,
    /// the architecture
    pub arch: Arch,
    /// the branch
    pub branch: Branch,
}

impl Pref {
    /// Reads exactly three parts.
    ///
    /// # Errors
    /// Another number of parts, or a part that is not allowed.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let parts: Vec<&str> = text.split('/').collect();
        let [id, arch, branch] = parts.as_slice() else {
            return Err(ValueError::whole(
                text,
                "this is not of the form ID/ARCH/BRANCH",
            ));
        };
        Ok(Self {
            id: AppId::parse(id)?,
            arch: Arch::parse(arch).map_err(|e| e.shifted(id.len() + 1))?,
            branch: Branch::parse(branch).map_err(|e| e.shifted(id.len() + arch.len() + 2))?,
        })
    }
}

impl fmt::Display for Pref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.id, self.arch, self.branch)
    }
}
