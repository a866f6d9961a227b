//! Finding the `flatrack` to test, where the user of the testbed can execute it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::places::{cache_dir, lock_file, profile_dir, readable_by_all};

/// The binary named by `FLATRACK_BIN`, else the one beside the tests.
pub(crate) fn flatrack() -> io::Result<PathBuf> {
    let built = match std::env::var_os("FLATRACK_BIN") {
        Some(path) => PathBuf::from(path),
        None => profile_dir()?.join("flatrack"),
    };
    if !built.is_file() {
        let text = format!(
            "`{}` is not built\nhint: cargo build --workspace",
            built.display()
        );
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    }
    let built = built.canonicalize()?;
    let cache = cache_dir()?;
    // the cache lies beside the binary where others may enter the target directory
    if cache.parent() == built.parent() {
        Ok(built)
    } else {
        copy_into(&cache, &built)
    }
}

/// A copy for users who cannot enter the target directory, renewed when the binary changes.
fn copy_into(cache: &Path, built: &Path) -> io::Result<PathBuf> {
    let found = built.metadata()?;
    let stamp = format!(
        "bin-{}-{}-{}",
        found.ino(),
        found.mtime(),
        found.mtime_nsec()
    );
    let dir = cache.join(stamp);
    let copy = dir.join("flatrack");
    let lock = lock_file("binary.lock")?;
    lock.lock()?;
    if !copy.exists() {
        fs::create_dir_all(&dir)?;
        let part = dir.join("part");
        fs::copy(built, &part)?;
        fs::rename(part, &copy)?;
        readable_by_all(&dir)?;
    }
    Ok(copy)
}
