//! Override files: what the administrator and the user changed about an app's permissions.

use std::path::PathBuf;

use flatrack_perms::{AppId, Source};

use crate::{Deploy, Error, Pinned};

/// No honest override file is larger.
const LIMIT: u64 = 1024 * 1024;

/// An installation whose overrides apply, and what they are in the order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideDir {
    /// the installation; its files are in `overrides/`
    pub installation: PathBuf,
    /// what `overrides/global` is
    pub global: Source,
    /// what `overrides/ID` is
    pub app: Source,
}

/// An override file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideFile {
    /// its place in the order of precedence
    pub source: Source,
    /// where it is
    pub path: PathBuf,
    /// its content
    pub bytes: Vec<u8>,
}

/// Reads the overrides of an app, lowest first: those of the system for all apps and for this one (only
/// if the app is a system's), then the user's for all apps and for this one. A runtime has none.
///
/// # Errors
/// A file that exists but cannot be read as a plain file. It may take rights away, so going on without
/// it is not an option.
pub fn overrides(deploy: &Deploy) -> Result<Vec<OverrideFile>, Error> {
    let id = &deploy.full_ref.pref.id;
    let files = deploy.override_dirs.iter().map(|dir| dir.of_app(id));
    Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
}

impl OverrideDir {
    /// Reads the overrides of an app here, those for all apps first.
    ///
    /// # Errors
    /// As [`overrides`].
    pub fn of_app(&self, id: &AppId) -> Result<Vec<OverrideFile>, Error> {
        let files = [self.read(None)?, self.read(Some(id))?];
        Ok(files.into_iter().flatten().collect())
    }

    /// Reads one file: of an app, or the one for all apps.
    ///
    /// # Errors
    /// As [`overrides`].
    pub fn read(&self, app: Option<&AppId>) -> Result<Option<OverrideFile>, Error> {
        let Some(root) = Pinned::open(&self.installation)? else {
            return Ok(None);
        };
        let (source, name) = match app {
            Some(id) => (self.app, id.as_str()),
            None => (self.global, "global"),
        };
        let relative = format!("overrides/{name}");
        let bytes = root.read(&relative, LIMIT)?;
        Ok(bytes.map(|bytes| OverrideFile {
            source,
            path: self.installation.join(relative),
            bytes,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;
    use crate::testing::{ARCH, COMMIT, Store, app_id, no_commit};
    use crate::{Installations, Scope};

    fn write(installation: &Path, name: &str) {
        let dir = installation.join("overrides");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join(name), "[Context]\n").unwrap();
    }

    fn write_all(store: &Store) {
        for installation in [store.user(), store.system()] {
            write(&installation, "global");
            write(&installation, "org.example.App");
            write(&installation, "org.example.Other");
        }
    }

    fn sources(found: &Installations) -> Vec<Source> {
        let deploy = found.app(&app_id(), None, None, no_commit()).unwrap();
        overrides(&deploy)
            .unwrap()
            .into_iter()
            .map(|file| file.source)
            .collect()
    }

    #[test]
    fn a_system_app_gets_the_systems_overrides_and_then_the_users() {
        use Source::{SystemApp, SystemGlobal, UserApp, UserGlobal};
        let store = Store::new();
        store.deploy(
            &store.system(),
            &format!("app/org.example.App/{ARCH}/master"),
            COMMIT,
        );
        write_all(&store);
        let all = [SystemGlobal, SystemApp, UserGlobal, UserApp];
        assert_eq!(sources(&store.find()), all);
        // the scope of the search is not the scope of the overrides
        assert_eq!(sources(&store.scoped(&Scope::System)), all);
    }

    #[test]
    fn a_user_app_gets_only_the_users_overrides() {
        let store = Store::new();
        store.user_app("master");
        write_all(&store);
        assert_eq!(
            sources(&store.find()),
            [Source::UserGlobal, Source::UserApp]
        );
    }

    #[test]
    fn an_app_of_an_extra_installation_gets_those_of_the_default_one() {
        let store = Store::new();
        let extra = store.extra("disk");
        store.deploy(
            &extra,
            &format!("app/org.example.App/{ARCH}/master"),
            COMMIT,
        );
        store.conf(
            "d.conf",
            &format!("[Installation \"disk\"]\nPath={}\n", extra.display()),
        );
        write(&extra, "global");
        write(&store.system(), "org.example.App");
        assert_eq!(sources(&store.find()), [Source::SystemApp]);
    }

    #[test]
    fn an_override_that_cannot_be_read_is_an_error_and_not_an_absence() {
        let store = Store::new();
        store.user_app("master");
        let dir = store.user().join("overrides");
        fs::create_dir_all(&dir).unwrap();
        let read = || {
            let deploy = store
                .find()
                .app(&app_id(), None, None, no_commit())
                .unwrap();
            overrides(&deploy)
        };
        symlink("/etc/passwd", dir.join("global")).unwrap();
        assert!(matches!(read(), Err(Error::Symlink { .. })));
        fs::remove_file(dir.join("global")).unwrap();
        fs::create_dir(dir.join("global")).unwrap();
        assert!(matches!(read(), Err(Error::Damaged { .. })));
        fs::remove_dir(dir.join("global")).unwrap();
        let large = vec![b'#'; usize::try_from(LIMIT).unwrap() + 1];
        fs::write(dir.join("org.example.App"), large).unwrap();
        assert!(matches!(read(), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn a_runtime_has_no_overrides() {
        let store = Store::new();
        store.deploy(&store.system(), "runtime/org.example.App/x86_64/1", COMMIT);
        write_all(&store);
        let pref = flatrack_perms::Pref::parse("org.example.App/x86_64/1").unwrap();
        let deploy = store.find().runtime(&pref, no_commit()).unwrap();
        assert_eq!(overrides(&deploy).unwrap(), []);
    }
}
