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

use flatrack_engine::cgroup::Hierarchies;
use flatrack_engine::oci::{LinuxResources, Process, Spec};
use flatrack_engine::{Bundle, ContainerId};
use flatrack_perms::AppId;
use flatrack_spec::pod::ANNOTATION;
use flatrack_spec::{ResourcePlan, resources};

use crate::{Error, State, facts, policy};

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

/// Takes the mark of such a container from the document of another one, whose image may have written it.
pub fn unmark(document: &mut Spec) {
    if let Some(annotations) = document.annotations_mut() {
        annotations.remove(ANNOTATION);
    }
}

/// A further program in such a container, under what the first one is under.
///
/// # Errors
/// The document is none of a container's.
pub fn further(document: &Spec, asked: &Process) -> Result<Process, Error> {
    Ok(flatrack_spec::pod::further(document, asked)?)
}

/// Limits for such a container while it runs, within the node's policy. Those for disks are not looked at again.
///
/// # Errors
/// The policy cannot be read.
pub fn change(document: &Spec, asked: &LinuxResources) -> Result<LinuxResources, Error> {
    let Some(app) = app(document) else {
        return Ok(asked.clone());
    };
    let mut most = ResourcePlan::default();
    for ceiling in policy::for_app(&app)?.ceilings {
        most.limits.set(ceiling);
    }
    let cgroups = Hierarchies::detect().map_err(flatrack_engine::Error::from)?;
    let ceilings = resources(&most, facts::version(&cgroups))?;
    Ok(flatrack_spec::pod::change(asked, &ceilings)?)
}

fn app(document: &Spec) -> Option<AppId> {
    let annotations = document.annotations().as_ref()?;
    AppId::parse(annotations.get("org.flatrack.app")?).ok()
}

/// Removes what [`place`] made, once the container is gone. `document` is the container's.
///
/// # Errors
/// Files that cannot be removed, or the AppArmor profile.
pub fn forget(bundle: &Path, document: &Spec, container: &ContainerId) -> Result<(), Error> {
    if !is_app(document) {
        return Ok(());
    }
    if let Some(app) = app(document) {
        let state = State::open(rustix::process::geteuid().as_raw(), None)?;
        let profile = profile::forget(&app, container.as_str(), &state);
        return generated::forget(bundle).and(profile);
    }
    generated::forget(bundle)
}
