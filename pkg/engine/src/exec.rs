//! A further process in a running container: in every namespace and the cgroup of the first one, under the same filter.

use std::fmt;
use std::os::fd::OwnedFd;

use flatrack_sys as sys;
use oci_spec::runtime::Process;
use rustix::process::Pid;
use sys::clone::Flags;

use crate::channel::{self, Order, Report};
use crate::check;
use crate::child::{Become, BeforeExec, HostProc, confirm_profile, open_terminal, profile_of};
use crate::descriptors::Descriptors;
use crate::error::{Doing, Error, Result};
use crate::failure::{At, SetupFailure, Step, nothing};
use crate::hooks::About;
use crate::id::ContainerId;
use crate::lifecycle::{Status, require};
use crate::seccomp::Listener;
use crate::spawn::{self, Joins};
use crate::state::StateDir;

/// The namespaces of a process, by their file and the kernel's number.
const KINDS: &[(&str, u64)] = &[
    ("user", 0x1000_0000),
    ("mnt", 0x0002_0000),
    ("pid", 0x2000_0000),
    ("net", 0x4000_0000),
    ("ipc", 0x0800_0000),
    ("uts", 0x0400_0000),
    ("cgroup", 0x0200_0000),
];

/// What to execute in a container.
pub struct ExecOptions {
    /// The process. Start from the container's own ([`StateDir::spec`]) and change arguments, environment, directory: then user,
    /// capabilities, limits, no_new_privs and AppArmor profile stay as they are there.
    pub process: Process,
    /// As [`crate::Options::before_exec`]; the container's own Landlock rules come from its document.
    pub before_exec: Option<BeforeExec>,
    /// As [`crate::Options::enforce_profile`].
    pub enforce_profile: bool,
    /// As [`crate::Options::new_session`].
    pub new_session: bool,
    /// Go on with a frozen container; the program starts when it runs again.
    pub even_if_paused: bool,
    /// As [`crate::Options::find_home`].
    pub find_home: bool,
    /// What the program inherits of open files.
    pub descriptors: Descriptors,
}

impl ExecOptions {
    /// The usual ones.
    pub fn new(process: Process) -> Self {
        Self {
            process,
            before_exec: None,
            enforce_profile: false,
            new_session: false,
            find_home: false,
            even_if_paused: false,
            descriptors: Descriptors::default(),
        }
    }
}

impl fmt::Debug for ExecOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecOptions")
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}

/// A process that was started in a container, and is a child of this process.
#[derive(Debug)]
#[must_use]
pub struct Executed {
    /// Its number in the caller's pid namespace.
    pub pid: Pid,
    /// The same as a descriptor: wait with [`flatrack_sys::process::wait`].
    pub pidfd: OwnedFd,
    /// The master side of its terminal, if it was to have one.
    pub terminal: Option<OwnedFd>,
}

