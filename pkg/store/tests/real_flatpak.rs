//! The same claims on what the real Flatpak writes. Without a `flatpak` on the machine they do not run.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test's helpers fail like the test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_perms::{AppId, Branch, Commit, Pref, Source};
use flatrack_store::{Deploy, Environment, Error, Installations, Place, Scope, default_arch};
use tempfile::TempDir;

const ID: &str = "org.example.App";
const PLATFORM: &str = "org.example.Platform";

/// A user installation with one runtime and one app, installed from a local repository.
struct Real {
    top: TempDir,
}

impl Real {
    fn new() -> Option<Self> {
        if Command::new("flatpak").arg("--version").output().is_err() {
            eprintln!("skipped: there is no flatpak");
            return None;
        }
        let real = Self {
            top: tempfile::tempdir().unwrap(),
        };
        for dir in [
            "home",
            "run",
            "runtime/files",
            "runtime/usr/bin",
            "app/files/bin",
            "app/export",
        ] {
            fs::create_dir_all(real.path(dir)).unwrap();
        }
        let pref = real.platform();
        let common = format!("runtime={pref}\nsdk={pref}\n");
        let metadata = format!("[Runtime]\nname={PLATFORM}\n{common}");
        fs::write(real.path("runtime/metadata"), metadata).unwrap();
        fs::write(real.path("runtime/usr/bin/tool"), "tool").unwrap();
        let metadata = format!("[Application]\nname={ID}\n{common}command=program\n");
        fs::write(real.path("app/metadata"), metadata).unwrap();
        fs::write(real.path("app/files/bin/program"), "first").unwrap();
        real.flatpak(&["build-export", "--runtime", "repo", "runtime", "1"]);
        real.flatpak(&["build-export", "repo", "app", "stable"]);
        let url = format!("file://{}", real.path("repo").display());
        real.flatpak(&["--user", "remote-add", "--no-gpg-verify", "here", &url]);
        real.flatpak(&["--user", "install", "--noninteractive", "here", PLATFORM]);
        real.flatpak(&["--user", "install", "--noninteractive", "here", ID]);
        Some(real)
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.top.path().join(relative)
    }

    fn platform(&self) -> Pref {
        let arch = default_arch().unwrap();
        Pref::parse(&format!("{PLATFORM}/{arch}/1")).unwrap()
    }

    fn flatpak(&self, args: &[&str]) -> String {
        let output = Command::new("flatpak")
            .args(args)
            .current_dir(self.top.path())
            .env("HOME", self.path("home"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("FLATPAK_USER_DIR", self.path("user"))
            .env("FLATPAK_SYSTEM_DIR", self.path("system"))
            .env("FLATPAK_CONFIG_DIR", self.path("etc"))
            .env_remove("XDG_DATA_HOME")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "flatpak {args:?}: {errors}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn find(&self) -> Installations {
        let environment = Environment {
            flatpak_user_dir: Some(self.path("user")),
            flatpak_system_dir: Some(self.path("system")),
            flatpak_config_dir: Some(self.path("etc")),
            ..Environment::system_only()
        };
        Installations::find(&environment, &Scope::All).unwrap()
    }

    fn app(&self, commit: Option<&Commit>) -> Result<Deploy, Error> {
        let branch = Branch::parse("stable").unwrap();
        self.find().app(
            &AppId::parse(ID).unwrap(),
            None,
            commit.map(|_| &branch),
            commit,
        )
    }

    fn update(&self) {
        fs::write(self.path("app/files/bin/program"), "second").unwrap();
        self.flatpak(&["build-export", "repo", "app", "stable"]);
        self.flatpak(&["--user", "update", "--noninteractive", ID]);
    }
}

fn program(deploy_dir: &Path) -> Option<String> {
    fs::read_to_string(deploy_dir.join("files/bin/program")).ok()
}

#[test]
fn what_flatpak_installed_is_what_is_found() {
    let Some(real) = Real::new() else { return };
    let app = real.app(None).unwrap();
    assert_eq!(
        app.commit,
        real.flatpak(&["--user", "info", "--show-commit", ID])
    );
    assert_eq!(
        app.full_ref.to_string(),
        real.flatpak(&["--user", "info", "--show-ref", ID])
    );
    assert_eq!(app.origin.as_deref(), Some("here"));
    assert_eq!(app.place, Place::User);
    assert_eq!(program(app.dir.path()).unwrap(), "first");
    let metadata = String::from_utf8(app.metadata.bytes).unwrap();
    assert_eq!(
        metadata.trim(),
        real.flatpak(&["--user", "info", "--show-metadata", ID])
    );

    let runtime = real.find().runtime(&real.platform(), None).unwrap();
    assert_eq!(
        runtime.commit,
        real.flatpak(&["--user", "info", "--show-commit", PLATFORM])
    );
    assert!(runtime.files.path().join("bin/tool").is_file());

    let listing = real.find().list(None);
    assert_eq!(listing.warnings, []);
    let refs: Vec<String> = listing
        .installed
        .iter()
        .map(|i| i.full_ref.to_string())
        .collect();
    let arch = default_arch().unwrap();
    assert_eq!(
        refs,
        [
            format!("app/{ID}/{arch}/stable"),
            format!("runtime/{PLATFORM}/{arch}/1")
        ]
    );
    assert!(listing.installed[0].current);
}

#[test]
fn the_overrides_that_flatpak_writes_are_read() {
    let Some(real) = Real::new() else { return };
    real.flatpak(&["--user", "override", "--nofilesystem=host"]);
    real.flatpak(&["--user", "override", "--unshare=network", ID]);
    let files = flatrack_store::overrides(&real.app(None).unwrap()).unwrap();
    let sources: Vec<Source> = files.iter().map(|file| file.source).collect();
    assert_eq!(sources, [Source::UserGlobal, Source::UserApp]);
    assert!(String::from_utf8_lossy(&files[0].bytes).contains("!host"));
    assert!(String::from_utf8_lossy(&files[1].bytes).contains("!network"));
}

#[test]
fn an_update_does_not_delete_what_is_locked() {
    let Some(real) = Real::new() else { return };
    let old = real.app(None).unwrap();
    let commit = Commit::parse(&old.commit).unwrap();
    let lock = old.lock().unwrap().unwrap();
    real.update();
    let new = real.app(None).unwrap();
    assert_ne!(new.commit, old.commit);
    assert_eq!(program(new.dir.path()).unwrap(), "second");
    let retired = real.app(Some(&commit)).unwrap();
    assert_eq!(program(retired.dir.path()).unwrap(), "first");
    assert!(retired.dir.path().starts_with(real.path("user/.removed")));
    // what was opened before the update is no longer in its place
    assert!(matches!(old.lock(), Err(Error::Changing { .. })));
    drop(lock);
}

#[test]
fn an_update_deletes_what_is_not_locked() {
    let Some(real) = Real::new() else { return };
    let old = real.app(None).unwrap();
    let commit = Commit::parse(&old.commit).unwrap();
    real.update();
    assert!(matches!(
        real.app(Some(&commit)),
        Err(Error::NotInstalled { .. })
    ));
    assert!(matches!(old.lock(), Err(Error::Changing { .. })));
}
