//! Making a container: everything outside of it, then one clone, then the wait until it runs its program.

use std::fmt;
use std::os::fd::OwnedFd;
use std::time::{SystemTime, UNIX_EPOCH};

use flatrack_sys as sys;
use oci_spec::runtime::Spec;
use rustix::process::Pid;
use sys::clone::Child;

use crate::bundle::Bundle;
use crate::cgroup::{self, Cgroup, CgroupPath, Hierarchies, Reach};
use crate::channel::{self, End, Order, Report};
use crate::check;
use crate::child::{Become, BeforeExec, Gate, HostProc, Init, confirm_profile, profile_of};
use crate::descriptors::Descriptors;
use crate::error::{Doing, Error, Result};
use crate::failure::{SetupFailure, Step};
use crate::hooks::{self, About, BEFORE_ROOT, Moment};
use crate::id::ContainerId;
use crate::lifecycle::Status;
use crate::mounts::Prepared;
use crate::namespaces::Namespaces;
use crate::seccomp::{Listener, SeccompProgram};
use crate::spawn::{self, Joins};
use crate::state::{Phase, Record, StateDir};

/// The caller's own step in the middle of a start; see [`Options::when_made`].
pub type WhenMade = Box<dyn FnOnce(Pid) -> std::io::Result<()>>;

/// How a container is made, apart from its spec.
pub struct Options {
    /// Its name.
    pub id: ContainerId,
    /// Where its state is kept.
    pub state: StateDir,
    /// The compiled filter of the spec's profile. If the spec has a profile and this is `None`, the profile is compiled now.
    pub seccomp: Option<SeccompProgram>,
    /// A further filter beside the spec's own, in the container's first program and in every one that joins it: what either of them
    /// denies is denied. The spec must have a profile and `no_new_privs`.
    pub further_seccomp: Option<SeccompProgram>,
    /// In a new user namespace, allow none below it.
    pub limit_user_namespaces: bool,
    /// Run last before the program, in the container, without privileges, with no_new_privs as the spec says, and under the
    /// document's Landlock rules. It must not make threads.
    pub before_exec: Option<BeforeExec>,
    /// Run in the calling process once the container's first process exists, before it may run its program: for what others must be
    /// able to read about it from its first moment on.
    pub when_made: Option<WhenMade>,
    /// What the program inherits of open files.
    pub descriptors: Descriptors,
    /// Give a container without a terminal a session of its own, out of reach of the caller's terminal.
    pub new_session: bool,
    /// If the spec has no HOME, set the one that the container's own list of users has for its user.
    pub find_home: bool,
    /// Every profile of the spec's AppArmor label must deny what it does not allow; one in complain mode is refused.
    pub enforce_profile: bool,
    /// Have the kernel kill the container's first process when the process that made it ends.
    pub die_with_parent: bool,
    /// Give the container a session keyring of its own, so that the caller's keys are out of its reach.
    pub new_keyring: bool,
    /// In which hierarchies of cgroup v1 it is.
    pub reach: Reach,
    /// Go on where device rules cannot be enforced because the user may not make cgroups, and say so in [`Cgroup::not_enforced`].
    pub allow_not_enforced: bool,
}

