//! The data of an app that goes by another name now: its directory gets the new name, and the old one leads to it.

use std::fs;
use std::io;
use std::path::Path;

use flatrack_perms::AppId;
use rustix::fs::{CWD, RenameFlags, renameat_with};

/// Renames the latest of the app's former directories, if it has none under its own name; as Flatpak does, the ones
/// before are left alone, which are links to it if anything. Returns what went wrong, which keeps no app from starting.
pub(crate) fn data(home: &Path, id: &AppId, previous: &[AppId]) -> Option<String> {
    let all = home.join(".var/app");
    let own = all.join(id.as_str());
    if fs::symlink_metadata(&own).is_ok() {
        return None;
    }
    let former = previous
        .iter()
        .rev()
        .map(|id| all.join(id.as_str()))
        .find(|path| fs::symlink_metadata(path).is_ok())?;
    let moved = move_one(&former, &own, id);
    let error = moved.err()?;
    Some(format!(
        "warning: the data in `{}` cannot be given the app's new name: {error}",
        former.display()
    ))
}

fn move_one(former: &Path, own: &Path, id: &AppId) -> io::Result<()> {
    if !fs::symlink_metadata(former)?.is_dir() {
        return Err(io::Error::other("it is a link to somewhere else"));
    }
    // another start may be just doing the same
    match renameat_with(CWD, former, CWD, own, RenameFlags::NOREPLACE) {
        Ok(()) => std::os::unix::fs::symlink(id.as_str(), former),
        Err(rustix::io::Errno::EXIST | rustix::io::Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
