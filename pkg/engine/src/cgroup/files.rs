//! Reading and writing the small text files of a cgroup.

use std::path::Path;

use super::{Error, Result};

/// The text of a file without the final newline.
pub(super) fn read(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io {
        what: "read",
        path: path.into(),
        source,
    })?;
    Ok(text.trim_end().to_owned())
}

/// Writes in one system call, as the kernel wants it; the file must exist.
pub(super) fn write(path: &Path, value: &str) -> std::io::Result<()> {
    use std::io::Write;
    std::fs::File::options()
        .write(true)
        .open(path)?
        .write_all(value.as_bytes())
}

/// Whether a file is not there, or the cgroup was removed between its opening and its use: the kernel then says
/// that there is no such device.
pub(super) fn gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
        || error.raw_os_error() == Some(rustix::io::Errno::NODEV.raw_os_error())
}

/// A number, `None` for `max` and for a file that is not there.
pub(super) fn number(path: &Path) -> Result<Option<u64>> {
    match read(path) {
        Ok(text) => Ok(text.parse().ok()),
        Err(Error::Io { source, .. }) if gone(&source) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The number after `key` in a file of `key value` lines.
pub(super) fn keyed(path: &Path, key: &str) -> Result<Option<u64>> {
    let text = match read(path) {
        Ok(text) => text,
        Err(Error::Io { source, .. }) if gone(&source) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut pairs = text.lines().filter_map(|line| line.split_once(' '));
    Ok(pairs
        .find(|(name, _)| *name == key)
        .and_then(|(_, value)| value.trim().parse().ok()))
}

/// The process numbers in a cgroup.
pub(super) fn processes(directory: &Path) -> Result<Vec<i32>> {
    Ok(read(&directory.join("cgroup.procs"))?
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect())
}
