//! The workspace as cargo sees it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::{Result, tool};

/// The directory of the root Cargo.toml.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
}

/// `cargo metadata`, without third-party packages.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

/// One package of ours.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One edge.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`, or nothing
    pub(crate) kind: Option<String>,
    /// set for packages of the workspace
    pub(crate) path: Option<PathBuf>,
}

impl Package {
    /// The package's directory.
    pub(crate) fn dir(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("/"))
    }
}

impl Metadata {
    /// Asks cargo.
    pub(crate) fn load() -> Result<Self> {
        let mut command = Command::new("cargo");
        command
            .args(["metadata", "--format-version=1", "--no-deps"])
            .current_dir(root());
        Ok(serde_json::from_str(&tool::output(&mut command)?)?)
    }

    /// Where a built binary lies.
    pub(crate) fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target_directory.join(profile).join(name)
    }
}

/// Every file below `dir` with that extension, in order.
pub(crate) fn files(dir: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(dir) = waiting.pop() {
        let entries = dir
            .read_dir()
            .map_err(|error| format!("`{}`: {error}", dir.display()))?;
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && entry.file_name() != "target" {
                waiting.push(entry.path());
            }
            let extension = entry
                .path()
                .extension()
                .map(|one| one.to_string_lossy().into_owned());
            if kind.is_file() && extension.is_some_and(|one| extensions.contains(&one.as_str())) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
