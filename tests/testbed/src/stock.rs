//! The stock `flatpak` command, run in a chosen set of directories.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::runtime::find_program;
use crate::{Tree, User};

/// The test runtime, branch `1`.
pub const PLATFORM: &str = "org.flatrack.Test.Platform";
/// The test SDK, branch `1`.
pub const SDK: &str = "org.flatrack.Test.Sdk";
/// An app without any permission, in every testbed with a Flatpak installation.
pub const HELLO: &str = "org.flatrack.Test.Hello";

/// Flatpak's directories, and whose they are.
#[derive(Debug, Clone)]
pub(crate) struct Directories {
    pub(crate) user: User,
    pub(crate) home: PathBuf,
    pub(crate) runtime_dir: PathBuf,
    pub(crate) temp: PathBuf,
    pub(crate) config: PathBuf,
    pub(crate) user_installation: PathBuf,
    pub(crate) system_installation: PathBuf,
}

impl Directories {
    /// A new tree of empty directories below `root`, owned by `user`.
    pub(crate) fn create(root: &Path, user: User) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt;

        let made = Self {
            user,
            home: root.join("home"),
            runtime_dir: root.join("run"),
            temp: root.join("tmp"),
            config: root.join("config"),
            user_installation: root.join("user"),
            system_installation: root.join("system"),
        };
        for dir in [&made.home, &made.runtime_dir, &made.temp, &made.config] {
            std::fs::create_dir_all(dir)?;
            user.own(dir)?;
        }
        std::fs::set_permissions(&made.runtime_dir, std::fs::Permissions::from_mode(0o700))?;
        Ok(made)
    }

    /// `program` as the user, in these directories and an otherwise empty environment.
    pub(crate) fn command(&self, program: &Path) -> Command {
        self.environment(self.user.command(program))
    }

    /// The same in another tree, where `shown` can be seen beside these directories.
    pub(crate) fn command_in(&self, tree: &Tree, shown: &[&Path], program: &Path) -> Command {
        let mut command = tree.enter(shown);
        command.args(self.user.words(program)).env_clear();
        self.environment(command)
    }

    fn environment(&self, mut command: Command) -> Command {
        command
            .env(
                "PATH",
                std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin:/usr/sbin".into()),
            )
            .env("LANG", "C.UTF-8")
            .env("HOME", &self.home)
            .env("TMPDIR", &self.temp)
            .env("XDG_RUNTIME_DIR", &self.runtime_dir)
            .env("XDG_DATA_HOME", self.home.join(".local/share"))
            .env("XDG_CONFIG_HOME", self.home.join(".config"))
            .env("XDG_CACHE_HOME", self.home.join(".cache"))
            .env("FLATPAK_USER_DIR", &self.user_installation)
            .env("FLATPAK_SYSTEM_DIR", &self.system_installation)
            .env("FLATPAK_CONFIG_DIR", &self.config)
            .current_dir(&self.home);
        command
    }

    /// Runs `flatpak` with these arguments to its end.
    pub(crate) fn flatpak<A: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = A>,
    ) -> io::Result<()> {
        finish(self.command(&find_program("flatpak")?).args(args))
    }

    /// Installs from the repository at `repo`. Flatpak asks a system bus about parental controls, so it gets a
    /// private one.
    pub(crate) fn install(&self, scope: &str, repo: &Path, refs: &[&str]) -> io::Result<()> {
        let remote = [
            "remote-add",
            scope,
            "--if-not-exists",
            "--no-gpg-verify",
            "testbed",
        ];
        self.flatpak(remote.iter().map(OsStr::new).chain([repo.as_os_str()]))?;
        let script = "DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec flatpak \"$@\"";
        let mut command = self.command(&find_program("dbus-run-session")?);
        command.args([
            "--",
            "sh",
            "-c",
            script,
            "flatpak",
            "install",
            scope,
            "-y",
            "--noninteractive",
        ]);
        finish(command.arg("--reinstall").arg("testbed").args(refs))
    }
}

/// Runs a command to its end; failure carries what it printed.
pub(crate) fn finish(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(std::process::Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!(
        "{command:?} failed ({}): {}",
        output.status,
        said.trim()
    )))
}
