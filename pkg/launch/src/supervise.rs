//! Starting, waiting, and leaving nothing behind.
//!
//! The process that called `run` becomes a waiter of a few KiB while the app runs. When the app was killed, or
//! something could not be removed, the waiter becomes this program once more ([`finish`]), which finds out why
//! and says so.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fs;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd, RawFd};
use std::path::Path;

use flatrack_engine::cgroup::{Cgroup, OomFacts};
use flatrack_engine::seccomp::SeccompProgram;
use flatrack_engine::{Bundle, ContainerId, Descriptors, Options, Running, WhenMade};
use flatrack_spec::Plan;
use flatrack_sys::tiny::{LastWords, Removal, WaiterArgs, become_waiter};
use flatrack_sys::{process, signal};
use rustix::pipe::PipeFlags;

use crate::bundle::Written;
use crate::handed::Handed;
use crate::instance::{Claim, Record};
use crate::load::App;
use crate::services::{self, Helpers};
use crate::session::Opened;
use crate::{Error, Machine, Outcome, State, forward};

/// First argument of the program when the waiter hands back: instance and exit code follow.
pub const FINISH: &str = "--flatrack-finish";

/// What a shell reports for SIGKILL.
const KILLED: i32 = 137;

/// What a run has open and made beside its bundle.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) opened: Opened,
    pub(crate) handed: Handed,
    pub(crate) helpers: Helpers,
}

/// Starts the app and waits for it; becomes the waiter where it can.
pub(crate) fn start_and_wait(
    mut written: Written,
    app: &App,
    plan: &Plan,
    enforce: bool,
    claim: Claim,
    machine: &Machine,
    beside: Beside,
) -> Result<Outcome, Error> {
    let Beside {
        opened,
        handed,
        helpers,
    } = beside;
    let number = claim.number;
    let record = machine
        .state
        .write_record(&record(app, plan, enforce, number))?;
    let how = How {
        inherited: inherited(plan)?,
        when_made: helpers.when_made(),
        enforce_profile: enforce,
    };
    let running = start(&mut written.bundle, number, machine, how)?;
    helpers.app_runs(running.pid);
    handed.tell(number)?;
    let dir = claim.keep();
    let words = last_words(&machine.state, number, &app.deployment.id, &running.cgroup);
    if !plan.terminal {
        let mut removals: Vec<Removal> = running
            .cgroup
            .removals()
            .map(|path| Removal::Directory(path.to_owned()))
            .collect();
        removals.extend(machine.state.engine_files(&container(number)?)?);
        removals.extend(helpers.removals(&machine.state)?);
        removals.extend(written.made);
        removals.extend(opened.made);
        let listener = Removal::File(words.listener.clone());
        removals.extend([Removal::File(record), listener, Removal::Directory(dir)]);
        // comes back only where the kernel forbids it; then this process waits as it is
        let locks = app.locks.iter().map(AsFd::as_fd);
        let keep = locks
            .chain(opened.keep.iter().map(AsFd::as_fd))
            .chain(helpers.keep());
        drop(hand_over(
            &running,
            removals,
            words,
            keep.collect(),
            helpers.processes(),
            number,
        ));
    }
    let code = wait(running)?;
    helpers.leave();
    end(number, code, &machine.state)
}

/// Runs a prepared bundle to its end in this process; for builds, whose outcome decides what is next.
pub(crate) fn run_to_end(
    written: &mut Written,
    claim: &Claim,
    machine: &Machine,
) -> Result<i32, Error> {
    let running = start(&mut written.bundle, claim.number, machine, How::step())?;
    let code = wait(running)?;
    flatrack_engine::delete(&machine.state.engine()?, &container(claim.number)?, true)?;
    let dir = &written.bundle.dir;
    fs::remove_dir_all(dir).map_err(|source| Error::Io {
        path: dir.clone(),
        source,
    })?;
    Ok(code)
}

/// The same without the caller's input and output, and for no longer than `patience` milliseconds: `None` if it had to
/// be ended.
pub(crate) fn run_quietly(
    written: &mut Written,
    claim: &Claim,
    machine: &Machine,
    patience: u32,
) -> Result<Option<i32>, Error> {
    let quiet = crate::quiet::Quiet::new().map_err(|source| Error::Wait { source })?;
    let running = start(&mut written.bundle, claim.number, machine, How::step());
    drop(quiet);
    let running = running?;
    let ended = process::has_ended(&running.pidfd, patience);
    let ended = ended.map_err(|source| Error::Wait { source })?;
    let code = if ended { Some(wait(running)?) } else { None };
    flatrack_engine::delete(&machine.state.engine()?, &container(claim.number)?, true)?;
    let dir = &written.bundle.dir;
    fs::remove_dir_all(dir).map_err(|source| Error::Io {
        path: dir.clone(),
        source,
    })?;
    Ok(code)
}

