//! Flatpak images: one layer with `metadata`, `files/` and `export/`, which is no root file system.

use std::path::Path;

use flatrack_metadata::AppMetadata;
use flatrack_perms::{Branch, Source};
use flatrack_spec::FileKind;
use flatrack_spec::Host as _;
use flatrack_store::{BuildDir, Deploy, FullRef, RefKind};

use crate::host::RealHost;
use crate::{Error, sources};

/// What root file systems have, and images of apps have not. Engines make directories for their mounts, but neither of these.
const OF_A_ROOT: [&str; 2] = ["bin", "usr"];

/// The group that every app's metadata has.
const GROUP: &str = "[Application]";

/// Whether a container's root file system is a Flatpak image of an app. Links are not followed: they are the image's own.
pub(super) fn is_app(rootfs: &Path) -> bool {
    let kind = |name: &str| RealHost.kind(&rootfs.join(name));
    kind("metadata") == Some(FileKind::File)
        && kind("files") == Some(FileKind::Dir)
        && OF_A_ROOT.iter().all(|name| kind(name).is_none())
        && BuildDir::open(rootfs).is_ok_and(|dir| has_group(&dir.metadata.bytes))
}

fn has_group(metadata: &[u8]) -> bool {
    let mut lines = metadata.split(|byte| *byte == b'\n');
    lines.any(|line| line.trim_ascii() == GROUP.as_bytes())
}

/// Opens one. Its branch is nowhere in it.
pub(super) fn open(rootfs: &Path, arch: &flatrack_perms::Arch) -> Result<Deploy, Error> {
    let dir = BuildDir::open(rootfs)?;
    let text = sources::text(&dir.metadata.path, &dir.metadata.bytes)?;
    let (metadata, _) = AppMetadata::parse(&text, Source::App)?;
    let branch =
        Branch::parse("master").map_err(|error| Error::request(error.to_string(), None))?;
    let arch = metadata
        .runtime
        .as_ref()
        .map_or(arch, |runtime| &runtime.arch);
    let full_ref = FullRef::new(RefKind::App, metadata.id, arch.clone(), branch);
    Ok(dir.into_deploy(full_ref))
}
