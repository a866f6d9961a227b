//! Everything that keeps an app from starting, grouped by what a person can do about it.

use std::path::PathBuf;

use flatrack_perms::Untrusted;

/// Why an app did not start, or a verb did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Bad text in metadata, overrides, manifests, policies.
    #[error(transparent)]
    Text(#[from] flatrack_metadata::Diagnostic),
    /// No such app or runtime, or one that cannot be read.
    #[error(transparent)]
    Store(#[from] flatrack_store::Error),
    /// A permission that is not enforced yet, or forbidden.
    #[error(transparent)]
    Refused(#[from] flatrack_perms::Refusal),
    /// No plan can be made.
    #[error(transparent)]
    Plan(#[from] flatrack_spec::PlanError),
    /// The plan does not fit an OCI document.
    #[error(transparent)]
    Render(#[from] flatrack_spec::RenderError),
    /// The app does not fit the document of the engine's.
    #[error(transparent)]
    Pod(#[from] flatrack_spec::pod::PodError),
    /// The container could not be made, joined or changed.
    #[error(transparent)]
    Engine(#[from] flatrack_engine::Error),
    /// A path of the host that was checked is not there any more, is a link, or cannot be opened.
    #[error("cannot open `{}` for the sandbox", path.display())]
    Pin {
        /// the path
        path: PathBuf,
        /// why
        source: std::io::Error,
    },
    /// A socket that an app is not given.
    #[error("`{}` {why}", path.display())]
    Socket {
        /// the path
        path: PathBuf,
        /// what is wrong with it
        why: &'static str,
    },
    /// A file or directory of our own.
    #[error("cannot use `{}`", path.display())]
    Io {
        /// the path
        path: PathBuf,
        /// why
        source: std::io::Error,
    },
    /// The state directory belongs to someone else.
    #[error("`{}` is not a directory that only you can write to", .0.display())]
    ForeignState(PathBuf),
    /// Nobody knows the caller's home directory.
    #[error(
        "there is no home directory: `HOME` is not set and the user has no entry in /etc/passwd"
    )]
    NoHome,
    /// The wait for the app failed.
    #[error("cannot wait for the app")]
    Wait {
        /// why
        source: std::io::Error,
    },
    /// Two policy files that cannot both be obeyed.
    #[error(transparent)]
    Policy(#[from] Box<flatrack_perms::Conflict>),
    /// A bus that was asked for cannot be used.
    #[error("the {bus} bus at `{}` cannot be used", Untrusted(.address))]
    Bus {
        /// which
        bus: &'static str,
        /// where it listens
        address: String,
        /// why
        source: flatrack_bus::client::CallError,
        /// how to do without
        without: String,
    },
    /// Nothing can filter a bus.
    #[error(transparent)]
    NoProxy(#[from] flatrack_bus::MissingProxy),
    /// The filter did not start.
    #[error("the app gets no bus")]
    Proxy(#[from] flatrack_bus::NotReady),
    /// No instance of that name runs.
    #[error("nothing runs under `{0}`")]
    NotRunning(String),
    /// What was asked for cannot be done.
    #[error("{message}")]
    Request {
        /// what is wrong
        message: String,
        /// what to do
        hint: Option<String>,
    },
}

impl Error {
    /// A request that cannot be carried out.
    pub(crate) fn request(message: impl Into<String>, hint: Option<&str>) -> Self {
        Self::Request {
            message: message.into(),
            hint: hint.map(str::to_owned),
        }
    }

    /// What went wrong, and everything behind it that is not said yet.
    #[must_use]
    pub fn whole(&self) -> String {
        let mut message = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            let text = cause.to_string();
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            source = cause.source();
        }
        message
    }

    /// What a person can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Text(_)
            | Self::Render(_)
            | Self::Io { .. }
            | Self::Wait { .. }
            | Self::Policy(_) => None,
            Self::Pod(flatrack_spec::pod::PodError::Covers(_)) => Some(
                "an app has its files at /app, its runtime at /usr and a tree of its own around them; mount volumes elsewhere"
                    .to_owned(),
            ),
            Self::Pod(_) => None,
            Self::Store(error) => error.hint(),
            Self::Engine(error) => engine_hint(error).map(str::to_owned),
            Self::Refused(flatrack_perms::Refusal::NotYet { without, .. }) => without
                .as_ref()
                .map(|option| format!("`{option}` runs the app without it")),
            Self::Refused(flatrack_perms::Refusal::Weakening { .. }) => {
                Some("an override or an option of the command line may say so".to_owned())
            }
            Self::Refused(
                flatrack_perms::Refusal::Forbidden { .. }
                | flatrack_perms::Refusal::NotAllowed { .. },
            ) => Some(
                "the files of /etc/flatrack/policy.d decide what apps may do on this machine"
                    .to_owned(),
            ),
            Self::Plan(flatrack_spec::PlanError::NoCommand(_)) => {
                Some("name one with `--command`".to_owned())
            }
            Self::Plan(flatrack_spec::PlanError::ForeignLink(_)) | Self::Socket { .. } => Some(
                "servers are reached for the user who starts the app; `--nosocket=NAME` starts it without one"
                    .to_owned(),
            ),
            Self::Plan(
                flatrack_spec::PlanError::Narrowing { hint, .. }
                | flatrack_spec::PlanError::Device { hint, .. },
            ) => Some((*hint).to_owned()),
            Self::Plan(_) => None,
            Self::Pin { .. } => {
                Some("a link that appeared in a path since it was checked is refused".to_owned())
            }
            Self::ForeignState(_) => {
                Some("remove it, or point `FLATRACK_STATE_DIR` somewhere else".to_owned())
            }
            Self::NoHome => Some("set `HOME` to an absolute path".to_owned()),
            Self::Bus { without, .. } => Some(without.clone()),
            Self::NoProxy(_) => Some(
                "install the package `xdg-dbus-proxy`, or take the app's bus names away from it"
                    .to_owned(),
            ),
            Self::Proxy(_) => Some("`--log-session-bus` shows what the proxy says".to_owned()),
            Self::NotRunning(_) => Some("`flatrack ps` lists what runs".to_owned()),
            Self::Request { hint, .. } => hint.clone(),
        }
    }
}

/// What a person can do about an error of the engine, which knows nothing of apps.
fn engine_hint(error: &flatrack_engine::Error) -> Option<&'static str> {
    use flatrack_engine::{Error, cgroup};
    match error {
        Error::Cgroup(cgroup::Error::LimitNotEnforceable { .. }) => Some(
            "run as root, or on a machine that delegates cgroup v2 to users: with systemd, `loginctl enable-linger`, \
             `systemctl edit user@.service` with `Delegate=yes`, or `systemd-run --user --scope -p Delegate=yes`; \
             `flatrack doctor` shows what can be enforced here",
        ),
        Error::Cgroup(cgroup::Error::Systemd { .. }) => Some(
            "`systemctl --user status`, for root `systemctl status`, shows whether the service manager is well",
        ),
        _ => None,
    }
}