/// Descriptors of the caller that the app keeps under their numbers: connections, and nothing else.
fn inherited(plan: &Plan) -> Result<Vec<RawFd>, Error> {
    for number in &plan.descriptors {
        let bad = |why: String| {
            let hint = Some("`--nosocket=inherit-wayland-socket` runs the app without it");
            Error::request(format!("descriptor {number} {why}"), hint)
        };
        let fd = flatrack_sys::fd::inherited(*number)
            .map_err(|error| bad(format!("cannot be inherited: {error}")))?;
        let mode = rustix::fs::fstat(&fd).map(|stat| stat.st_mode);
        if !mode.is_ok_and(|mode| rustix::fs::FileType::from_raw_mode(mode).is_socket()) {
            return Err(bad("is not a socket".to_owned()));
        }
    }
    Ok(plan.descriptors.iter().copied().collect())
}

/// What is special about one start.
#[derive(Default)]
struct How {
    inherited: Vec<RawFd>,
    when_made: Option<WhenMade>,
    enforce_profile: bool,
}

impl How {
    /// A step before the app: a profile, where there is one, denies.
    fn step() -> Self {
        Self {
            enforce_profile: true,
            ..Self::default()
        }
    }
}

fn start(bundle: &mut Bundle, number: u32, machine: &Machine, how: How) -> Result<Running, Error> {
    let mut options = Options::new(container(number)?, machine.state.engine()?);
    let (go, leash) = leash(bundle)?;
    options.descriptors = Descriptors {
        inherited: how.inherited,
        keep: vec![leash],
        ..Descriptors::default()
    };
    options.seccomp = filter(bundle, machine)?;
    options.when_made = how.when_made;
    options.limit_user_namespaces = !machine.facts.privileged;
    // a service manager that ends `flatrack run` means the app, which is in a cgroup of its own
    options.die_with_parent = true;
    options.enforce_profile = how.enforce_profile;
    // a second wall only: mounts and Landlock withhold devices already, and an ordinary user makes no nodes
    options.allow_not_enforced = !machine.facts.privileged;
    let wait = |source| Error::Wait { source };
    let before = forward::hold().map_err(wait)?;
    let running = flatrack_engine::run(bundle, options);
    if running.is_err() {
        signal::restore(&before).map_err(wait)?;
    }
    let running = running?;
    // an init that is gone already is waited for like any other
    let _gone = rustix::io::write(&go, b".");
    Ok(running)
}

/// Ties the first process to this one: it starts the app once it is tied and this process has seen that all is well.
///
/// The kernel's own means, the signal for the parent's end, is forgotten when the program that is executed gets another AppArmor
/// label (`pdeath_signal` in prctl(2), "secure execution"), and asking for it anew leaves a moment in between.
fn leash(bundle: &mut Bundle) -> Result<(OwnedFd, OwnedFd), Error> {
    let (read, write) =
        rustix::pipe::pipe_with(PipeFlags::CLOEXEC).map_err(|error| Error::Wait {
            source: error.into(),
        })?;
    if let Some(process) = bundle.spec.process_mut()
        && let Some(mut arguments) = process.args().clone()
    {
        arguments.insert(1, format!("-w{}", read.as_raw_fd()));
        process.set_args(Some(arguments));
    }
    Ok((write, read))
}

/// The compiled filter of a bundle.
pub(crate) fn filter(bundle: &Bundle, machine: &Machine) -> Result<Option<SeccompProgram>, Error> {
    let linux = bundle.spec.linux().as_ref();
    let Some(profile) = linux.and_then(|linux| linux.seccomp().as_ref()) else {
        return Ok(None);
    };
    let filter = flatrack_engine::seccomp::cached(profile, &machine.state.cache());
    Ok(Some(filter.map_err(flatrack_engine::Error::from)?))
}

fn hand_over(
    running: &Running,
    removals: Vec<Removal>,
    last_words: LastWords,
    keep: Vec<BorrowedFd<'_>>,
    helpers: Vec<BorrowedFd<'_>>,
    number: u32,
) -> std::io::Error {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let number = number.to_string();
    become_waiter(&WaiterArgs {
        name: OsStr::new("flatrack"),
        pidfd: running.pidfd.as_fd(),
        helpers,
        keep,
        last_words: Some(last_words),
        removals,
        finish: &program,
        finish_arguments: vec![OsStr::new(FINISH), OsStr::new(&number)],
    })
}

