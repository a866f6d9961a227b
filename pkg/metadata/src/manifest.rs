//! flatpak-builder's manifests, in YAML or JSON.
//!
//! Built so far: apps of modules with `buildsystem: simple` and sources that are local. What else a manifest
//! may ask for is refused by name and place, never left out in silence.

mod document;
mod finish;
mod json;
mod members;
mod metadata;
mod module;
mod read;
mod source;
mod yaml;

use std::collections::BTreeMap;

use flatrack_perms::{AppId, Arch, Branch, Layer, ValueError};

use crate::{Diagnostic, SourceText};

pub use module::{Module, Sources};
pub use source::{ModuleSource, SourceKind};

/// A manifest, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Manifest {
    /// the app's id
    pub id: AppId,
    /// the branch to build; `master` where nothing is said
    pub branch: Branch,
    /// the runtime; its branch is [`Manifest::runtime_version`] unless it names one
    pub runtime: PartialRef,
    /// branch of the runtime and the SDK
    pub runtime_version: Branch,
    /// the SDK
    pub sdk: PartialRef,
    /// what to run
    pub command: Option<String>,
    /// `[Application] tags`
    pub tags: Vec<String>,
    /// the permissions that the app will ask for
    pub finish_args: Layer,
    /// `finish-args` as written
    pub finish_args_text: Vec<String>,
    /// variables of every build command; `None` unsets
    pub build_env: BTreeMap<String, Option<String>>,
    /// patterns of files to remove in the end
    pub cleanup: Vec<String>,
    /// commands to run before that
    pub cleanup_commands: Vec<String>,
    /// what to build, in order
    pub modules: Vec<Module>,
}

/// `ID[/ARCH[/BRANCH]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialRef {
    /// the id
    pub id: AppId,
    /// the architecture, where it is named
    pub arch: Option<Arch>,
    /// the branch, where it is named
    pub branch: Option<Branch>,
}

impl PartialRef {
    /// Reads one to three parts; an empty one is not named.
    ///
    /// # Errors
    /// More parts, or one that is not allowed.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.len() > 3 {
            return Err(ValueError::whole(
                text,
                "this is not of the form ID/ARCH/BRANCH",
            ));
        }
        let part = |number: usize| parts.get(number).copied().filter(|part| !part.is_empty());
        let id = AppId::parse(parts[0])?;
        let at = parts[0].len() + 1;
        let arch = part(1).map(|arch| Arch::parse(arch).map_err(|e| e.shifted(at)));
        let at = at + parts.get(1).map_or(0, |arch| arch.len()) + 1;
        let branch = part(2).map(|branch| Branch::parse(branch).map_err(|e| e.shifted(at)));
        Ok(Self {
            id,
            arch: arch.transpose()?,
            branch: branch.transpose()?,
        })
    }
}

/// Why a manifest is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// something is wrong with it
    #[error("{0}")]
    Wrong(Box<Diagnostic>),
    /// it asks for something that flatpak-builder has and this program has not
    #[error("{place}")]
    NotSupported {
        /// what
        what: String,
        /// where
        place: Box<Diagnostic>,
    },
}

impl From<Diagnostic> for ManifestError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Wrong(Box::new(diagnostic))
    }
}

impl Manifest {
    /// Reads a manifest. A name that ends in `.yaml` or `.yml` says YAML, any other JSON, as in
    /// flatpak-builder. Warnings say what is ignored.
    ///
    /// # Errors
    /// A manifest that is wrong, or one that asks for what is not supported yet.
    pub fn parse(text: &SourceText) -> Result<(Self, Vec<Diagnostic>), ManifestError> {
        read::manifest(&document::Document::parse(text)?)
    }

    /// The metadata that `flatpak build-init` and `flatpak build-finish` would write.
    ///
    /// # Errors
    /// A value that a keyfile cannot hold.
    pub fn to_metadata(&self, arch: &Arch) -> Result<String, ValueError> {
        metadata::write(self, arch)
    }
}
