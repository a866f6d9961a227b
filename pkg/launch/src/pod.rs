//! An app in a container of an engine's: the root file system that the engine has unpacked is a Flatpak image, and its document says what the
//! container gets.
//!
//! ```text
//! image + runtime of the node ──installed──► App ──resolve under node policy and bound──► Plan ──render──► join(document) ──► bundle
//! ```
//!
//! The image asks and never decides: its metadata is a request, below the document, below the node's policy. Nothing of the machine is looked
//! at on its behalf but its own files and its runtime's ([`host::PodHost`]).

mod container;
mod generated;
mod host;
mod image;
mod inherited;
mod profile;
mod runtime;

use std::path::Path;

use flatrack_engine::oci::{Process, Spec};
use flatrack_engine::{Bundle, ContainerId};
use flatrack_perms::AppId;
use flatrack_spec::pod::ANNOTATION;

use crate::{Error, State};

pub use container::{InPod, place};

/// Whether the bundle of an engine holds a Flatpak image.
#[must_use]
pub fn holds_app(bundle: &Bundle) -> bool {
    image::is_app(&container::rootfs(bundle))
}

/// Whether a container was made from one.
#[must_use]
pub fn is_app(document: &Spec) -> bool {
    let annotations = document.annotations().as_ref();
    annotations.is_some_and(|all| all.contains_key(ANNOTATION))
}

/// A further program in such a container, under what the first one is under.
///
/// # Errors
/// The document is none of a container's.
pub fn further(document: &Spec, asked: &Process) -> Result<Process, Error> {
    Ok(flatrack_spec::pod::further(document, asked)?)
}

/// Removes what [`place`] made, once the container is gone. `document` is the container's.
///
/// # Errors
/// Files that cannot be removed, or the AppArmor profile.
pub fn forget(bundle: &Path, document: &Spec, container: &ContainerId) -> Result<(), Error> {
    if !is_app(document) {
        return Ok(());
    }
    let annotations = document.annotations().as_ref();
    let app = annotations.and_then(|all| AppId::parse(all.get("org.flatrack.app")?).ok());
    if let Some(app) = app {
        let state = State::open(rustix::process::geteuid().as_raw(), None)?;
        profile::forget(&app, container.as_str(), &state)?;
    }
    generated::forget(bundle)
}
