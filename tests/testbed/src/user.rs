//! Whom a testbed belongs to.

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::{chown, lchown};
use std::path::Path;
use std::process::Command;

use rustix::process::{getgid, getuid};

/// Whether the tests run as root.
#[must_use]
pub fn as_root() -> bool {
    getuid().is_root()
}

/// A user by number; it need not exist in `/etc/passwd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The user id.
    pub uid: u32,
    /// The group id; there are no further groups.
    pub gid: u32,
}

impl User {
    /// The user that the tests run as.
    #[must_use]
    pub fn current() -> Self {
        Self {
            uid: getuid().as_raw(),
            gid: getgid().as_raw(),
        }
    }

    /// An ordinary user: `nobody` where the tests run as root, else the current one.
    #[must_use]
    pub fn ordinary() -> Self {
        if as_root() {
            Self {
                uid: 65534,
                gid: 65534,
            }
        } else {
            Self::current()
        }
    }

    /// A command that runs `program` as this user, with an empty environment.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut words = self.words(program).into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env_clear();
        command
    }

    /// The words of a command line that runs `program` as this user.
    pub(crate) fn words(self, program: &Path) -> Vec<OsString> {
        if self == Self::current() {
            return vec![program.into()];
        }
        let ids = [
            format!("--reuid={}", self.uid),
            format!("--regid={}", self.gid),
        ];
        let mut words = vec!["setpriv".into()];
        words.extend(ids.map(OsString::from));
        words.extend(["--clear-groups".into(), "--".into(), program.into()]);
        words
    }

    /// Makes `path`, and what is in it, this user's own.
    pub(crate) fn own(self, path: &Path) -> io::Result<()> {
        if self == Self::current() {
            return Ok(());
        }
        if path.symlink_metadata()?.is_dir() {
            for entry in path.read_dir()? {
                self.own(&entry?.path())?;
            }
            return chown(path, Some(self.uid), Some(self.gid));
        }
        lchown(path, Some(self.uid), Some(self.gid))
    }
}
