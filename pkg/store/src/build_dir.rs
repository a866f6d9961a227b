//! A directory as `flatpak build-init` makes it and `flatpak build` fills it.

use std::path::Path;

use crate::deploy::{METADATA_LIMIT, Metadata};
use crate::{Deploy, Error, FullRef, Pinned, Place, RefKind};

/// A build directory, opened. Who it is stands in its metadata, which the caller reads.
#[derive(Debug)]
#[non_exhaustive]
pub struct BuildDir {
    /// the directory
    pub dir: Pinned,
    /// `files`: what becomes `/app`
    pub files: Pinned,
    /// `usr`: a runtime being built, or a writable copy of the SDK
    pub usr: Option<Pinned>,
    /// `var`
    pub var: Option<Pinned>,
    /// `metadata`
    pub metadata: Metadata,
}

impl BuildDir {
    /// Opens a build directory. Links that lead to it are followed, links in it are not.
    ///
    /// # Errors
    /// If it has no `metadata` or no `files`, or they are not a file and a directory.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let missing = |missing| Error::NotABuildDir {
            path: path.to_owned(),
            missing,
        };
        let Some(dir) = Pinned::open(path)? else {
            return Err(Error::io("open", path, rustix::io::Errno::NOENT));
        };
        let bytes = dir
            .read("metadata", METADATA_LIMIT)?
            .ok_or_else(|| missing("metadata"))?;
        let files = dir.dir("files")?.ok_or_else(|| missing("files"))?;
        Ok(Self {
            usr: dir.dir("usr")?,
            var: dir.dir("var")?,
            metadata: Metadata {
                path: path.join("metadata"),
                bytes,
            },
            files,
            dir,
        })
    }

    /// The directory as something to run, under the name that its metadata gives it. Its content is
    /// `files`, or `usr` where a runtime is built that has one, as `flatpak build-export` sees it.
    /// Overrides are for what is installed and do not apply.
    #[must_use]
    pub fn into_deploy(self, full_ref: FullRef) -> Deploy {
        let files = match (full_ref.kind, self.usr) {
            (RefKind::Runtime, Some(usr)) => usr,
            _ => self.files,
        };
        Deploy {
            full_ref,
            place: Place::BuildDir,
            dir: self.dir,
            files,
            commit: String::new(),
            origin: None,
            previous_ids: Vec::new(),
            metadata: self.metadata,
            override_dirs: Vec::new(),
            etc: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn build_dir() -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir_all(top.path().join("files")).unwrap();
        fs::create_dir_all(top.path().join("var/tmp")).unwrap();
        symlink("/run", top.path().join("var/run")).unwrap();
        fs::write(
            top.path().join("metadata"),
            "[Application]\nname=org.example.App\n",
        )
        .unwrap();
        top
    }

    #[test]
    fn a_build_directory_can_be_run_under_the_name_its_metadata_gives() {
        let top = build_dir();
        let build = BuildDir::open(top.path()).unwrap();
        assert!(build.usr.is_none() && build.var.is_some());
        let deploy =
            build.into_deploy(FullRef::parse("app/org.example.App/x86_64/master").unwrap());
        assert_eq!(deploy.files.path(), top.path().join("files"));
        assert_eq!(
            (deploy.place.clone(), deploy.commit.as_str()),
            (Place::BuildDir, "")
        );
        assert!(deploy.lock().unwrap().is_none());
        assert_eq!(crate::overrides(&deploy).unwrap(), []);
    }

    #[test]
    fn a_runtime_being_built_is_in_usr() {
        let top = build_dir();
        fs::create_dir(top.path().join("usr")).unwrap();
        let build = BuildDir::open(top.path()).unwrap();
        let runtime = FullRef::parse("runtime/org.example.Platform/x86_64/1").unwrap();
        assert_eq!(
            build.into_deploy(runtime).files.path(),
            top.path().join("usr")
        );
    }

    #[test]
    fn another_directory_is_told_what_it_lacks() {
        let top = tempfile::tempdir().unwrap();
        let error = BuildDir::open(top.path()).unwrap_err();
        assert!(matches!(
            error,
            Error::NotABuildDir {
                missing: "metadata",
                ..
            }
        ));
        fs::write(top.path().join("metadata"), "").unwrap();
        let error = BuildDir::open(top.path()).unwrap_err();
        assert!(matches!(
            error,
            Error::NotABuildDir {
                missing: "files",
                ..
            }
        ));
        symlink("/usr", top.path().join("files")).unwrap();
        assert!(matches!(
            BuildDir::open(top.path()),
            Err(Error::Symlink { .. })
        ));
        let absent = BuildDir::open(&top.path().join("none")).unwrap_err();
        assert!(matches!(absent, Error::Io { .. }));
    }
}
