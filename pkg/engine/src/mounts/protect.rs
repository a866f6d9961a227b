//! Paths that the app must not see, or not change.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys::mount::{Attributes, attach, bind, new_filesystem, set_attributes};
use flatrack_sys::path::{is_directory, resolve_in_root};

use super::device;
use crate::failure::{At, SetupFailure, Step};

/// Hides `masked` paths behind nothing and makes `read_only` ones unchangeable. A path that does not exist needs neither.
///
/// Paths are resolved inside the new root; what is mounted over is the file that was found, so that a link which is swapped meanwhile
/// changes nothing (CVE-2025-31133, CVE-2025-52565).
pub(super) fn apply(
    root: &OwnedFd,
    masked: &[String],
    read_only: &[String],
) -> Result<(), SetupFailure> {
    let null = if masked.is_empty() {
        None
    } else {
        Some(device::null().at(Step::Protect, || "/dev/null".into())?)
    };
    for path in masked {
        if let Some(null) = &null {
            hide(root, Path::new(path), null).at(Step::Protect, || path.clone())?;
        }
    }
    for path in read_only {
        freeze(root, Path::new(path)).at(Step::Protect, || path.clone())?;
    }
    Ok(())
}

fn find(root: &OwnedFd, path: &Path) -> io::Result<Option<OwnedFd>> {
    match resolve_in_root(root, path) {
        Ok(found) => Ok(Some(found)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn hide(root: &OwnedFd, path: &Path, null: &OwnedFd) -> io::Result<()> {
    let Some(target) = find(root, path)? else {
        return Ok(());
    };
    if !is_directory(&target)? {
        return bind(
            null,
            target,
            false,
            &Attributes::setting(Attributes::READ_ONLY | Attributes::NO_SUID | Attributes::NO_EXEC),
        );
    }
    let empty = new_filesystem("tmpfs", "tmpfs", ["nr_blocks=1", "nr_inodes=1", "mode=755"])?;
    let closed =
        Attributes::READ_ONLY | Attributes::NO_SUID | Attributes::NO_DEV | Attributes::NO_EXEC;
    set_attributes(&empty, &Attributes::setting(closed), false)?;
    attach(empty, target)
}

fn freeze(root: &OwnedFd, path: &Path) -> io::Result<()> {
    let Some(target) = find(root, path)? else {
        return Ok(());
    };
    bind(
        &target,
        &target,
        true,
        &Attributes::setting(Attributes::READ_ONLY),
    )
}
