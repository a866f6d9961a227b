//! Making a container: everything outside of it, then one clone, then the wait until it runs its program.

mod options;
mod reports;
mod unfinished;

use std::os::fd::OwnedFd;
use std::time::{SystemTime, UNIX_EPOCH};

use flatrack_sys::clone::Child;
use oci_spec::runtime::Spec;
use rustix::process::Pid;

use crate::bundle::Bundle;
use crate::cgroup::{Cgroup, CgroupPath, Entry, Hierarchies};
use crate::channel::{self, Order};
use crate::check;
use crate::child::{Become, Gate, HostProc, Init, confirm_profile, profile_of};
use crate::error::{Doing, Error, Result};
use crate::hooks::{self, About, BEFORE_ROOT, Moment};
use crate::id::ContainerId;
use crate::lifecycle::Status;
use crate::mounts::Prepared;
use crate::namespaces::Namespaces;
use crate::seccomp::Listener;
use crate::spawn::{self, Joins};
use crate::state::{Phase, Record};
use reports::{await_built, follow};
use unfinished::Unfinished;

pub use options::{Options, WhenMade};

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

    let hierarchies = Hierarchies::detect()?;
    let record = Record {
        id: options.id.clone(),
        bundle: bundle.dir.clone(),
        phase: Phase::Creating,
        process: None,
        maker: of_process(rustix::process::getpid()),
        cgroup: Cgroup::none(),
        attempt: Vec::new(),
        may_set_groups,
        two_filters: options.further_seccomp.is_some(),
        created: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs()),
    };
    let mut made = Unfinished::begin(&options.state, record)?;
    let path = cgroup_path(spec, &options.id)?;
    let resources = linux.resources().as_ref();
    made.limit(&hierarchies, &path, resources, options.reach)?;
    made.judge(options.allow_not_enforced)?;
    if let Some(ports) = &ports {
        ports.attach(made.cgroup())?;
    }
    let gate = match phase {
        Phase::Created => Some(Gate::new(&options.state.of(&options.id))?),
        Phase::Creating | Phase::Running => None,
    };

    let (ours, theirs) = channel::pair().doing(|| "make a socket pair".into())?;
    let entry = made.cgroup().entry()?;
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
        cgroup: made.cgroup(),
        entry: &entry,
        joined: namespaces.needs_intermediate(),
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
    let child = spawn(&namespaces, &entry, init)?;
    drop(theirs);
    let pid = made.has(child);
    if let Some(maps) = &namespaces.maps {
        // A child that ended has said why, which tells more than that it can be given no ids.
        maps.write(pid)
            .map_err(|error| ours.failure_so_far().map_or(error, Error::from))?;
        // An error means that the child has failed already, which its report tells better.
        drop(ours.order(Order::Mapped));
    }
    // While the child sets itself up.
    options
        .state
        .save_spec(&options.id, spec, seccomp.as_ref())?;
    if let Some(further) = &options.further_seccomp {
        options.state.save_further_seccomp(&options.id, further)?;
    }
    let about = About {
        pid: pid.as_raw_nonzero().get(),
        ..about
    };
    if hooks::any(spec, &BEFORE_ROOT) {
        made.save()?;
        await_built(&ours)?;
        BEFORE_ROOT
            .into_iter()
            .try_for_each(|moment| about.run(moment))?;
        drop(ours.order(Order::Hooked));
    }
    made.reached(phase)?;
    if let Some(step) = options.when_made.take() {
        step(pid).doing(|| "tell others of the container".into())?;
    }
    drop(ours.order(Order::Go));
    let terminal = follow(&ours, phase, pid)?;
    if phase == Phase::Running {
        if let Some(profile) = profile_of(process) {
            confirm_profile(&host_proc, about.pid, profile, options.enforce_profile)?;
        }
        about.run(Moment::Poststart)?;
    }
    let (child, cgroup) = made.whole()?;
    Ok(Running {
        pid: child.pid,
        pidfd: child.pidfd,
        cgroup,
        terminal,
    })
}

/// Makes the first process, which sets itself up.
fn spawn(namespaces: &Namespaces, entry: &Entry, init: Init<'_>) -> Result<Child> {
    let flags = namespaces.flags;
    if !init.joined {
        return spawn::direct(flags, entry, || init.run());
    }
    let joined = namespaces.joined.iter().map(|(fd, kind)| (fd, *kind));
    let joins = Joins {
        namespaces: joined.collect(),
        entry,
    };
    spawn::joined(&joins, flags, || init.run())
}

/// What names a process for ever.
fn of_process(pid: Pid) -> Option<(i32, u64)> {
    let start = flatrack_sys::process::start_time(pid).ok()?;
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
