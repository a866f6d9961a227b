//! Installations built by hand in a temporary directory.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use flatrack_perms::{AppId, Commit};
use tempfile::TempDir;

use crate::{Environment, Installations, Scope};

pub(crate) const ARCH: &str = "x86_64";
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(crate) fn app_id() -> AppId {
    AppId::parse("org.example.App").unwrap()
}

pub(crate) fn no_commit() -> Option<&'static Commit> {
    None
}

/// A user installation, a system one, and a place for more.
pub(crate) struct Store {
    _dir: Option<TempDir>,
    top: PathBuf,
}

impl Store {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        let store = Self {
            _dir: Some(dir),
            top,
        };
        fs::create_dir(store.user()).unwrap();
        fs::create_dir(store.system()).unwrap();
        fs::create_dir_all(store.top.join("etc/installations.d")).unwrap();
        store
    }

    /// One that another process has made.
    pub(crate) fn at(top: &Path) -> Self {
        Self {
            _dir: None,
            top: top.to_owned(),
        }
    }

    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    pub(crate) fn user(&self) -> PathBuf {
        self.top.join("user")
    }

    pub(crate) fn system(&self) -> PathBuf {
        self.top.join("system")
    }

    pub(crate) fn extra(&self, id: &str) -> PathBuf {
        self.top.join("extra").join(id)
    }

    pub(crate) fn conf(&self, name: &str, text: &str) {
        fs::write(self.top.join("etc/installations.d").join(name), text).unwrap();
    }

    pub(crate) fn environment(&self) -> Environment {
        Environment {
            home: Some(self.top.join("home")),
            flatpak_user_dir: Some(self.user()),
            flatpak_system_dir: Some(self.system()),
            flatpak_config_dir: Some(self.top.join("etc")),
            host: self.top.join("host"),
            ..Environment::system_only()
        }
    }

    pub(crate) fn find(&self) -> Installations {
        self.scoped(&Scope::All)
    }

    pub(crate) fn scoped(&self, scope: &Scope) -> Installations {
        Installations::find(&self.environment(), scope).unwrap()
    }

    /// Deploys a commit as Flatpak does and makes it the active one.
    pub(crate) fn deploy(&self, installation: &Path, full_ref: &str, name: &str) -> PathBuf {
        let base = installation.join(full_ref);
        let dir = base.join(name);
        fs::create_dir_all(dir.join("files")).unwrap();
        fs::write(dir.join("files/.ref"), "").unwrap();
        fs::write(
            dir.join("metadata"),
            format!("[Application]\nname={full_ref}\n"),
        )
        .unwrap();
        let commit = name.split('-').next().unwrap();
        fs::write(dir.join("deploy"), deploy_file("flathub", commit)).unwrap();
        let active = base.join("active");
        if active.symlink_metadata().is_ok() {
            fs::remove_file(&active).unwrap();
        }
        symlink(name, active).unwrap();
        dir
    }

    /// The test app in the user installation, with no `current` link.
    pub(crate) fn user_app(&self, branch: &str) -> PathBuf {
        let name = format!("app/org.example.App/{ARCH}/{branch}");
        let dir = self.deploy(&self.user(), &name, COMMIT);
        if branch == "master" {
            let current = self.user().join("app/org.example.App/current");
            symlink(format!("{ARCH}/master"), current).unwrap();
        }
        dir
    }
}

/// A GVariant `(ssasta{sv})` with no subpaths and no further data: two strings, the size aligned to
/// eight, and the offsets of the ends.
fn deploy_file(origin: &str, commit: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    for text in [origin, commit] {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        ends.push(bytes.len());
    }
    ends.push(bytes.len());
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.extend_from_slice(&1234_u64.to_be_bytes());
    bytes.extend(ends.iter().rev().map(|end| u8::try_from(*end).unwrap()));
    bytes
}
