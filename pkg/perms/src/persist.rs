//! Directories of the home directory that an app keeps for itself.

use std::path::Path;

use serde::Serialize;

use crate::ValueError;

/// A path below the home directory whose content lives in the app's own directory
/// (`--persist`). `.` means the whole home directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PersistPath(String);

impl PersistPath {
    /// Reads a path relative to the home directory. A leading slash is dropped, as Flatpak does.
    ///
    /// # Errors
    /// An empty path, NUL, or a `..` component.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if let Some(at) = text.find(|c: char| !crate::text::is_harmless(c)) {
            let len = text[at..].chars().next().map_or(1, char::len_utf8);
            return Err(ValueError::part(
                at..at + len,
                "a path has no invisible characters",
            ));
        }
        let parts: Vec<&str> = text
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        if parts.contains(&"..") {
            return Err(ValueError::whole(
                text,
                "a path to persist has no `..` in it",
            ));
        }
        if text.is_empty() {
            return Err(ValueError::whole(text, "the path is empty"));
        }
        Ok(Self(if parts.is_empty() {
            ".".to_owned()
        } else {
            parts.join("/")
        }))
    }

    /// The path, relative to the home directory.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// Whether the whole home directory is meant.
    #[must_use]
    pub fn is_home(&self) -> bool {
        self.0 == "."
    }
}
