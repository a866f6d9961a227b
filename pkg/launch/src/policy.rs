//! The node's policy files.

use std::fs;
use std::path::{Path, PathBuf};

use flatrack_metadata::PolicyFile;
use flatrack_perms::{AppId, Policy};

use crate::{Error, sources};

/// Vendors' files, then the administrator's; a file of the same name in the latter replaces the former.
const DIRECTORIES: [&str; 2] = ["/usr/share/flatrack/policy.d", "/etc/flatrack/policy.d"];

/// The bound for an app, from every file that matches it.
pub(crate) fn for_app(id: &AppId) -> Result<Policy, Error> {
    let mut files = Vec::new();
    for path in paths()? {
        let bytes = fs::read(&path).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        files.push(PolicyFile::parse(&sources::text(&path, &bytes)?)?);
    }
    Ok(flatrack_metadata::policy::combine(&files, id)?)
}

/// Files by their names. A directory that is there and cannot be read is an error: it may hold a bound.
fn paths() -> Result<Vec<PathBuf>, Error> {
    let mut by_name = std::collections::BTreeMap::new();
    for directory in DIRECTORIES.map(Path::new) {
        let io = |source| Error::Io {
            path: directory.to_owned(),
            source,
        };
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(io(error)),
        };
        for entry in entries {
            let path = entry.map_err(io)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                by_name.insert(path.file_name().map(ToOwned::to_owned), path);
            }
        }
    }
    Ok(by_name.into_values().collect())
}
