//! Hooks of the OCI document: programs that its author wants run at fixed points of a container's life.
//!
//! | moment | when | where |
//! |---|---|---|
//! | `prestart`, `createRuntime` | the file systems are there, the root is not changed yet | outside |
//! | `createContainer` | right after | in the container's namespaces, on the host's files |
//! | `startContainer` | right before the program | in the container, as the program: user, capabilities, filter |
//! | `poststart` | the program was executed | outside |
//! | `poststop` | the container is removed | outside |
//!
//! Each gets the container's state on its standard input and the variables that the document gives it, no others; one outside for which the
//! document says nothing of variables gets the caller's. What it prints is shown if it fails.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use flatrack_sys::fd::{close_on_exec_from, sealed_memory};
use flatrack_sys::process::{Exit, has_ended, pidfd_open, wait};
use oci_spec::runtime::{Hook, Hooks, Spec};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Serialize;

use crate::failure::{At, SetupFailure, Step};
use crate::id::ContainerId;
use crate::lifecycle::Status;

/// A point of a container's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Prestart,
    CreateRuntime,
    CreateContainer,
    StartContainer,
    Poststart,
    Poststop,
}

/// Those that are outside of the container before it is complete, in order.
pub(crate) const BEFORE_ROOT: [Moment; 2] = [Moment::Prestart, Moment::CreateRuntime];

impl Moment {
    fn of(self, hooks: &Hooks) -> &[Hook] {
        let hooks = match self {
            Self::Prestart => hooks.prestart(),
            Self::CreateRuntime => hooks.create_runtime(),
            Self::CreateContainer => hooks.create_container(),
            Self::StartContainer => hooks.start_container(),
            Self::Poststart => hooks.poststart(),
            Self::Poststop => hooks.poststop(),
        };
        hooks.as_deref().unwrap_or_default()
    }

    /// Whether its hooks run outside of the container.
    fn is_outside(self) -> bool {
        !matches!(self, Self::CreateContainer | Self::StartContainer)
    }

    /// How far the container is then.
    fn status(self) -> Status {
        match self {
            Self::Prestart | Self::CreateRuntime | Self::CreateContainer => Status::Creating,
            Self::StartContainer => Status::Created,
            Self::Poststart => Status::Running,
            Self::Poststop => Status::Stopped,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prestart => "prestart",
            Self::CreateRuntime => "createRuntime",
            Self::CreateContainer => "createContainer",
            Self::StartContainer => "startContainer",
            Self::Poststart => "poststart",
            Self::Poststop => "poststop",
        })
    }
}

/// Every hook of a document.
pub(crate) fn all(hooks: &Hooks) -> impl Iterator<Item = &Hook> {
    use Moment::*;
    [
        Prestart,
        CreateRuntime,
        CreateContainer,
        StartContainer,
        Poststart,
        Poststop,
    ]
    .into_iter()
    .flat_map(|moment| moment.of(hooks))
}

/// The hooks of one moment.
fn of(spec: &Spec, moment: Moment) -> &[Hook] {
    spec.hooks().as_ref().map_or(&[], |hooks| moment.of(hooks))
}

/// Whether there are any.
pub(crate) fn any(spec: &Spec, moments: &[Moment]) -> bool {
    moments.iter().any(|moment| !of(spec, *moment).is_empty())
}

/// What a hook is told about its container.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) id: &'a ContainerId,
    pub(crate) spec: &'a Spec,
    pub(crate) bundle: &'a Path,
    /// The first process, in the numbers of whoever runs the hook; 0 if it has ended.
    pub(crate) pid: i32,
}

/// The OCI state document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct State<'a> {
    pub(crate) oci_version: &'a str,
    id: &'a ContainerId,
    status: Status,
    pid: i32,
    bundle: &'a Path,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<&'a std::collections::HashMap<String, String>>,
}

