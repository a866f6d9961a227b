//! What happens inside the new container, from its first instruction to the program's: the whole order of steps is in [`Init::run`].

mod apparmor;
mod identity;
mod kernel;
mod program;
mod start_gate;
mod tty;

use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys as sys;
use oci_spec::runtime::{Process, Spec};

use crate::cgroup::{Cgroup, Entry, Hierarchies};
use crate::channel::{End, Order, Report};
use crate::descriptors::Descriptors;
use crate::failure::{At, SetupFailure, Step, nothing};
use crate::hooks::{self, About, Moment};
use crate::mounts::{self, Prepared, Surroundings};
use crate::namespaces::{NEW_CGROUP, NEW_USER, Namespaces};
use crate::seccomp::{Listener, SeccompProgram};

pub(crate) use apparmor::confirm as confirm_profile;
pub(crate) use kernel::HostProc;
use start_gate::Starter;
pub(crate) use start_gate::{Gate, NAME as GATE_NAME, is_waiting, open as open_gate};

/// The caller's own last step before the program; see [`crate::Options::before_exec`].
pub type BeforeExec = Box<dyn FnOnce() -> std::io::Result<()>>;

/// What a process needs to become the program, in a new container or in a running one.
pub(crate) struct Become<'a> {
    pub(crate) process: &'a Process,
    pub(crate) seccomp: Option<&'a SeccompProgram>,
    /// Another one, which is loaded first.
    pub(crate) further_seccomp: Option<&'a SeccompProgram>,
    /// Who decides what the filter leaves open.
    pub(crate) listener: Option<&'a Listener<'a>>,
    pub(crate) landlock: Option<&'a crate::landlock::Rules>,
    pub(crate) host_proc: &'a HostProc,
    /// Whether supplementary groups can be changed: not in a user namespace that an ordinary user made.
    pub(crate) may_set_groups: bool,
    pub(crate) before_exec: Option<BeforeExec>,
    pub(crate) descriptors: &'a Descriptors,
    /// The profile must deny what it does not allow.
    pub(crate) enforce_profile: bool,
    pub(crate) new_session: bool,
    /// A program without HOME gets that of its user.
    pub(crate) find_home: bool,
    pub(crate) die_with_parent: bool,
}

/// The first process of a new container.
pub(crate) struct Init<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) namespaces: &'a Namespaces,
    pub(crate) prepared: Option<Prepared<'a>>,
    pub(crate) hierarchies: &'a Hierarchies,
    pub(crate) cgroup: &'a Cgroup,
    pub(crate) entry: &'a Entry,
    /// It entered the v1 cgroups and joined namespaces already, in the process that stands between.
    pub(crate) joined: bool,
    pub(crate) limit_user_namespaces: bool,
    pub(crate) channel: &'a End,
    pub(crate) gate: Option<Gate>,
    /// A session keyring of its own.
    pub(crate) new_keyring: bool,
    pub(crate) about: About<'a>,
    pub(crate) program: Become<'a>,
}

impl<'a> Init<'a> {
    /// Does not return; the result is the exit code of a failure that was reported.
    pub(crate) fn run(mut self) -> i32 {
        let channel = self.channel;
        let mut starter = None;
        match self.set_up(&mut starter) {
            Ok(never) => match never {},
            Err(failure) => {
                match starter {
                    Some(starter) => Starter::report(starter, &failure),
                    // A parent that is gone cannot be told.
                    None => drop(channel.report(&Report::Failed(failure.clone()))),
                }
                i32::from(failure.exit_code())
            }
        }
    }

