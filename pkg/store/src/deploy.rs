//! One checked-out commit of an app or a runtime.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use flatrack_perms::{AppId, Commit};

use crate::deploy_file;
use crate::overrides::OverrideDir;
use crate::{Error, FullRef, Pinned, Place, RefKind};

/// The largest metadata file accepted; real ones have a few KiB.
pub(crate) const METADATA_LIMIT: u64 = 1024 * 1024;

/// How often `active` is read again when what it named is gone, because an update replaced it meanwhile.
const TRIES: usize = 8;

/// A metadata file as it was found; what it means is not decided here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// where it was read, for messages; a label for what is built in
    pub path: PathBuf,
    /// its content
    pub bytes: Vec<u8>,
}

/// A file or directory of the host that appears below `/etc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEtc {
    /// the name below `/etc`; may have several parts
    pub name: &'static str,
    /// where it is on the host, without symlinks
    pub source: PathBuf,
}

/// A commit that is checked out, with its directories held open.
#[derive(Debug)]
#[non_exhaustive]
pub struct Deploy {
    /// what it is
    pub full_ref: FullRef,
    /// whose it is
    pub place: Place,
    /// the directory of the commit
    pub dir: Pinned,
    /// what is mounted at `/app`, at `/usr` or at an extension point
    pub files: Pinned,
    /// the commit, by its `deploy` file and not by the name of its directory; `host` for the built-in
    /// runtime, `local` for an unmaintained extension, empty for a build directory
    pub commit: String,
    /// the remote it came from
    pub origin: Option<String>,
    /// what the app was called before, oldest first
    pub previous_ids: Vec<AppId>,
    /// its metadata; empty for an unmaintained extension
    pub metadata: Metadata,
    /// where its overrides are, in order; read them with [`overrides`](crate::overrides)
    pub override_dirs: Vec<OverrideDir>,
    /// what of the host's `/etc` belongs to it; only the built-in runtime has any
    pub etc: Vec<HostEtc>,
}

impl Deploy {
    /// Opens the active commit, or the one asked for, below an installation. `None` if it is not there.
    pub(crate) fn open(
        root: &Pinned,
        place: &Place,
        full_ref: &FullRef,
        commit: Option<&Commit>,
    ) -> Result<Option<Self>, Error> {
        let directory = match commit {
            None => active(root, full_ref)?,
            Some(commit) => named(root, full_ref, commit)?,
        };
        let Some(dir) = directory else {
            return Ok(None);
        };
        let Some(start) = dir.read_start("deploy", deploy_file::START)? else {
            return Err(incomplete(&dir, "has no `deploy` file"));
        };
        let provenance = deploy_file::parse(&start)
            .map_err(|problem| Error::damaged(dir.path().join("deploy"), problem))?;
        let Some(bytes) = dir.read("metadata", METADATA_LIMIT)? else {
            return Err(incomplete(&dir, "has no `metadata`"));
        };
        let Some(files) = dir.dir("files")? else {
            return Err(incomplete(&dir, "has no `files`"));
        };
        let metadata = Metadata {
            path: dir.path().join("metadata"),
            bytes,
        };
        Ok(Some(Self {
            full_ref: full_ref.clone(),
            place: place.clone(),
            dir,
            files,
            commit: provenance.commit.as_str().to_owned(),
            origin: Some(provenance.origin),
            previous_ids: provenance.previous_ids,
            metadata,
            override_dirs: Vec::new(),
            etc: Vec::new(),
        }))
    }

    /// Whether this is still what its path names; an update or a removal takes it away.
    pub(crate) fn in_place(&self) -> Result<bool, Error> {
        in_place(&self.dir)
    }
}

/// The directory of a ref, above its commits.
pub(crate) fn base(full_ref: &FullRef) -> PathBuf {
    let pref = &full_ref.pref;
    // every part is checked by its type: none is `..`, none holds a slash
    [
        full_ref.kind.as_str(),
        pref.id.as_str(),
        pref.arch.as_str(),
        pref.branch.as_str(),
    ]
    .iter()
    .collect()
}

/// The directory that `active` names. A link that names nothing means: not deployed.
pub(crate) fn active(root: &Pinned, full_ref: &FullRef) -> Result<Option<Pinned>, Error> {
    let Some(base) = root.dir(base(full_ref))? else {
        return Ok(None);
    };
    let mut last = None;
    for _ in 0..TRIES {
        let Some(target) = base.link("active")? else {
            return Ok(None);
        };
        if !is_one_name(&target) {
            return Err(Error::damaged(
                base.path().join("active"),
                "points out of its directory",
            ));
        }
        if let Some(dir) = base.dir(&target)? {
            return Ok(Some(dir));
        }
        if last.as_ref() == Some(&target) {
            return Ok(None);
        }
        last = Some(target);
    }
    Err(Error::Changing {
        path: base.path().to_owned(),
    })
}

/// The directory of a commit; one that was retired but still runs has moved to `.removed`.
fn named(root: &Pinned, full_ref: &FullRef, commit: &Commit) -> Result<Option<Pinned>, Error> {
    if let Some(base) = root.dir(base(full_ref))?
        && let Some(dir) = base.dir(commit.as_str())?
    {
        return Ok(Some(dir));
    }
    root.dir(format!(".removed/{}-{commit}", full_ref.pref.id))
}

/// A single name: no slash, no `.` or `..`, and not a temporary name of Flatpak's.
fn is_one_name(target: &OsStr) -> bool {
    let mut parts = Path::new(target).components();
    let one = matches!(parts.next(), Some(Component::Normal(name)) if name == target);
    one && parts.next().is_none() && !target.as_encoded_bytes().starts_with(b".")
}

/// A part is missing: because the directory is being deleted right now, or because it is damaged.
fn incomplete(dir: &Pinned, problem: &'static str) -> Error {
    match in_place(dir) {
        Ok(true) => Error::damaged(dir.path(), problem),
        Ok(false) => Error::Changing {
            path: dir.path().to_owned(),
        },
        Err(e) => e,
    }
}

fn in_place(dir: &Pinned) -> Result<bool, Error> {
    match Pinned::open(dir.path())? {
        Some(now) => dir.is_same(&now),
        None => Ok(false),
    }
}

impl RefKind {
    /// Both, in the order of a listing.
    pub(crate) const ALL: [Self; 2] = [Self::App, Self::Runtime];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_beside_it_is_accepted_behind_active() {
        for good in ["abc", "abc-de-fr", "abc-ca@valencia"] {
            assert!(is_one_name(OsStr::new(good)), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "../../etc",
            "/etc",
            "a/b",
            "a/",
            "./a",
            ".abc-XXXXXX",
            "a/..",
        ] {
            assert!(!is_one_name(OsStr::new(bad)), "{bad}");
        }
    }
}
