//! What there is, and what of it the app gets. Nothing is started or made here.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use flatrack_bus::client::{CallError, Connection};
use flatrack_bus::{Address, Filter, MissingProxy, Session, XdgDbusProxy};
use flatrack_perms::{Bus, BusPolicy, Permission, Resolved};
use flatrack_spec::{Facts, Services};

use super::{PATIENCE, address, identity};
use crate::instance::Claim;
use crate::load::App;
use crate::{Error, Machine, Request};

/// Where the system's bus listens unless `DBUS_SYSTEM_BUS_ADDRESS` says otherwise.
const SYSTEM_BUS: &str = "/run/dbus/system_bus_socket";

/// Services for the app, some of which are still to be started.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) services: Services,
    pub(crate) proxied: Option<Proxied>,
}

/// Buses that a proxy is to serve.
#[derive(Debug)]
pub(crate) struct Proxied {
    pub(super) backend: XdgDbusProxy,
    pub(super) buses: Vec<ProxiedBus>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct ProxiedBus {
    pub(super) bus: Bus,
    pub(super) address: Address,
    pub(super) filter: Option<Filter>,
    pub(super) log: bool,
}

/// Directory of an instance where a proxy listens; without links, as everything is that is mounted.
pub(super) fn sockets(claim: &Claim) -> PathBuf {
    let instance = fs::canonicalize(claim.dir());
    instance
        .unwrap_or_else(|_| claim.dir().to_owned())
        .join("bus")
}

impl Found {
    /// Looks and decides. What cannot be had and was not asked for by name is told through `warn`.
    pub(crate) fn look(
        app: &App,
        resolved: &Resolved,
        request: &Request,
        machine: &Machine,
        claim: &Claim,
        warn: &mut dyn FnMut(&str),
    ) -> Result<Self, Error> {
        let mut look = Look {
            app,
            resolved,
            request,
            facts: &machine.facts,
            found: Services::default(),
            proxied: Vec::new(),
            warn,
        };
        let runtime_dir = machine.facts.runtime_dir.as_deref();
        look.found.identity = runtime_dir.map(|dir| identity::place(dir, claim.number));
        look.session()?;
        look.system()?;
        let backend = look.backend()?;
        let Look {
            found: mut services,
            proxied: buses,
            ..
        } = look;
        for proxied in &buses {
            let socket = sockets(claim).join(proxied.bus.word());
            services.buses.insert(proxied.bus, socket);
        }
        Ok(Self {
            services,
            proxied: backend.map(|backend| Proxied { backend, buses }),
        })
    }
}

struct Look<'a> {
    app: &'a App,
    resolved: &'a Resolved,
    request: &'a Request,
    facts: &'a Facts,
    found: Services,
    proxied: Vec<ProxiedBus>,
    warn: &'a mut dyn FnMut(&str),
}

