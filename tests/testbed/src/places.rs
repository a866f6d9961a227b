//! Where things lie: the target directory, and a cache that every user can reach.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::User;

/// The directory of the running test's own profile, such as `target/debug`.
pub(crate) fn profile_dir() -> io::Result<PathBuf> {
    let exe = std::env::current_exe()?;
    let dir = exe.parent().unwrap_or(Path::new("/"));
    Ok(match dir.file_name() {
        Some(name) if name == "deps" || name == "examples" => dir.parent().unwrap_or(dir),
        _ => dir,
    }
    .to_owned())
}

/// A directory that outlives the test, that other users can read, and that nobody else can write.
///
/// It is in the target directory, unless that lies in a home that others cannot enter.
pub(crate) fn cache_dir() -> io::Result<PathBuf> {
    let in_target = profile_dir()?.join("testbed");
    if in_target.ancestors().skip(1).all(enterable_by_all) {
        fs::create_dir_all(&in_target)?;
        return Ok(in_target);
    }
    let me = User::current().uid;
    let shared = PathBuf::from(format!("/var/tmp/flatrack-testbed-{me}"));
    if let Err(error) = fs::create_dir(&shared)
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(error);
    }
    let found = shared.symlink_metadata()?;
    if !found.is_dir() || found.uid() != me {
        let text = format!("`{}` belongs to somebody else", shared.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    fs::set_permissions(&shared, Permissions::from_mode(0o755))?;
    Ok(shared)
}

fn enterable_by_all(dir: &Path) -> bool {
    dir.metadata().is_ok_and(|found| found.mode() & 0o001 != 0)
}

/// Opens the lock file `name` of the cache; the caller takes it shared or alone.
pub(crate) fn lock_file(name: &str) -> io::Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(cache_dir()?.join(name))
}

/// Lets everybody read `path` and what is in it.
pub(crate) fn readable_by_all(path: &Path) -> io::Result<()> {
    let found = path.symlink_metadata()?;
    if found.is_symlink() {
        return Ok(());
    }
    let execute = if found.is_dir() || found.mode() & 0o100 != 0 {
        0o111
    } else {
        0
    };
    let mode = found.mode() & 0o7777 | 0o444 | execute;
    fs::set_permissions(path, Permissions::from_mode(mode))?;
    if found.is_dir() {
        for entry in path.read_dir()? {
            readable_by_all(&entry?.path())?;
        }
    }
    Ok(())
}
