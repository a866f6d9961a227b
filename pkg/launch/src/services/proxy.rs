//! The bus proxy of one instance: a container of its own beside the app's.

use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flatrack_bus::{Address, Backend, Descriptors, Endpoint, NotReady, wait_until_ready};
use flatrack_engine::{ContainerId, Options, Running};
use flatrack_perms::Bus;
use flatrack_spec::{PROXY_DIRECTORY, Plan, ProxyInput};
use flatrack_sys::process;
use flatrack_sys::tiny::Removal;
use rustix::pipe::PipeFlags;

use super::found::{Proxied, ProxiedBus, sockets};
use crate::bundle::Prepared;
use crate::host::RealHost;
use crate::instance::Claim;
use crate::load::App;
use crate::pin::Pins;
use crate::{Error, Machine, State};

/// How long a proxy may take until it listens.
const PATIENCE: Duration = Duration::from_secs(5);

/// A proxy that listens.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) running: Running,
    /// the proxy ends when this is closed
    pub(super) sync: OwnedFd,
    state: State,
    number: u32,
    directory: PathBuf,
    buses: Vec<Bus>,
    made: Vec<Removal>,
    armed: bool,
}

/// The engine's name for the proxy of an instance.
pub(crate) fn container(number: u32) -> Result<ContainerId, Error> {
    format!("{number}-bus")
        .parse()
        .map_err(|error: flatrack_engine::InvalidId| Error::request(error.to_string(), None))
}

impl Proxy {
    /// Starts a proxy and waits until it listens.
    pub(super) fn start(
        proxied: &Proxied,
        app: &App,
        plan: &Plan,
        machine: &Machine,
        claim: &Claim,
    ) -> Result<Self, Error> {
        let directory = sockets(claim);
        let io_at = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { path, source }
        };
        let made = fs::DirBuilder::new().mode(0o700).create(&directory);
        made.map_err(io_at(&directory))?;
        let failed = io_at(proxied.backend.program());
        let (sync, theirs) =
            rustix::pipe::pipe_with(PipeFlags::CLOEXEC).map_err(|e| failed(e.into()))?;
        let (bus_sockets, endpoints) = inside(&proxied.buses);
        // the numbers are known before the content is, so the content comes second
        let mut descriptors = Descriptors {
            sync: theirs.as_raw_fd(),
            arguments: -1,
        };
        let arguments = proxied
            .backend
            .invocation(&endpoints, descriptors)
            .arguments;
        let failed = io_at(proxied.backend.program());
        let arguments =
            flatrack_sys::fd::sealed_memory(c"flatrack-bus", &arguments).map_err(failed)?;
        descriptors.arguments = arguments.as_raw_fd();
        let command = proxied.backend.invocation(&endpoints, descriptors).command;

        let proxy_plan = flatrack_spec::proxy(&ProxyInput {
            command: &command,
            buses: &bus_sockets,
            directory: &directory,
            host_network: endpoints.iter().any(|one| one.address.path().is_none()),
            app_info: plan.app_info(),
            cgroup: plan.resources.cgroup.as_deref().map(beside),
            memory_max: plan.resources.limits.memory_max.clone(),
            facts: &machine.facts,
            host: &RealHost,
        });
        let written = Prepared::new(&proxy_plan, machine, Pins::new())?
            .write(&claim.dir().join("proxy"), app.arch())?;
        let mut options = Options::new(container(claim.number)?, machine.state.engine()?);
        options.seccomp = crate::supervise::filter(&written.bundle, machine)?;
        options.limit_user_namespaces = !machine.facts.privileged;
        options.die_with_parent = true;
        // as for the app itself
        options.allow_not_enforced = !machine.facts.privileged;
        options.new_session = true;
        let log = proxied.buses.iter().any(|bus| bus.log);
        let failed = io_at(Path::new("/dev/null"));
        options.descriptors = flatrack_engine::Descriptors {
            inherited: Vec::new(),
            streams: Some(streams(log).map_err(failed)?),
            keep: vec![theirs, arguments],
        };
        let running = flatrack_engine::run(&written.bundle, options)?;
        let proxy = Self {
            running,
            sync,
            state: machine.state.clone(),
            number: claim.number,
            directory,
            buses: proxied.buses.iter().map(|bus| bus.bus).collect(),
            made: written.made,
            armed: true,
        };
        wait_until_ready(&proxy.sync, Instant::now() + PATIENCE)?;
        match proxy.missing_socket() {
            Some(_) => Err(NotReady::Ended.into()),
            None => Ok(proxy),
        }
    }

    fn missing_socket(&self) -> Option<PathBuf> {
        let mut sockets = self.buses.iter().map(|bus| self.directory.join(bus.word()));
        sockets.find(|socket| !socket.exists())
    }

    pub(super) fn removals(&self, state: &State) -> Result<Vec<Removal>, Error> {
        let cgroups = self.running.cgroup.removals();
        let mut removals: Vec<Removal> = cgroups
            .map(|path| Removal::Directory(path.to_owned()))
            .collect();
        removals.extend(state.engine_files(&container(self.number)?)?);
        removals.extend(self.made.iter().cloned());
        let sockets = self.buses.iter().map(|bus| self.directory.join(bus.word()));
        removals.extend(sockets.map(Removal::File));
        removals.push(Removal::Directory(self.directory.clone()));
        Ok(removals)
    }

    pub(super) fn leave(mut self) {
        self.armed = false;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        // the start has failed already; what is left over is collected with the instance
        if let (Ok(engine), Ok(id)) = (self.state.engine(), container(self.number)) {
            drop(flatrack_engine::delete(&engine, &id, true));
        }
        drop(process::try_wait(&self.running.pidfd));
    }
}

/// Where buses and sockets are as the proxy sees them; and the sockets of buses, on the host and inside.
fn inside(buses: &[ProxiedBus]) -> (Vec<(PathBuf, PathBuf)>, Vec<Endpoint>) {
    let mut shown = Vec::new();
    let mut endpoints = Vec::new();
    for one in buses {
        let real = one
            .address
            .path()
            .and_then(|path| fs::canonicalize(path).ok());
        let address = match real {
            Some(real) => {
                let inside = Path::new("/run/bus").join(one.bus.word());
                shown.push((real, inside.clone()));
                Address::Path(inside)
            }
            None => one.address.clone(),
        };
        endpoints.push(Endpoint {
            address,
            socket: Path::new(PROXY_DIRECTORY).join(one.bus.word()),
            filter: one.filter.clone(),
            log: one.log,
        });
    }
    (shown, endpoints)
}

/// The cgroup next to the app's: a limit on the app's processes must not count the proxy's.
fn beside(cgroup: &Path) -> PathBuf {
    let mut name = cgroup.as_os_str().to_owned();
    name.push("-bus");
    name.into()
}

/// Nothing of the caller's, bar its standard error where messages are to be written.
fn streams(log: bool) -> io::Result<[OwnedFd; 3]> {
    let null = || {
        let file = fs::File::options().read(true).write(true).open("/dev/null");
        file.map(OwnedFd::from)
    };
    let said = || match log {
        true => {
            rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stderr(), 3).map_err(io::Error::from)
        }
        false => null(),
    };
    Ok([null()?, said()?, said()?])
}