/// Starts a process in a running container. The calling process must have one thread.
///
/// # Errors
/// If the container does not run, or a step fails; the process is gone then.
pub fn exec(state: &StateDir, id: &ContainerId, mut options: ExecOptions) -> Result<Executed> {
    let good: &[Status] = match options.even_if_paused {
        true => &[Status::Running, Status::Created, Status::Paused],
        false => &[Status::Running, Status::Created],
    };
    let record = require(state, id, "running", good)?;
    check::process(&options.process)?;
    let seccomp = state.seccomp(id)?;
    let further_seccomp = state.further_seccomp(id)?;
    let spec = state.spec(id)?;
    let landlock = crate::landlock::of(&spec)?;
    let has_profile = spec
        .linux()
        .as_ref()
        .is_some_and(|linux| linux.seccomp().is_some());
    if (seccomp.is_none() && has_profile) || (further_seccomp.is_none() && record.two_filters) {
        return Err(SetupFailure::new(
            Step::Seccomp,
            id.as_str(),
            "the container's filter is missing from its state",
        )
        .into());
    }
    let gone = || Error::Status {
        id: id.clone(),
        status: Status::Stopped,
        wanted: "running",
    };
    let (pid, target) = record.pid().zip(record.pidfd()).ok_or_else(gone)?;
    let kinds = different_namespaces(pid).doing(|| "read the container's namespaces".into())?;
    // Asked again: the answers above were of the right process only if it is still there.
    record.pidfd().ok_or_else(gone)?;
    let host_proc = HostProc::open().doing(|| "open /proc".into())?;
    record.cgroup.come_near()?;
    let entry = record.cgroup.entry()?;
    let (ours, theirs) = channel::pair().doing(|| "make a socket pair".into())?;
    let about = About {
        id,
        spec: &spec,
        bundle: &record.bundle,
        pid: pid.as_raw_nonzero().get(),
    };
    let profile = spec
        .linux()
        .as_ref()
        .and_then(|linux| linux.seccomp().as_ref());
    let listener = Listener::connect(profile, seccomp.as_ref(), about, Status::Running)?;
    let before_exec = options.before_exec.take();
    let child = || {
        let mut program = Become {
            process: &options.process,
            seccomp: seccomp.as_ref(),
            further_seccomp: further_seccomp.as_ref(),
            listener: listener.as_ref(),
            landlock: landlock.as_ref(),
            host_proc: &host_proc,
            may_set_groups: record.may_set_groups,
            before_exec,
            descriptors: &options.descriptors,
            enforce_profile: options.enforce_profile,
            new_session: options.new_session,
            find_home: options.find_home,
            die_with_parent: false,
        };
        match set_up(&mut program, &theirs) {
            Ok(never) => match never {},
            Err(failure) => {
                drop(theirs.report(&Report::Failed(failure.clone())));
                i32::from(failure.exit_code())
            }
        }
    };
    let joins = Joins {
        namespaces: vec![(&target, kinds)],
        entry: &entry,
    };
    let made = spawn::joined(&joins, Flags::NONE, child)?;
    drop(theirs);
    drop(ours.order(Order::Go));
    let mut terminal = None;
    let failure = loop {
        match ours
            .next_report()
            .doing(|| "hear from the process".into())?
        {
            Some(Report::Terminal(master)) => terminal = Some(master),
            Some(Report::Failed(failure)) => break Some(failure),
            Some(Report::Built | Report::Ready | Report::Made(_)) => {}
            None => break None,
        }
    };
    let failure = failure.or_else(|| {
        let pid = made.pid.as_raw_nonzero().get();
        let profile = profile_of(&options.process)?;
        confirm_profile(&host_proc, pid, profile, options.enforce_profile).err()
    });
    match failure {
        None => Ok(Executed {
            pid: made.pid,
            pidfd: made.pidfd,
            terminal,
        }),
        Some(failure) => {
            // One that failed by itself is gone already; one under a wrong label is not.
            const SIGKILL: i32 = 9;
            drop(sys::process::pidfd_send_signal(&made.pidfd, SIGKILL));
            drop(sys::process::wait(&made.pidfd));
            Err(failure.into())
        }
    }
}

fn set_up(
    program: &mut Become<'_>,
    channel: &channel::End,
) -> std::result::Result<std::convert::Infallible, SetupFailure> {
    sys::process::die_with_parent(true).at(Step::Attribute, nothing)?;
    sys::process::private_keyring().at(Step::Attribute, || "keyring".into())?;
    program.host_proc.set_standing(program.process)?;
    if let Some(console) = open_terminal(program.process)? {
        let master = console.install(program.process)?;
        channel
            .report(&Report::Terminal(master))
            .at(Step::Terminal, nothing)?;
    }
    program.run(|| channel.await_order(Order::Go).at(Step::Start, nothing))
}

/// The kinds of namespaces in which a process is not where this one is. Joining a user namespace one is in is an error.
fn different_namespaces(pid: Pid) -> std::io::Result<u64> {
    let mut kinds = 0;
    for (name, number) in KINDS {
        let theirs = rustix::fs::stat(format!("/proc/{pid}/ns/{name}"))?;
        let ours = rustix::fs::stat(format!("/proc/self/ns/{name}"))?;
        if (theirs.st_dev, theirs.st_ino) != (ours.st_dev, ours.st_ino) {
            kinds |= number;
        }
    }
    Ok(kinds)
}