impl Options {
    /// The usual ones.
    pub fn new(id: ContainerId, state: StateDir) -> Self {
        Self {
            id,
            state,
            seccomp: None,
            further_seccomp: None,
            limit_user_namespaces: false,
            before_exec: None,
            when_made: None,
            descriptors: Descriptors::default(),
            new_session: false,
            find_home: false,
            enforce_profile: false,
            die_with_parent: false,
            new_keyring: true,
            reach: Reach::Needed,
            allow_not_enforced: false,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// A container that was made, and is a child of this process.
#[derive(Debug)]
#[must_use]
pub struct Running {
    /// The first process, in the caller's pid namespace.
    pub pid: Pid,
    /// The same as a descriptor: wait with [`flatrack_sys::process::wait`].
    pub pidfd: OwnedFd,
    /// Its cgroup; `not_enforced` in it is for the caller to judge.
    pub cgroup: Cgroup,
    /// The master side of its terminal, if the spec asks for one.
    pub terminal: Option<OwnedFd>,
}

/// Makes a container and lets it run its program.
///
/// When this returns, the program has been executed. The calling process must have one thread.
///
/// # Errors
/// On every error all that was made is gone again: processes, cgroup, state.
pub fn run(bundle: &Bundle, options: Options) -> Result<Running> {
    make(bundle, options, Phase::Running)
}

/// Makes a container that is complete but for executing its program; [`crate::start`] does that.
///
/// # Errors
/// As [`run`].
pub fn create(bundle: &Bundle, options: Options) -> Result<Running> {
    make(bundle, options, Phase::Created)
}

/// Removes what was made so far, unless it is told that all went well.
struct Unfinished<'a> {
    state: &'a StateDir,
    id: &'a ContainerId,
    cgroup: Cgroup,
    child: Option<Child>,
    armed: bool,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        if let Some(child) = self.child.take() {
            const SIGKILL: i32 = 9;
            drop(sys::process::pidfd_send_signal(&child.pidfd, SIGKILL));
            drop(sys::process::wait(&child.pidfd));
        }
        drop(self.cgroup.remove());
        drop(self.state.remove(self.id));
    }
}

fn make(bundle: &Bundle, mut options: Options, phase: Phase) -> Result<Running> {
    let spec = &bundle.spec;
    check::spec(spec)?;
    let (Some(linux), Some(process)) = (spec.linux(), spec.process()) else {
        return Err(Error::InvalidSpec {
            field: "linux".into(),
            why: "it is missing".into(),
        });
    };
    let seccomp = match (options.seccomp.take(), linux.seccomp()) {
        (None, Some(profile)) => Some(crate::seccomp::compile(profile)?),
        (given, _) => given,
    };
    let landlock = crate::landlock::of(spec)?;
    let ports = crate::ports::of(spec)?;
    let namespaces = Namespaces::from_spec(linux)?;
    let may_set_groups = namespaces
        .maps
        .as_ref()
        .is_none_or(|maps| maps.may_set_groups())
        && may_set_groups_here();
    let prepared = Prepared::new(bundle)?;
    let host_proc = HostProc::open().doing(|| "open /proc".into())?;

    options.state.add(&options.id)?;
    let mut made = Unfinished {
        state: &options.state,
        id: &options.id,
        cgroup: Cgroup::none(),
        child: None,
        armed: true,
    };
    let hierarchies = Hierarchies::detect()?;
    let path = cgroup_path(spec, &options.id)?;
    let mut record = Record {
        id: options.id.clone(),
        bundle: bundle.dir.clone(),
        phase: Phase::Creating,
        process: None,
        maker: of_process(rustix::process::getpid()),
        cgroup: Cgroup::none(),
        attempt: cgroup::attempt::missing(&hierarchies, &path),
        may_set_groups,
        two_filters: options.further_seccomp.is_some(),
        created: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs()),
    };
    // Whoever cleans up after a crash finds the cgroup by this, also one that is half made.
    options.state.save(&record)?;
    made.cgroup = Cgroup::create(
        &hierarchies,
        &path,
        linux.resources().as_ref(),
        options.reach,
    )?;
    record.attempt.clear();
    record.cgroup = made.cgroup.clone();
    options.state.save(&record)?;
    if let (Some(what), false) = (made.cgroup.not_enforced.first(), options.allow_not_enforced) {
        return Err(cgroup::Error::LimitNotEnforceable {
            limit: "devices".into(),
            why: what.clone(),
            source: None,
        }
        .into());
    }
    if let Some(ports) = &ports {
        ports.attach(&made.cgroup)?;
    }
    let gate = match phase {
        Phase::Created => Some(Gate::new(&options.state.of(&options.id))?),
        Phase::Creating | Phase::Running => None,
    };