    fn set_up(
        &mut self,
        starter: &mut Option<Starter>,
    ) -> Result<std::convert::Infallible, SetupFailure> {
        sys::process::die_with_parent(true).at(Step::Attribute, nothing)?;
        if !self.joined {
            self.entry.enter().at(Step::Cgroup, nothing)?;
        }
        self.program.host_proc.set_standing(self.program.process)?;
        self.take_on_ids()?;
        // From here on nobody with the same ids may look into this process, which still has the host's files open.
        sys::process::set_dumpable(false).at(Step::Attribute, nothing)?;
        self.enter_namespaces()?;
        if self.limit_user_namespaces {
            self.program.host_proc.forbid_user_namespaces()?;
        }
        if self.new_keyring {
            sys::process::private_keyring().at(Step::Attribute, || "keyring".into())?;
        }
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
        let (root, prepared) = self.file_systems()?;
        self.program
            .host_proc
            .set_parameters(self.spec, self.namespaces)?;
        self.names()?;
        if self.has_new(sys::clone::Flags::NETWORK) {
            sys::net::loopback_up().at(Step::Network, nothing)?;
        }
        let console = tty::wanted(self.program.process)
            .then(|| tty::open(&root, self.program.process))
            .transpose()?;
        // while a read-only root can be written to
        program::make_working_directory(&root, self.program.process)?;
        prepared.close(&root)?;
        mounts::pivot(&root).at(Step::Pivot, nothing)?;
        self.share_root()?;
        drop(root);
        if let Some(console) = console {
            let master = console.install(self.program.process)?;
            self.channel
                .report(&Report::Terminal(master))
                .at(Step::Terminal, nothing)?;
        }
        if let Some(personality) = self
            .spec
            .linux()
            .as_ref()
            .and_then(|linux| linux.personality().as_ref())
        {
            kernel::set_personality(personality.domain())?;
        }
        let (channel, gate, about) = (self.channel, self.gate.take(), self.about.seen_here());
        let hooks = || about.run(Moment::StartContainer);
        self.program.run_with(hooks, || match gate {
            None => channel.await_order(Order::Go).at(Step::Start, nothing),
            Some(gate) => {
                channel.await_order(Order::Go).at(Step::Start, nothing)?;
                // The process that made this container may end now; whoever starts it takes over.
                sys::process::die_with_parent(false).at(Step::Start, nothing)?;
                channel.report(&Report::Ready).at(Step::Start, nothing)?;
                *starter = Some(gate.wait()?);
                Ok(())
            }
        })
    }

    fn has_new(&self, flag: sys::clone::Flags) -> bool {
        self.namespaces.flags.contains(flag)
    }

    /// In a new user namespace: wait for the maps, and be its root if it has one, so that what is made belongs to somebody.
    fn take_on_ids(&self) -> Result<(), SetupFailure> {
        let Some(maps) = &self.namespaces.maps else {
            return Ok(());
        };
        self.channel
            .await_order(Order::Mapped)
            .at(Step::Ids, nothing)?;
        if maps.has_root {
            identity::become_root(maps.may_set_groups())
        } else {
            Ok(())
        }
    }

    fn enter_namespaces(&self) -> Result<(), SetupFailure> {
        if !self.joined {
            for (namespace, kind) in &self.namespaces.joined {
                sys::process::set_namespace(namespace, *kind).at(Step::Namespaces, nothing)?;
            }
        } else if self
            .namespaces
            .joined
            .iter()
            .any(|(_, kind)| *kind == NEW_USER)
        {
            identity::become_root(true)?;
        }
        if self.namespaces.cgroup {
            // Only now, in its cgroup, which thereby becomes the root of what the container sees.
            sys::process::unshare(NEW_CGROUP).at(Step::Namespaces, || "cgroup".into())?;
        }
        Ok(())
    }

    /// The tree, and what is left to do to it: it is closed when everything is in it.
    fn file_systems(&mut self) -> Result<(OwnedFd, Prepared<'a>), SetupFailure> {
        let Some(mut prepared) = self.prepared.take() else {
            return Err(SetupFailure::new(Step::Root, "", "it was made already"));
        };
        let joined_user = self
            .namespaces
            .joined
            .iter()
            .any(|(_, kind)| *kind == NEW_USER);
        let root = prepared.build(Surroundings {
            hierarchies: self.hierarchies,
            cgroup: self.cgroup,
            cgroup_namespace: self.namespaces.cgroup,
            user_namespace: self.has_new(sys::clone::Flags::USER) || joined_user,
        })?;
        self.hooks_before_root()?;
        Ok((root, prepared))
    }

    /// The hooks outside, which the parent runs, and those in here.
    fn hooks_before_root(&self) -> Result<(), SetupFailure> {
        if hooks::any(self.spec, &hooks::BEFORE_ROOT) {
            self.channel
                .report(&Report::Built)
                .at(Step::Start, nothing)?;
            self.channel
                .await_order(Order::Hooked)
                .at(Step::Start, nothing)?;
        }
        self.about.seen_here().run(Moment::CreateContainer)
    }

    fn names(&self) -> Result<(), SetupFailure> {
        if let Some(name) = self
            .spec
            .hostname()
            .as_ref()
            .filter(|name| !name.is_empty())
        {
            rustix::system::sethostname(name.as_bytes()).at(Step::Hostname, || name.clone())?;
        }
        if let Some(name) = self
            .spec
            .domainname()
            .as_ref()
            .filter(|name| !name.is_empty())
        {
            rustix::system::setdomainname(name.as_bytes()).at(Step::Hostname, || name.clone())?;
        }
        Ok(())
    }

