//! What a caller asks for, as typed by the command line.

use std::os::fd::RawFd;
use std::path::PathBuf;

use flatrack_perms::{Arch, Branch, Commit, Layer, Source};
use flatrack_store::Scope;

/// What to run and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// id, ref, directory or manifest
    pub target: String,
    /// arguments of the app
    pub args: Vec<String>,
    /// where to look
    pub scope: Scope,
    /// permissions and limits of the command line
    pub layer: Layer,
    /// the same in Flatpak's spelling, for `/.flatpak-info`
    pub options: Vec<String>,
    /// instead of the app's own command
    pub command: Option<String>,
    /// where to start
    pub cwd: Option<PathBuf>,
    /// instead of the current arch
    pub arch: Option<Arch>,
    /// instead of the current branch
    pub branch: Option<Branch>,
    /// instead of the active commit
    pub commit: Option<Commit>,
    /// the SDK as runtime, and debugging allowed
    pub devel: bool,
    /// `ID[/ARCH[/BRANCH]]` instead of the app's runtime
    pub runtime: Option<String>,
    /// another branch of the runtime
    pub runtime_version: Option<Branch>,
    /// another commit of the runtime
    pub runtime_commit: Option<Commit>,
    /// a terminal of its own
    pub terminal: bool,
    /// what differs from an ordinary run
    pub run: RunOptions,
    /// which services of the session the app is connected to
    pub services: ServiceOptions,
}

/// What a caller may want different for one run. Descriptors are numbers of this process, which inherited them.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// nothing but the app's own files: no permissions, nothing kept, nothing shared with other instances
    pub sandbox: bool,
    /// not the caller's environment
    pub clear_env: bool,
    /// arguments between `@@` and `@@` are files for the app
    pub file_forwarding: bool,
    /// instead of the app's files
    pub app: Option<Stand>,
    /// instead of the runtime's files
    pub usr: Option<Stand>,
    /// descriptors to show at the paths they have on the host, and whether they can be written to
    pub binds: Vec<(RawFd, bool)>,
    /// where to write the instance's number once it runs
    pub instance_id_fd: Option<RawFd>,
}

/// What stands in for a tree of files.
#[derive(Debug, Clone)]
pub enum Stand {
    /// an empty directory
    Empty,
    /// a directory of the host
    Path(PathBuf),
    /// an open directory
    Descriptor(RawFd),
}

/// What a caller says about buses and portals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceOptions {
    /// a filtered session bus
    pub session_bus: bool,
    /// a filtered accessibility bus
    pub a11y_bus: bool,
    /// the files of the document portal
    pub documents: bool,
    /// messages on these buses are written to standard error
    pub log: LogBuses,
}

/// Buses whose messages are written out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogBuses {
    /// the session bus
    pub session: bool,
    /// the system bus
    pub system: bool,
    /// the accessibility bus
    pub a11y: bool,
}

impl Default for ServiceOptions {
    fn default() -> Self {
        Self {
            session_bus: true,
            a11y_bus: true,
            documents: true,
            log: LogBuses::default(),
        }
    }
}

impl Request {
    /// A request with nothing but a target.
    #[must_use]
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            args: Vec::new(),
            scope: Scope::All,
            layer: Layer::new(Source::CommandLine),
            options: Vec::new(),
            command: None,
            cwd: None,
            arch: None,
            branch: None,
            commit: None,
            devel: false,
            runtime: None,
            runtime_version: None,
            runtime_commit: None,
            terminal: false,
            run: RunOptions::default(),
            services: ServiceOptions::default(),
        }
    }

    /// The services that the app may be connected to: none of the filtered ones for `--sandbox`.
    pub(crate) fn services(&self) -> ServiceOptions {
        match self.run.sandbox {
            true => ServiceOptions {
                session_bus: false,
                a11y_bus: false,
                documents: false,
                log: self.services.log,
            },
            false => self.services,
        }
    }
}