    let (ours, theirs) = channel::pair().doing(|| "make a socket pair".into())?;
    let entry = made.cgroup.entry()?;
    let joined = namespaces.needs_intermediate();
    let about = About {
        id: &options.id,
        spec,
        bundle: &bundle.dir,
        pid: 0,
    };
    let listener = Listener::connect(
        linux.seccomp().as_ref(),
        seccomp.as_ref(),
        about,
        Status::Creating,
    )?;
    let init = Init {
        spec,
        namespaces: &namespaces,
        prepared: Some(prepared),
        hierarchies: &hierarchies,
        cgroup: &record.cgroup,
        entry: &entry,
        joined,
        limit_user_namespaces: options.limit_user_namespaces && namespaces.maps.is_some(),
        channel: &theirs,
        gate,
        new_keyring: options.new_keyring,
        about,
        program: Become {
            process,
            seccomp: seccomp.as_ref(),
            further_seccomp: options.further_seccomp.as_ref(),
            listener: listener.as_ref(),
            landlock: landlock.as_ref(),
            host_proc: &host_proc,
            may_set_groups,
            before_exec: options.before_exec.take(),
            descriptors: &options.descriptors,
            new_session: options.new_session,
            find_home: options.find_home,
            enforce_profile: options.enforce_profile,
            die_with_parent: options.die_with_parent,
        },
    };
    let child = || {
        let init = init;
        init.run()
    };
    let child = if joined {
        let namespaces_of = namespaces
            .joined
            .iter()
            .map(|(fd, kind)| (fd, *kind))
            .collect();
        spawn::joined(
            &Joins {
                namespaces: namespaces_of,
                entry: &entry,
            },
            namespaces.flags,
            child,
        )?
    } else {
        spawn::direct(namespaces.flags, &entry, child)?
    };
    drop(theirs);
    let child = made.child.insert(child);
    if let Some(maps) = &namespaces.maps {
        // A child that ended has said why, which tells more than that it can be given no ids.
        maps.write(child.pid)
            .map_err(|error| ours.failure_so_far().map_or(error, Error::from))?;
        // An error means that the child has failed already, which its report tells better.
        drop(ours.order(Order::Mapped));
    }
    // While the child sets itself up.
    record.process = of_process(child.pid);
    options
        .state
        .save_spec(&options.id, spec, seccomp.as_ref())?;
    if let Some(further) = &options.further_seccomp {
        options.state.save_further_seccomp(&options.id, further)?;
    }
    if hooks::any(spec, &BEFORE_ROOT) {
        options.state.save(&record)?;
        let pid = child.pid.as_raw_nonzero().get();
        await_built(&ours)?;
        let about = About { pid, ..about };
        BEFORE_ROOT
            .into_iter()
            .try_for_each(|moment| about.run(moment))?;
        drop(ours.order(Order::Hooked));
    }
    record.phase = phase;
    options.state.save(&record)?;
    if let Some(step) = options.when_made.take() {
        step(child.pid).doing(|| "tell others of the container".into())?;
    }
    drop(ours.order(Order::Go));
    let terminal = follow(&ours, phase, child)?;
    if let (Phase::Running, Some(profile)) = (phase, profile_of(process)) {
        let pid = child.pid.as_raw_nonzero().get();
        confirm_profile(&host_proc, pid, profile, options.enforce_profile)?;
    }
    if phase == Phase::Running {
        let pid = child.pid.as_raw_nonzero().get();
        About { pid, ..about }.run(Moment::Poststart)?;
    }
    made.armed = false;
    let Some(Child { pid, pidfd }) = made.child.take() else {
        return Err(SetupFailure::new(Step::Start, "", "the container's process is gone").into());
    };
    Ok(Running {
        pid,
        pidfd,
        cgroup: std::mem::take(&mut made.cgroup),
        terminal,
    })
}

/// Reads the child's reports until it runs its program, or waits for its start.
fn follow(channel: &End, phase: Phase, child: &Child) -> Result<Option<OwnedFd>> {
    let mut terminal = None;
    loop {
        match channel
            .next_report()
            .doing(|| "hear from the container".into())?
        {
            Some(Report::Terminal(master)) => terminal = Some(master),
            Some(Report::Ready) => return Ok(terminal),
            Some(Report::Failed(failure)) => return Err(failure.into()),
            Some(Report::Built | Report::Made(_)) => {}
            // Closed without a word: the program was executed, or the child was killed before it could be.
            None if phase == Phase::Running && executed(child) => return Ok(terminal),
            None => return Err(killed().into()),
        }
    }
}

fn killed() -> SetupFailure {
    SetupFailure::new(
        Step::Start,
        "",
        "its process was killed while it was set up",
    )
}

/// Waits until the child has its file systems.
fn await_built(channel: &End) -> Result<()> {
    loop {
        match channel
            .next_report()
            .doing(|| "hear from the container".into())?
        {
            Some(Report::Built) => return Ok(()),
            Some(Report::Failed(failure)) => return Err(failure.into()),
            Some(Report::Ready | Report::Terminal(_) | Report::Made(_)) => {}
            None => return Err(killed().into()),
        }
    }
}

/// Tells a process that has executed its program, and may have ended since, from one that was killed before.
fn executed(child: &Child) -> bool {
    // `die_with_parent` killed nobody, since this process lives; a seccomp filter that kills at the execve shows as a signal.
    const PF_FORKNOEXEC: u64 = 0x40;
    sys::process::flags(child.pid).is_ok_and(|flags| flags & PF_FORKNOEXEC == 0)
}

/// What names a process for ever.
fn of_process(pid: Pid) -> Option<(i32, u64)> {
    let start = sys::process::start_time(pid).ok()?;
    Some((pid.as_raw_nonzero().get(), start))
}

/// Whether this process may change supplementary groups where it is: not in a user namespace of an ordinary user.
fn may_set_groups_here() -> bool {
    rustix::process::geteuid().is_root()
        && std::fs::read_to_string("/proc/self/setgroups").is_ok_and(|text| text.trim() == "allow")
}

fn cgroup_path(spec: &Spec, id: &ContainerId) -> Result<CgroupPath> {
    Ok(
        match spec
            .linux()
            .as_ref()
            .and_then(|linux| linux.cgroups_path().as_ref())
            .filter(|path| !path.as_os_str().is_empty())
        {
            Some(path) => CgroupPath::parse(path)?,
            None => CgroupPath::Absolute(std::path::Path::new("flatrack").join(id)),
        },
    )
}