    /// A root that others are to see mounts of, or that nobody may bind, gets that propagation once it is `/`.
    fn share_root(&self) -> Result<(), SetupFailure> {
        let linux = self.spec.linux().as_ref();
        let (flag, recursive) = match linux.and_then(|linux| linux.rootfs_propagation().as_deref())
        {
            Some("shared") => (sys::mount::SHARED, false),
            Some("rshared") => (sys::mount::SHARED, true),
            Some("unbindable") => (sys::mount::UNBINDABLE, false),
            Some("runbindable") => (sys::mount::UNBINDABLE, true),
            _ => return Ok(()),
        };
        let root = sys::path::open_following(Path::new("/")).at(Step::Root, nothing)?;
        sys::mount::set_attributes(root, &sys::mount::Attributes::propagating(flag), recursive)
            .at(Step::Root, nothing)
    }
}

/// The AppArmor label that a process is to have.
pub(crate) fn profile_of(process: &Process) -> Option<&str> {
    process
        .apparmor_profile()
        .as_deref()
        .filter(|profile| !profile.is_empty())
}

impl Become<'_> {
    /// Takes on everything that the program is to have, waits as `wait` says, and executes it.
    ///
    /// The order matters: what needs privileges comes before they are dropped, the filter comes last.
    pub(crate) fn run(
        &mut self,
        wait: impl FnOnce() -> Result<(), SetupFailure>,
    ) -> Result<std::convert::Infallible, SetupFailure> {
        self.run_with(|| Ok(()), wait)
    }

    /// The same with a step right before the program: under everything that the program is under.
    pub(crate) fn run_with(
        &mut self,
        last: impl FnOnce() -> Result<(), SetupFailure>,
        wait: impl FnOnce() -> Result<(), SetupFailure>,
    ) -> Result<std::convert::Infallible, SetupFailure> {
        let process = self.process;
        identity::set_rlimits(process)?;
        let program = program::Program::new(process, self.find_home)?;
        program::enter_working_directory(process)?;
        if let Some(profile) = profile_of(process) {
            apparmor::on_exec(self.host_proc, profile, self.enforce_profile)?;
        }
        if self.new_session && !tty::wanted(process) {
            rustix::process::setsid().at(Step::Terminal, nothing)?;
        }
        let no_new_privs = process.no_new_privileges() == Some(true);
        if !no_new_privs {
            // Without it the kernel takes a filter from a privileged process only, so it cannot come last.
            self.load_filter()?;
        }
        identity::become_user(process, self.may_set_groups)?;
        identity::set_capabilities(process)?;
        if no_new_privs {
            sys::process::set_no_new_privs().at(Step::Attribute, || "no_new_privs".into())?;
        }
        // Changing ids took it back; the kernel wants it said again.
        sys::process::die_with_parent(true).at(Step::Attribute, nothing)?;
        if let Some(rules) = self.landlock {
            rules.apply()?;
        }
        if let Some(hook) = self.before_exec.take() {
            hook().at(Step::LastStep, nothing)?;
        }
        self.descriptors
            .install()
            .at(Step::Execute, || "descriptors".into())?;
        // An engine is to hear of a program that is not there when it makes the container, not when it starts it.
        program.look()?;
        wait()?;
        sys::process::die_with_parent(self.die_with_parent).at(Step::Attribute, nothing)?;
        sys::signal::reset_for_exec().at(Step::Execute, nothing)?;
        if no_new_privs {
            self.load_filter()?;
        }
        last()?;
        Err(program.execute())
    }

    fn load_filter(&self) -> Result<(), SetupFailure> {
        if let Some(filter) = self.further_seccomp {
            sys::seccomp::install(&filter.instructions, filter.flags).at(Step::Seccomp, nothing)?;
        }
        let Some(filter) = self.seccomp else {
            return Ok(());
        };
        let message = match self.listener {
            Some(listener) => self
                .host_proc
                .own_number()
                .and_then(|pid| listener.message(pid))
                .at(Step::Seccomp, nothing)?,
            None => Vec::new(),
        };
        let descriptor =
            sys::seccomp::install(&filter.instructions, filter.flags).at(Step::Seccomp, nothing)?;
        match (descriptor, self.listener) {
            (Some(descriptor), Some(listener)) => listener
                .send(&descriptor, &message)
                .at(Step::Seccomp, || "the listener".into()),
            (None, None) => Ok(()),
            _ => Err(SetupFailure::new(Step::Seccomp, "", "there is no listener")),
        }
    }
}

/// A terminal for a further process in a container, if it is to have one.
pub(crate) fn open_terminal(process: &Process) -> Result<Option<tty::Console>, SetupFailure> {
    tty::wanted(process)
        .then(|| tty::open_further(process))
        .transpose()
}
