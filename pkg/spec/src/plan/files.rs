//! What is made for a start: entries of the root file system, files, and directories of the host.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

/// An entry of the root file system itself, which starts empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Node {
    /// a directory
    Dir {
        /// absolute path inside
        path: PathBuf,
        /// permissions
        mode: u32,
    },
    /// a file, for what must still be there when mounts are gone
    File {
        /// absolute path inside
        path: PathBuf,
        /// permissions
        mode: u32,
        /// what it holds
        content: String,
    },
    /// a symbolic link
    Symlink {
        /// absolute path inside
        path: PathBuf,
        /// target, as written
        target: PathBuf,
    },
}

/// A file written for this start, mounted read-only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedFile {
    /// its name in the bundle
    pub name: String,
    /// what it holds
    pub content: Content,
}

/// What a generated file holds.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// what anybody may see
    Text(String),
    /// what is shown to nobody but the app
    Secret(#[serde(serialize_with = "size_only")] Vec<u8>),
}

impl Content {
    /// What is written to the file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Secret(bytes) => bytes,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Secret(bytes) => write!(f, "{} secret bytes", bytes.len()),
        }
    }
}

fn size_only<S: Serializer>(secret: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{} secret bytes", secret.len()))
}

/// A link that must stand in a directory of the host before the start, for what instances share. It is made there
/// without following anything the app may have put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostLink {
    /// a directory that is among the plan's [`HostDir`]s
    pub directory: PathBuf,
    /// its name
    pub name: String,
    /// where it leads, as the app sees it
    pub target: String,
}

/// A directory made for this start, mounted read-only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedDir {
    /// its name in the bundle
    pub name: String,
    /// what is in it, by relative path: directories, and links with their targets
    pub entries: BTreeMap<PathBuf, Option<PathBuf>>,
}

/// A directory that must exist on the host before the start. Made component by component below `root`,
/// never through a symbolic link. One that is for its owner alone must be the user's if it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostDir {
    /// an existing directory that the user controls
    pub root: PathBuf,
    /// what to make below it
    pub below: PathBuf,
    /// permissions of what is made
    pub mode: u32,
}
