//! The sources of bind mounts, as descriptors.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use flatrack_sys::mount::{Attributes, clone_tree, set_attributes};
use flatrack_sys::path::{open_following, open_nofollow};
use oci_spec::runtime::LinuxNamespaceType;
use rustix::fs::fstat;

use super::mapped;
use super::options::Options;
use crate::bundle::Bundle;
use crate::failure::{At, SetupFailure, Step};

/// Where the bytes of one mount come from.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// A detached mount of what the caller pinned, made before the container's mount namespace existed.
    Tree(OwnedFd),
    /// What the caller pinned; only the caller's own mount namespace can mount from it.
    Pin(&'a OwnedFd),
    /// A path, to be opened in the container's mount namespace, which is still a copy of the caller's.
    Path(PathBuf),
    /// Not a bind mount.
    None,
}

/// The sources of all mounts of a bundle, in the order of the spec. Called before the clone.
pub(super) fn all<'a>(
    bundle: &'a Bundle,
    options: &[Options],
) -> Result<Vec<Source<'a>>, SetupFailure> {
    let mut sources = opened(bundle, options)?;
    let mounts = bundle.spec.mounts().as_deref().unwrap_or_default();
    let asked = mounts.iter().zip(options).zip(&mut sources);
    for ((mount, options), source) in asked.filter(|((_, options), _)| options.ids) {
        let tree = match source {
            Source::Tree(tree) => mapped::map(tree, mount, options, bundle),
            _ => Err(io::Error::other("only root can map ids of a mount")),
        };
        tree.at(Step::Mount, || mount.destination().display().to_string())?;
    }
    Ok(sources)
}

fn opened<'a>(bundle: &'a Bundle, options: &[Options]) -> Result<Vec<Source<'a>>, SetupFailure> {
    let mounts = bundle.spec.mounts().as_deref().unwrap_or_default();
    let privileged = rustix::process::geteuid().is_root();
    mounts
        .iter()
        .zip(options)
        .map(|(mount, options)| {
            if !options.bind {
                return Ok(Source::None);
            }
            let Some(path) = mount.source() else {
                return Err(SetupFailure::new(
                    Step::Mount,
                    mount.destination().display().to_string(),
                    "a bind mount needs a source",
                ));
            };
            let Some(pin) = bundle.pins.get(path) else {
                let path = bundle.dir.join(path);
                // whom the container's root is outside may not be allowed to get there
                return match privileged && (options.ids || makes_users(bundle)) {
                    true => detached(&path, options),
                    false => Ok(Source::Path(path)),
                };
            };
            if !privileged {
                return Ok(Source::Pin(pin));
            }
            match clone_tree(pin, options.recursive) {
                Ok(tree) => Ok(Source::Tree(tree)),
                // Root of a user namespace that does not own this mount namespace.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    Ok(Source::Pin(pin))
                }
                Err(error) => Err(error).at(Step::Mount, || path.display().to_string()),
            }
        })
        .collect()
}

/// Whether the container gets a user namespace of its own.
fn makes_users(bundle: &Bundle) -> bool {
    let linux = bundle.spec.linux().as_ref();
    let namespaces = linux.and_then(|linux| linux.namespaces().as_deref());
    namespaces
        .unwrap_or_default()
        .iter()
        .any(|namespace| namespace.typ() == LinuxNamespaceType::User)
}

/// What a path names for the caller.
fn detached(path: &Path, options: &Options) -> Result<Source<'static>, SetupFailure> {
    let open = || clone_tree(open_following(path)?, options.recursive);
    match open() {
        Ok(tree) => Ok(Source::Tree(tree)),
        // Root of a user namespace that does not own this mount namespace.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Ok(Source::Path(path.to_owned()))
        }
        Err(error) => Err(error).at(Step::Mount, || path.display().to_string()),
    }
}

impl Source<'_> {
    /// A detached mount of the source, if it is a bind mount. Called in the container's mount namespace, whose mounts have `propagation`.
    pub(super) fn tree(self, options: &Options, propagation: u64) -> io::Result<Option<OwnedFd>> {
        match self {
            Self::Tree(tree) => {
                // A copy from the host's namespace still passes mounts to and fro.
                if !options.set_propagation() {
                    set_attributes(&tree, &Attributes::propagating(propagation), true)?;
                }
                Ok(Some(tree))
            }
            Self::Path(path) => clone_tree(open_following(&path)?, options.recursive).map(Some),
            Self::Pin(pin) => clone_tree(reopen(pin)?, options.recursive).map(Some),
            Self::None => Ok(None),
        }
    }
}

/// Opens again, in this mount namespace, what `pin` names in another one, and makes sure that it is the same.
fn reopen(pin: &OwnedFd) -> io::Result<OwnedFd> {
    let path = std::fs::read_link(format!("/proc/self/fd/{}", pin.as_raw_fd()))?;
    let again = open_nofollow(&path)?;
    let (wanted, found) = (fstat(pin)?, fstat(&again)?);
    if (wanted.st_dev, wanted.st_ino) == (found.st_dev, found.st_ino) {
        Ok(again)
    } else {
        Err(io::Error::other(format!(
            "`{}` was replaced since it was checked",
            path.display()
        )))
    }
}
