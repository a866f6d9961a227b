//! Places in the dconf database, the store of desktop settings.

use serde::Serialize;

use crate::{AppId, ValueError};

/// A directory (`/org/example/app/`) or a key (`/org/example/app/font`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DconfPath(String);

impl DconfPath {
    /// Reads a path as dconf writes it.
    ///
    /// # Errors
    /// A path that does not begin with a slash, has two in a row, or a character that no key of a schema has.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | ':');
        if !text.starts_with('/') || text.contains("//") || !text.chars().all(good) {
            return Err(ValueError::whole(text, "this is not a dconf path")
                .hint("`/org/example/app/` or `/org/example/app/key`"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The directory that an app's settings are in by its id.
    #[must_use]
    pub fn of(id: &AppId) -> Self {
        Self(format!("/{}/", id.as_str().replace('.', "/")))
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a directory.
    #[must_use]
    pub fn is_dir(&self) -> bool {
        self.0.ends_with('/')
    }

    /// Whether it is the directory of an app, by the rule that case, `-` for `_` and digits at the end of a part do not matter:
    /// settings from before an app became a Flatpak are found by it.
    #[must_use]
    pub fn resembles(&self, id: &AppId) -> bool {
        let plain = |path: &str| -> Vec<String> {
            path.trim_matches('/')
                .split('/')
                .map(|part| {
                    let part = part.to_ascii_lowercase().replace('-', "_");
                    part.trim_end_matches(|c: char| c.is_ascii_digit())
                        .to_owned()
                })
                .collect()
        };
        self.is_dir() && plain(&self.0) == plain(&Self::of(id).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_app_that_it_looks_like() {
        let id = AppId::parse("org.gnome.Text_Editor4").unwrap();
        for (path, own) in [
            ("/org/gnome/Text_Editor4/", true),
            ("/org/gnome/text-editor/", true),
            ("/org/gnome/", false),
            ("/org/gnome/text-editor", false),
            ("/org/gnome/text-editor/sub/", false),
        ] {
            assert_eq!(
                DconfPath::parse(path).unwrap().resembles(&id),
                own,
                "{path}"
            );
        }
        for bad in ["", "org", "/a//b/", "/a b/", "/a\n/", "/[a]/"] {
            assert!(DconfPath::parse(bad).is_err(), "{bad}");
        }
    }
}