fn wait(running: Running) -> Result<i32, Error> {
    let exit = forward::wait(&running.pidfd, running.terminal);
    let exit = exit.map_err(|source| Error::Wait { source })?;
    Ok(i32::from(exit.code()))
}

/// What the waiter calls for in the end: `NUMBER CODE`.
///
/// # Errors
/// Arguments of another form; something that cannot be removed.
pub fn finish(arguments: &[OsString]) -> Result<Outcome, Error> {
    let numbers: Vec<i64> = arguments
        .iter()
        .filter_map(|a| a.to_str()?.parse().ok())
        .collect();
    let (Some(Ok(number)), Some(Ok(code)), 2) = (
        numbers.first().map(|n| u32::try_from(*n)),
        numbers.get(1).map(|n| i32::try_from(*n)),
        arguments.len(),
    ) else {
        return Err(Error::request("this is for flatrack itself", None));
    };
    end(number, code, &Machine::probe()?.state)
}

/// Finds out why the app ended, removes what is left, and says what there is to say.
fn end(number: u32, code: i32, state: &State) -> Result<Outcome, Error> {
    let engine = state.engine()?;
    let id = container(number)?;
    let cgroup = flatrack_engine::cgroup_of(&engine, &id).unwrap_or_else(|_gone| Cgroup::none());
    let facts = cgroup.counts().oom;
    if let Some(record) = state.record(number) {
        // who listens has gone away, or has no room: not a reason to leave anything behind
        drop(last_words(state, number, &record.app, &cgroup).say(code));
    }
    clean(number, state)?;
    let notes = if code == KILLED && facts.kills > 0 {
        vec![memory_note(&facts)]
    } else {
        Vec::new()
    };
    Ok(Outcome { code, notes })
}

/// What is told of an instance at its end to whoever follows events.
fn last_words(state: &State, number: u32, app: impl Display, cgroup: &Cgroup) -> LastWords {
    LastWords {
        listener: state.listener(number),
        lines: vec![format!("app {app}")],
        files: cgroup.count_files(),
    }
}

/// Removes an instance: processes, cgroups, state, files.
pub(crate) fn clean(number: u32, state: &State) -> Result<(), Error> {
    for id in [container(number)?, services::proxy_container(number)?] {
        match flatrack_engine::delete(&state.engine()?, &id, true) {
            Ok(()) | Err(flatrack_engine::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    services::forget_identity(&state.dir(number))?;
    let path = state.dir(number);
    match remove_with_listeners(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io { path, source })
        }
        _ => Ok(()),
    }
}

/// Removes an instance's directory, in which somebody who begins to follow may make a file meanwhile.
fn remove_with_listeners(path: &Path) -> std::io::Result<()> {
    const TIMES: usize = 10;
    let is_full = |removed: &std::io::Result<()>| {
        let kind = removed.as_ref().map_err(std::io::Error::kind);
        kind == Err(std::io::ErrorKind::DirectoryNotEmpty)
    };
    let mut removed = fs::remove_dir_all(path);
    for _ in 1..TIMES {
        if !is_full(&removed) {
            break;
        }
        removed = fs::remove_dir_all(path);
    }
    removed
}

fn memory_note(facts: &OomFacts) -> String {
    let size = |bytes: Option<u64>| match bytes {
        Some(bytes) => flatrack_perms::ByteLimit::Bytes(bytes).to_string(),
        None => "unknown".to_owned(),
    };
    format!(
        "killed: the app reached its memory limit of {} (most used: {}); the kernel ended {} process{}\n\
         hint: `--memory-max` sets another limit",
        size(facts.limit),
        size(facts.peak),
        facts.kills,
        if facts.kills == 1 { "" } else { "es" },
    )
}

/// The engine's name for an instance.
pub(crate) fn container(number: u32) -> Result<ContainerId, Error> {
    number
        .to_string()
        .parse()
        .map_err(|error: flatrack_engine::InvalidId| Error::request(error.to_string(), None))
}

fn record(app: &App, plan: &Plan, enforce: bool, number: u32) -> Record {
    let deployment = &app.deployment;
    let tree = deployment.app.as_ref().unwrap_or(&deployment.usr);
    Record {
        instance: number,
        app: deployment.id.to_string(),
        arch: deployment.arch.to_string(),
        branch: deployment.branch.to_string(),
        commit: tree.commit.clone(),
        runtime: deployment.runtime.to_string(),
        monitor: std::process::id(),
        enforce,
        limits: plan
            .resources
            .limits
            .list()
            .iter()
            .map(|limit| limit.value.to_string())
            .collect(),
    }
}