impl Look<'_> {
    /// The session's bus, and the services that are found through it.
    fn session(&mut self) -> Result<(), Error> {
        let options = self.request.services();
        let whole = self.resolved.has(Permission::SessionBus);
        let asked = whole || self.names(Bus::Session);
        let Some(address) = address::of_session(self.facts, self.warn) else {
            return Ok(());
        };
        if !(whole || options.session_bus || options.a11y_bus || options.documents) {
            return Ok(());
        }
        let mut session = match Session::open(&address, Instant::now() + PATIENCE) {
            Ok(session) => session,
            Err(why) => {
                return self.unusable(Bus::Session, &address, why, asked && options.session_bus);
            }
        };
        let filter = self.filter(Bus::Session);
        let useful = asked || session.has_any_of(&filter) || self.exports_service();
        if whole {
            self.whole(Bus::Session, address);
        } else if options.session_bus && useful {
            self.filtered(Bus::Session, address, options.log.session);
        }
        if options.documents && !self.app.deployment.is_runtime {
            self.documents(&mut session);
        }
        if options.a11y_bus {
            self.a11y(&mut session);
        }
        Ok(())
    }

    /// The machine's bus; no app has it unless it is granted.
    fn system(&mut self) -> Result<(), Error> {
        let whole = self.resolved.has(Permission::SystemBus);
        if !whole && (self.request.run.sandbox || !self.names(Bus::System)) {
            return Ok(());
        }
        let address = match self.facts.env("DBUS_SYSTEM_BUS_ADDRESS") {
            Some(text) => address::parsed("system", text, self.warn),
            None => is_socket(Path::new(SYSTEM_BUS)).then(|| Address::Path(SYSTEM_BUS.into())),
        };
        let Some(address) = address else {
            return Ok(());
        };
        match Connection::open(&address, Instant::now() + PATIENCE) {
            Ok(_) if whole => self.whole(Bus::System, address),
            Ok(_) => self.filtered(Bus::System, address, self.request.services().log.system),
            Err(why) => return self.unusable(Bus::System, &address, why, true),
        }
        Ok(())
    }

    fn documents(&mut self, session: &mut Session) {
        let id = self.app.deployment.id.as_str();
        match session.documents() {
            Ok(Some(mount)) => {
                let own = mount.join("by-app").join(id);
                if fs::symlink_metadata(&own).is_ok_and(|found| found.is_dir()) {
                    self.found.documents = Some(own);
                }
            }
            Ok(None) => {}
            Err(why) => (self.warn)(&format!(
                "warning: the document portal cannot be used: {why}"
            )),
        }
    }

    fn a11y(&mut self, session: &mut Session) {
        let address = match self.facts.env("AT_SPI_BUS_ADDRESS") {
            Some(text) => Ok(Address::parse(text).ok()),
            None => session.a11y(),
        };
        match address {
            Ok(Some(address)) => {
                self.filtered(Bus::A11y, address, self.request.services().log.a11y)
            }
            Ok(None) => {}
            Err(why) => (self.warn)(&format!(
                "warning: the accessibility bus cannot be used: {why}"
            )),
        }
    }

    /// The whole bus. Its socket if it has a path; an abstract one is out of reach without the host's network.
    fn whole(&mut self, bus: Bus, address: Address) {
        match address.path().and_then(|path| fs::canonicalize(path).ok()) {
            Some(path) => {
                self.found.buses.insert(bus, path);
            }
            None => self.proxied.push(ProxiedBus {
                bus,
                address,
                filter: None,
                log: false,
            }),
        }
    }

    fn filter(&self, bus: Bus) -> Filter {
        Filter::new(bus, &self.app.deployment.id, self.resolved.parts())
    }

    fn filtered(&mut self, bus: Bus, address: Address, log: bool) {
        let filter = self.filter(bus);
        self.proxied.push(ProxiedBus {
            bus,
            address,
            filter: Some(filter),
            log,
        });
    }

    /// A bus that hangs keeps an app from starting, as one that was asked for by name and is dead does. Where nothing
    /// was asked for the app goes without one that is dead.
    fn unusable(
        &mut self,
        bus: Bus,
        address: &Address,
        source: CallError,
        asked: bool,
    ) -> Result<(), Error> {
        let without = match bus {
            Bus::System => {
                "`--nosocket=system-bus` and `--system-no-talk-name=NAME` run the app without it"
            }
            Bus::Session | Bus::A11y => {
                "`--no-session-bus --no-a11y-bus --no-documents-portal` runs the app without it"
            }
        };
        let error = Error::Bus {
            bus: bus.word(),
            address: address.to_string(),
            source,
            without: without.to_owned(),
        };
        if asked
            || matches!(
                error,
                Error::Bus {
                    source: CallError::Late,
                    ..
                }
            )
        {
            return Err(error);
        }
        (self.warn)(&format!("warning: {error}: the app runs without it"));
        Ok(())
    }

    /// What filters, if something is to be filtered.
    fn backend(&mut self) -> Result<Option<XdgDbusProxy>, Error> {
        if self.proxied.is_empty() {
            return Ok(None);
        }
        match XdgDbusProxy::find() {
            Ok(backend) => Ok(Some(backend)),
            Err(missing @ MissingProxy) => {
                let asked = self
                    .proxied
                    .iter()
                    .any(|proxied| proxied.filter.is_none() || self.names(proxied.bus));
                if asked {
                    return Err(missing.into());
                }
                self.proxied.clear();
                (self.warn)(&format!("warning: {missing}: the app gets no bus"));
                Ok(None)
            }
        }
    }

    /// Whether the app asks for any name on a bus.
    fn names(&self, bus: Bus) -> bool {
        let mut names = self.resolved.parts().bus_names.iter();
        names.any(|(name, granted)| name.bus == bus && granted.value > BusPolicy::None)
    }

    /// Whether the bus starts the app by a name, which the app must then own.
    fn exports_service(&self) -> bool {
        let Some(files) = &self.app.deployment.app else {
            return false;
        };
        let exported = files.path.parent();
        let services = exported.map(|deploy| deploy.join("export/share/dbus-1/services"));
        services
            .and_then(|dir| fs::read_dir(dir).ok())
            .is_some_and(|mut entries| entries.next().is_some())
    }
}

fn is_socket(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.file_type().is_socket())
}
