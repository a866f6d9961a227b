//! Files that are made for one container, in the engine's bundle.

use std::path::{Path, PathBuf};

use flatrack_sys::tiny::Removal;

use crate::Error;

/// Below the engine's bundle.
const DIRECTORY: &str = "flatrack";

/// Where they are.
pub(super) fn directory(bundle: &Path) -> PathBuf {
    bundle.join(DIRECTORY)
}

/// Removes what was made for a container of this bundle. Engines remove the bundle itself.
pub(super) fn forget(bundle: &Path) -> Result<(), Error> {
    let path = directory(bundle);
    match std::fs::remove_dir_all(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io { path, source })
        }
        _ => Ok(()),
    }
}

/// Gives them to the user that the app runs as, who is to read them.
pub(super) fn give(made: &[Removal], uid: u32, gid: u32) -> Result<(), Error> {
    for one in made {
        let (Removal::File(path) | Removal::Directory(path)) = one;
        std::os::unix::fs::lchown(path, Some(uid), Some(gid)).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
    }
    Ok(())
}
