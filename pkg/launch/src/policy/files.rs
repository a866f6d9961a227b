//! Which files there are, in which order, and which of them count.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use flatrack_metadata::PolicyFile;
use flatrack_perms::{AppId, Policy};

use crate::{Error, sources};

/// Vendors' files, then the administrator's; a file of the same name in the latter replaces the former.
const DIRECTORIES: [&str; 2] = ["/usr/share/flatrack/policy.d", "/etc/flatrack/policy.d"];

/// How names of policy files end. Others are passed over.
pub(super) const ENDING: &str = "toml";

/// The files that count, by their names.
#[derive(Debug, Clone)]
pub(super) struct Files(BTreeMap<OsString, Loaded>);

/// A file that was read.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    /// where it is
    pub(super) path: PathBuf,
    /// what it says
    pub(super) content: PolicyFile,
    /// the vendor's file of the same name, which does not count
    pub(super) instead_of: Option<PathBuf>,
}

impl Files {
    /// Those of this machine. A directory that is there and cannot be read is an error: it may hold a bound.
    pub(super) fn installed() -> Result<Self, Error> {
        let mut files = Self(BTreeMap::new());
        let mut found: BTreeMap<OsString, Vec<PathBuf>> = BTreeMap::new();
        for directory in DIRECTORIES.map(Path::new) {
            for path in paths(directory)? {
                if let Some(name) = path.file_name() {
                    found.entry(name.to_owned()).or_default().push(path);
                }
            }
        }
        for mut candidates in found.into_values() {
            if let Some(path) = candidates.pop() {
                files.put(path, candidates.pop())?;
            }
        }
        Ok(files)
    }

    /// The same as if this file had been put beside the administrator's: it replaces one of the same name.
    pub(super) fn with(mut self, path: &Path) -> Result<Self, Error> {
        if let Some(problem) = not_read(path) {
            return Err(Error::request(
                format!("`{}` {problem}", path.display()),
                Some("call it `NAME.toml`"),
            ));
        }
        let name = path.file_name().unwrap_or_default();
        let old = self.0.remove(name).map(|old| old.path);
        self.put(path.to_owned(), old)?;
        Ok(self)
    }

    fn put(&mut self, path: PathBuf, instead_of: Option<PathBuf>) -> Result<(), Error> {
        let content = read(&path)?;
        let name = path.file_name().unwrap_or_default().to_owned();
        self.0.insert(
            name,
            Loaded {
                path,
                content,
                instead_of,
            },
        );
        Ok(())
    }

    /// The files in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Loaded> {
        self.0.values()
    }

    /// The bound for an app, from every file that matches it.
    pub(super) fn bound(&self, id: &AppId) -> Result<Policy, Error> {
        let contents = self.iter().map(|file| &file.content);
        Ok(flatrack_metadata::policy::combine(contents, id)?)
    }
}

/// Reads one file.
pub(super) fn read(path: &Path) -> Result<PolicyFile, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    Ok(PolicyFile::parse(&sources::text(path, &bytes)?)?)
}

/// Why a file of this name would not count in a policy directory.
pub(super) fn not_read(path: &Path) -> Option<&'static str> {
    let good = path.extension().is_some_and(|ending| ending == ENDING);
    (!good).then_some("would not be read: the name of a policy file ends with `.toml`")
}

fn paths(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io {
        path: directory.to_owned(),
        source,
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(io)?.path();
        if not_read(&path).is_none() {
            paths.push(path);
        }
    }
    Ok(paths)
}