impl About<'_> {
    /// What hooks in the container are told: its first process, which runs them, has another number there.
    pub(crate) fn seen_here(self) -> Self {
        Self {
            pid: rustix::process::getpid().as_raw_nonzero().get(),
            ..self
        }
    }

    /// The container's state.
    pub(crate) fn state(&self, status: Status) -> State<'_> {
        State {
            oci_version: self.spec.version(),
            id: self.id,
            status,
            pid: self.pid,
            bundle: self.bundle,
            annotations: self.spec.annotations().as_ref(),
        }
    }

    fn json(&self, moment: Moment) -> io::Result<Vec<u8>> {
        Ok(serde_json::to_vec(&self.state(moment.status()))?)
    }

    /// Keeps what this process has inherited itself from the hooks. The one in the container gets what the program is to get, which is
    /// settled by then.
    fn close(&self, moment: Moment) -> Result<(), SetupFailure> {
        match moment == Moment::StartContainer || !any(self.spec, &[moment]) {
            true => Ok(()),
            false => close_on_exec_from(3).at(Step::Hook, || moment.to_string()),
        }
    }

    /// Runs the hooks of one moment, one after the other, up to the first that fails.
    pub(crate) fn run(&self, moment: Moment) -> Result<(), SetupFailure> {
        self.close(moment)?;
        for (number, hook) in of(self.spec, moment).iter().enumerate() {
            self.json(moment)
                .and_then(|state| run(hook, moment, &state))
                .map_err(|error| {
                    let what = format!("{moment} #{number} {}", hook.path().display());
                    SetupFailure::new(Step::Hook, what, error.to_string())
                })?;
        }
        Ok(())
    }

    /// As [`About::run`], but goes on after one that fails.
    pub(crate) fn run_all(&self, moment: Moment) -> Result<(), SetupFailure> {
        self.close(moment)?;
        let mut result = Ok(());
        for (number, hook) in of(self.spec, moment).iter().enumerate() {
            let done = self
                .json(moment)
                .and_then(|state| run(hook, moment, &state));
            result = result.and(done.map_err(|error| {
                let what = format!("{moment} #{number} {}", hook.path().display());
                SetupFailure::new(Step::Hook, what, error.to_string())
            }));
        }
        result
    }
}

const SIGSYS: i32 = 31;

/// Runs one hook and waits for its end.
fn run(hook: &Hook, moment: Moment, state: &[u8]) -> io::Result<()> {
    // Files in memory, not pipes: nobody waits for a hook that does not read, or for what it left behind holding the other end.
    let input = sealed_memory(c"state", state)?;
    let mut said = File::from(rustix::fs::memfd_create(
        c"hook",
        rustix::fs::MemfdFlags::CLOEXEC,
    )?);
    let mut arguments = hook.args().iter().flatten();
    let mut command = Command::new(hook.path());
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    if hook.env().is_some() || !moment.is_outside() {
        command.env_clear();
    }
    let variables = hook.env().iter().flatten();
    command
        .args(arguments)
        .envs(variables.filter_map(|variable| variable.split_once('=')))
        .stdin(input)
        .stdout(said.try_clone()?)
        .stderr(Stdio::from(said.try_clone()?))
        .process_group(0);
    let child = command.spawn()?;
    let pid = Pid::from_child(&child);
    let pidfd = pidfd_open(pid)?;
    if let Some(seconds) = hook.timeout() {
        let limit = u32::try_from(seconds.saturating_mul(1000)).unwrap_or(u32::MAX);
        if !ends_within(&pidfd, limit)? {
            kill_process_group(pid, Signal::KILL).ok();
            wait(&pidfd)?;
            return Err(io::Error::other(format!(
                "it did not end within {seconds} s"
            )));
        }
    }
    let how = match wait(&pidfd)? {
        Exit::Code(0) => return Ok(()),
        Exit::Code(code) => format!("it ended with {code}"),
        // a filter's way to say no
        Exit::Signal(SIGSYS) => format!("it was ended by signal {SIGSYS} (bad system call)"),
        Exit::Signal(signal) => format!("it was ended by signal {signal}"),
    };
    let mut text = Vec::new();
    said.rewind()?;
    said.take(1000).read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    Err(io::Error::other(match text.trim() {
        "" => how,
        text => format!("{how} and said: {text}"),
    }))
}

/// Waits without a signal cutting it short.
fn ends_within(pidfd: &std::os::fd::OwnedFd, milliseconds: u32) -> io::Result<bool> {
    let start = std::time::Instant::now();
    loop {
        let passed = u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX);
        let left = milliseconds.saturating_sub(passed);
        if has_ended(pidfd, left)? {
            return Ok(true);
        }
        if left == 0 {
            return Ok(false);
        }
    }
}
