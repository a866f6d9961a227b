//! What can go wrong, grouped by what the user can do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use flatrack_perms::{Untrusted, ValueError};
use serde::Serialize;

/// Why something could not be found or may not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No installation has it.
    #[error("{what} is not installed")]
    NotInstalled {
        /// the app or runtime, as asked for
        what: String,
        /// refs of the same id that are installed
        installed: Vec<String>,
        /// the commit that was asked for, if one was
        commit: Option<String>,
    },
    /// Several runtimes fit.
    #[error("`{}` is installed more than once", Untrusted(.id))]
    Ambiguous {
        /// the id asked for
        id: String,
        /// the refs that fit
        installed: Vec<String>,
    },
    /// No installation goes by that name.
    #[error("there is no installation `{}`", Untrusted(.name))]
    NoInstallation {
        /// the name asked for
        name: String,
        /// the names there are
        known: Vec<String>,
    },
    /// A name or an argument that cannot be one.
    #[error("`{}` is not {expected}", Untrusted(.text))]
    BadName {
        /// the text
        text: String,
        /// what it should have been
        expected: &'static str,
        /// what is wrong with it
        source: Option<ValueError>,
    },
    /// Something in an installation is not as Flatpak leaves it.
    #[error("`{}` {problem}", show(.path))]
    Damaged {
        /// the file or directory
        path: PathBuf,
        /// what is wrong, as the end of a sentence
        problem: &'static str,
    },
    /// A symlink where none is followed.
    #[error("`{}` is a symlink, which is not followed here", show(.path))]
    Symlink {
        /// the link, or a path that leads through it
        path: PathBuf,
    },
    /// A file that is larger than any honest one.
    #[error("`{}` is larger than {limit} bytes", show(.path))]
    TooLarge {
        /// the file
        path: PathBuf,
        /// the largest size accepted
        limit: u64,
    },
    /// A directory that is not one of `flatpak build-init`.
    #[error("`{}` is not a build directory: it has no `{missing}`", show(.path))]
    NotABuildDir {
        /// the directory
        path: PathBuf,
        /// what was looked for
        missing: &'static str,
    },
    /// It was updated or removed while it was being opened, or is about to be.
    #[error("`{}` is being updated or removed", show(.path))]
    Changing {
        /// the deploy
        path: PathBuf,
    },
    /// The host's programs are not all in `/usr`.
    #[error("`{}` is not a link into `usr`, so this host cannot be its own runtime", show(.path))]
    NotUsrMerged {
        /// the directory that should have been a link
        path: PathBuf,
    },
    /// The kernel or the file system said no.
    #[error("cannot {doing} `{}`: {source}", show(.path))]
    Io {
        /// what was being done
        doing: &'static str,
        /// to what
        path: PathBuf,
        /// the reason
        source: io::Error,
    },
}

impl Error {
    /// What the user can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotInstalled {
                installed, commit, ..
            } if commit.is_some() => Some(format!(
                "`flatpak list --columns=ref,active` shows the commits; installed: {}",
                list_or_nothing(installed)
            )),
            Self::NotInstalled {
                installed, what, ..
            } if installed.is_empty() => {
                let short = what.split('/').nth(1).unwrap_or(what);
                Some(format!(
                    "install it with `flatpak install {}`",
                    Untrusted(short)
                ))
            }
            Self::NotInstalled { installed, .. } => {
                Some(format!("installed are: {}", list_or_nothing(installed)))
            }
            Self::Ambiguous { installed, .. } => {
                Some(format!("name one of: {}", list_or_nothing(installed)))
            }
            Self::NoInstallation { known, .. } => {
                Some(format!("known are: {}", list_or_nothing(known)))
            }
            Self::BadName { source, .. } => source.as_ref().map(|why| match &why.hint {
                Some(hint) => format!("{}: {hint}", why.problem),
                None => why.problem.clone(),
            }),
            Self::Damaged { .. } => Some("`flatpak repair` mends installations".to_owned()),
            Self::Symlink { .. } => {
                Some("put the file or directory itself in its place".to_owned())
            }
            Self::TooLarge { .. } => None,
            Self::NotABuildDir { .. } => {
                Some("`flatpak build-init` or `flatrack build` makes build directories".to_owned())
            }
            Self::Changing { .. } => Some("start it again".to_owned()),
            Self::NotUsrMerged { .. } => Some("use an installed runtime instead".to_owned()),
            Self::Io { source, .. } if source.raw_os_error() == Some(ENOSYS) => {
                Some("openat2 is needed: Linux 5.6 or newer, and not filtered away".to_owned())
            }
            Self::Io { .. } => None,
        }
    }

    /// Whether what is installed is not as Flatpak leaves it, as after an installation that was broken off.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Symlink { .. } | Self::TooLarge { .. }
        )
    }

    pub(crate) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
        source: impl Into<io::Error>,
    ) -> Self {
        Self::Io {
            doing,
            path: path.into(),
            source: source.into(),
        }
    }

    pub(crate) fn damaged(path: impl Into<PathBuf>, problem: &'static str) -> Self {
        Self::Damaged {
            path: path.into(),
            problem,
        }
    }
}

const ENOSYS: i32 = rustix::io::Errno::NOSYS.raw_os_error();

/// Something that was passed over, with what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// the file or directory
    pub path: PathBuf,
    /// what is wrong, and what was done about it
    pub problem: String,
}

impl Warning {
    pub(crate) fn new(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", show(&self.path), Untrusted(&self.problem))
    }
}

/// A path for a person to read: bytes that are not text are replaced, the rest is escaped.
fn show(path: &Path) -> String {
    Untrusted(&path.to_string_lossy()).to_string()
}

fn list_or_nothing(items: &[String]) -> String {
    if items.is_empty() {
        return "nothing".to_owned();
    }
    let shown: Vec<String> = items
        .iter()
        .map(|item| format!("`{}`", Untrusted(item)))
        .collect();
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_path_never_reach_the_terminal() {
        let error = Error::Symlink {
            path: PathBuf::from("/a\x1b[2Kb\n"),
        };
        assert!(!error.to_string().contains(['\x1b', '\n']));
        let warning = Warning::new("/a\rb", "Path=\x07");
        assert!(!warning.to_string().contains(['\r', '\x07']));
    }

    #[test]
    fn an_uninstalled_app_comes_with_the_command_that_installs_it() {
        let error = Error::NotInstalled {
            what: "app/org.a.App/x86_64/master".to_owned(),
            installed: Vec::new(),
            commit: None,
        };
        assert_eq!(
            error.hint().unwrap(),
            "install it with `flatpak install org.a.App`"
        );
    }
}
