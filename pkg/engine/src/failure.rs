//! What went wrong inside the child, as a value that crosses the pipe to its parent.

use std::error::Error as StdError;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The step of setting up a container, or of joining one, that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Entering the cgroup.
    Cgroup,
    /// Making or joining namespaces.
    Namespaces,
    /// Taking on ids inside a user namespace.
    Ids,
    /// Forbidding further user namespaces.
    UserNamespaceLimit,
    /// Making the root file system.
    Root,
    /// A mount.
    Mount,
    /// A device node.
    Device,
    /// Hiding a path or making it read-only.
    Protect,
    /// Changing to the new root.
    Pivot,
    /// The terminal.
    Terminal,
    /// The network's loopback interface.
    Network,
    /// Host or domain name.
    Hostname,
    /// A kernel parameter.
    Sysctl,
    /// A resource limit of processes.
    Rlimit,
    /// Another attribute of the process: score for the memory killer, personality, keyring, no_new_privs.
    Attribute,
    /// The working directory.
    WorkingDirectory,
    /// User and group.
    User,
    /// Capabilities.
    Capabilities,
    /// The AppArmor profile.
    AppArmor,
    /// The Landlock rules.
    Landlock,
    /// A hook of the document.
    Hook,
    /// The caller's own last step.
    LastStep,
    /// The seccomp filter.
    Seccomp,
    /// Waiting for the start.
    Start,
    /// Executing the program.
    Execute,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cgroup => "entering the cgroup",
            Self::Namespaces => "entering the namespaces",
            Self::Ids => "taking on the ids of the user namespace",
            Self::UserNamespaceLimit => "forbidding further user namespaces",
            Self::Root => "making the root file system",
            Self::Mount => "mounting",
            Self::Device => "making a device",
            Self::Protect => "protecting a path",
            Self::Pivot => "changing the root",
            Self::Terminal => "opening the terminal",
            Self::Network => "bringing the loopback interface up",
            Self::Hostname => "setting the host name",
            Self::Sysctl => "setting a kernel parameter",
            Self::Rlimit => "setting a resource limit",
            Self::Attribute => "setting an attribute of the process",
            Self::WorkingDirectory => "entering the working directory",
            Self::User => "changing the user",
            Self::Capabilities => "setting the capabilities",
            Self::AppArmor => "applying the AppArmor profile",
            Self::Landlock => "applying the Landlock rules",
            // the words that engines look for
            Self::Hook => "error running hook",
            Self::LastStep => "running the last step before the program",
            Self::Seccomp => "loading the seccomp filter",
            Self::Start => "waiting for the start",
            Self::Execute => "executing",
        })
    }
}

/// A failure in the child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupFailure {
    /// Which step.
    pub step: Step,
    /// The thing it was about, such as a path; may be empty. It can come from an image: escape it before printing.
    pub what: String,
    /// The kernel's error number, if it was a system call.
    pub errno: Option<i32>,
    /// The error and its causes.
    pub message: String,
}

impl fmt::Display for SetupFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.step)?;
        if !self.what.is_empty() {
            write!(f, " `{}`", self.what.escape_debug())?;
        }
        match self.reason() {
            Some(reason) => write!(f, ": {reason}"),
            None => write!(f, ": {}", self.message.escape_debug()),
        }
    }
}

impl StdError for SetupFailure {}

impl SetupFailure {
    pub(crate) fn new(step: Step, what: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            step,
            what: what.into(),
            errno: None,
            message: message.into(),
        }
    }

    /// Docker tells by these words, with small letters, that it is the program that is wrong.
    fn reason(&self) -> Option<&'static str> {
        match (self.step, self.errno?) {
            (Step::Execute, numbers::ENOENT) => Some("no such file or directory"),
            (Step::Execute, numbers::EACCES) => Some("permission denied"),
            _ => None,
        }
    }

    /// 127 if the program does not exist, 126 if it cannot be executed, 125 if it did not come to that.
    pub fn exit_code(&self) -> u8 {
        match (self.step, self.errno) {
            (Step::Execute, Some(numbers::ENOENT)) => 127,
            (Step::Execute, _) => 126,
            _ => 125,
        }
    }
}

/// Those that are told apart.
mod numbers {
    pub(super) const ENOENT: i32 = 2;
    pub(super) const EACCES: i32 = 13;
}

/// Adds the step to an error.
pub(crate) trait At<T> {
    fn at(self, step: Step, what: impl FnOnce() -> String) -> Result<T, SetupFailure>;
}

impl<T, E: StdError + 'static> At<T> for Result<T, E> {
    fn at(self, step: Step, what: impl FnOnce() -> String) -> Result<T, SetupFailure> {
        self.map_err(|error| {
            let mut messages: Vec<String> = Vec::new();
            let mut errno = None;
            let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
            while let Some(current) = cause {
                errno = errno.or_else(|| number(current));
                let message = current.to_string();
                if messages.last() != Some(&message) {
                    messages.push(message);
                }
                cause = current.source();
            }
            SetupFailure {
                step,
                what: what(),
                errno,
                message: messages.join(": "),
            }
        })
    }
}

fn number(error: &(dyn StdError + 'static)) -> Option<i32> {
    if let Some(error) = error.downcast_ref::<std::io::Error>() {
        return error.raw_os_error();
    }
    if let Some(error) = error.downcast_ref::<rustix::io::Errno>() {
        return Some(error.raw_os_error());
    }
    error
        .downcast_ref::<nix::errno::Errno>()
        .map(|error| *error as i32)
}

/// For text without a thing it is about.
pub(crate) fn nothing() -> String {
    String::new()
}
