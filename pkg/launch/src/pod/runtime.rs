//! A runtime that comes with the pod instead of with the node: an image of its own, which the pod's document mounts somewhere.

use std::path::{Path, PathBuf};

use flatrack_engine::oci::{Mount, Spec};
use flatrack_metadata::AppMetadata;
use flatrack_perms::{Pref, Source, Untrusted};
use flatrack_store::{BuildDir, Deploy, FullRef, RefKind};

use crate::{Error, sources};

/// The annotation that names the mount, by its destination. It names no path of the host, which would be the annotation's to choose.
const MOUNT: &str = "org.flatrack.runtime-mount";

/// A mount that holds a runtime.
#[derive(Debug)]
pub(super) struct Mounted {
    /// its place in the document's list
    pub(super) at: usize,
    source: PathBuf,
}

/// The mount that the document names, if it names one.
///
/// # Errors
/// There is none of that name, or it is no bind.
pub(super) fn mounted(document: &Spec) -> Result<Option<Mounted>, Error> {
    let annotations = document.annotations().as_ref();
    let Some(named) = annotations.and_then(|all| all.get(MOUNT)) else {
        return Ok(None);
    };
    let mut mounts = document.mounts().iter().flatten().enumerate();
    let found = mounts.find(|(_, mount)| mount.destination() == Path::new(named));
    let source = found.and_then(|(at, mount)| Some((at, bound(mount)?)));
    let Some((at, source)) = source else {
        let message = format!(
            "the annotation `{MOUNT}` says `{}`, and the document binds nothing there",
            Untrusted(named)
        );
        let hint = "mount the runtime's image as a volume, and name the volume's path";
        return Err(Error::request(message, Some(hint)));
    };
    let source = source.canonicalize().map_err(|error| Error::Io {
        path: source,
        source: error,
    })?;
    Ok(Some(Mounted { at, source }))
}

fn bound(mount: &Mount) -> Option<PathBuf> {
    let options = mount.options().as_deref().unwrap_or_default();
    let is_bind = mount.typ().as_deref() == Some("bind")
        || options
            .iter()
            .any(|option| option == "bind" || option == "rbind");
    // files that the pod wants nobody to execute are no runtime
    let closed = options
        .iter()
        .any(|option| option == "noexec" || option == "rnoexec");
    mount.source().clone().filter(|_| is_bind && !closed)
}

impl Mounted {
    /// Opens it as the runtime that the app asks for.
    ///
    /// # Errors
    /// It is another one, or none.
    pub(super) fn open(&self, wanted: &Pref) -> Result<Deploy, Error> {
        let dir = BuildDir::open(&self.source)?;
        let text = sources::text(&dir.metadata.path, &dir.metadata.bytes)?;
        let (metadata, _) = AppMetadata::parse(&text, Source::Runtime)?;
        metadata.check_id(&wanted.id)?;
        // a platform names itself; nothing else in it says its branch
        let own = metadata.runtime.filter(|own| own.id == wanted.id);
        match own {
            Some(own) if own != *wanted => Err(Error::request(
                format!("the mounted runtime is `{own}`, and the app wants `{wanted}`"),
                None,
            )),
            _ => Ok(dir.into_deploy(FullRef {
                kind: RefKind::Runtime,
                pref: wanted.clone(),
            })),
        }
    }
}
