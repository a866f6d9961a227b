//! Paths that are narrowed beyond what the other permissions show: `[X-Landlock]`.

use serde::Serialize;

use crate::ValueError;

/// What is taken away from a path and everything below it. The later one takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Narrowing {
    /// it cannot be written to
    ReadOnly,
    /// nothing in it can be seen
    NoAccess,
}

impl Narrowing {
    /// Its key in `[X-Landlock]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::NoAccess => "no-access",
        }
    }
}

/// A path as the app sees it: absolute, or below the home directory with `~/` before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct NarrowedPath(String);

impl NarrowedPath {
    /// Reads a path.
    ///
    /// # Errors
    /// A relative path, `/` itself, `..`, or a character that nobody sees.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if let Some(at) = text.find(|c: char| !crate::text::is_harmless(c)) {
            let len = text[at..].chars().next().map_or(1, char::len_utf8);
            return Err(ValueError::part(
                at..at + len,
                "a path has no invisible characters",
            ));
        }
        let (top, below) = match (text.strip_prefix("~/"), text.strip_prefix('/')) {
            (Some(below), _) => ("~", below),
            (_, Some(below)) => ("", below),
            _ => {
                return Err(ValueError::whole(text, "this path is not absolute")
                    .hint("`/PATH` or `~/PATH`"));
            }
        };
        let parts: Vec<&str> = below
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        if parts.is_empty() || parts.contains(&"..") {
            return Err(ValueError::whole(
                text,
                "this path has `..` in it, or nothing",
            ));
        }
        Ok(Self(format!("{top}/{}", parts.join("/"))))
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path inside, for a home directory.
    #[must_use]
    pub fn below(&self, home: &std::path::Path) -> std::path::PathBuf {
        match self.0.strip_prefix("~/") {
            Some(below) => home.join(below),
            None => self.0.clone().into(),
        }
    }
}
