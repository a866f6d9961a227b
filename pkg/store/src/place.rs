//! Names of what can be installed, and of where it is.

use std::fmt;
use std::path::PathBuf;

use flatrack_perms::{AppId, Arch, Branch, Pref};
use serde::Serialize;

use crate::Error;

/// What a ref names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefKind {
    /// an application
    App,
    /// a runtime or an extension
    Runtime,
}

impl RefKind {
    /// The first part of a ref, and the directory below an installation.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Runtime => "runtime",
        }
    }
}

impl fmt::Display for RefKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A full ref, `KIND/ID/ARCH/BRANCH`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullRef {
    /// app or runtime
    pub kind: RefKind,
    /// the rest
    pub pref: Pref,
}

impl FullRef {
    /// Puts one together.
    #[must_use]
    pub fn new(kind: RefKind, id: AppId, arch: Arch, branch: Branch) -> Self {
        Self {
            kind,
            pref: Pref { id, arch, branch },
        }
    }

    /// Reads exactly four parts.
    ///
    /// ```
    /// use flatrack_store::FullRef;
    /// assert!(FullRef::parse("app/org.example.App/x86_64/stable").is_ok());
    /// assert!(FullRef::parse("app/org.example.App").is_err());
    /// assert!(FullRef::parse("app/org.example.App/../stable").is_err());
    /// ```
    ///
    /// # Errors
    /// Another kind, another number of parts, or a part that is not allowed.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = |source| Error::BadName {
            text: text.to_owned(),
            expected: "a ref of the form KIND/ID/ARCH/BRANCH",
            source,
        };
        let (kind, rest) = match text.split_once('/') {
            Some(("app", rest)) => (RefKind::App, rest),
            Some(("runtime", rest)) => (RefKind::Runtime, rest),
            _ => return Err(bad(None)),
        };
        let pref = Pref::parse(rest).map_err(|e| bad(Some(e)))?;
        Ok(Self { kind, pref })
    }
}

impl fmt::Display for FullRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.pref)
    }
}

impl Serialize for FullRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Place {
    /// the user's own installation
    User,
    /// an installation for all users
    System {
        /// `default`, or the name given in `installations.d`
        id: String,
        /// its top directory
        path: PathBuf,
    },
    /// a directory of `flatpak build-init`
    BuildDir,
    /// part of this program
    Builtin,
}

impl Place {
    /// The name of the place, as `--installation` takes it; `user` for the user's own.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User => "user",
            Self::System { id, .. } => id,
            Self::BuildDir => "build-dir",
            Self::Builtin => "built-in",
        }
    }
}
