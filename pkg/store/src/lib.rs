//! Which apps and runtimes exist, and where: Flatpak's installations, read and never written to.
//!
//! ```text
//! Environment + Scope ──► Installations ──app, runtime, extension──► Deploy ──lock──► DeployLock
//!                                       ──list─────────────────────► Listing
//! a directory of `flatpak build-init` ──► BuildDir ──into_deploy───► Deploy
//! ```
//!
//! A [`Deploy`] is one checked-out commit with its directories opened once: what was looked at is what
//! is mounted. Below an installation no symlink is followed but `active`, which must name a directory
//! next to itself, and the target of an unmaintained extension, which its owner chose. The metadata
//! comes back as bytes; what they mean is the business of `flatrack-metadata`.

#![forbid(unsafe_code)]

mod build_dir;
pub mod builtin;
mod deploy;
mod deploy_file;
mod environment;
mod error;
mod extension;
mod extra;
mod installations;
mod keyfile;
mod listing;
mod lock;
mod lookup;
mod overrides;
mod pinned;
mod place;
mod target;
#[cfg(test)]
mod testing;
mod variant;

pub use build_dir::BuildDir;
pub use deploy::{Deploy, HostEtc, Metadata};
pub use environment::{Environment, default_arch};
pub use error::{Error, Warning};
pub use extension::{Extension, Extensions, PassedOver, Surroundings, Why};
pub use installations::{Installations, Scope};
pub use listing::{Installed, Listing};
pub use lock::DeployLock;
pub use overrides::{OverrideDir, OverrideFile, overrides};
pub use pinned::Pinned;
pub use place::{FullRef, Place, RefKind};
pub use target::{Found, Target};
