//! Text to layers: keyfiles, overrides, options, manifests and the node's policy.
//!
//! ```text
//! bytes ──► SourceText ──► AppMetadata, Layer, Manifest, PolicyFile   (or a Diagnostic with the place)
//! ```
//!
//! Everything read here was written by someone else. A [`SourceText`] is checked once; every problem is a
//! [`Diagnostic`] that shows the line, escaped, with the place underlined. What Flatpak ignores is ignored here
//! too, with a warning; what could hide a permission is an error. Nothing here touches the machine.

#![forbid(unsafe_code)]

pub mod app;
mod cdi;
mod diagnostic;
mod excerpt;
pub mod extension;
pub mod keyfile;
pub mod layer;
pub mod manifest;
pub mod options;
pub mod policy;
mod source;
mod suggest;

pub use app::{AppMetadata, RefKind};
pub use cdi::{CdiEdits, CdiMount, CdiNode, CdiSpec, CdiSyntax};
pub use diagnostic::{Diagnostic, Severity};
pub use extension::{EnableIf, ExtensionPoint};
pub use keyfile::Keyfile;
pub use manifest::Manifest;
pub use policy::PolicyFile;
pub use source::SourceText;
