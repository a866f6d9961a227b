//! What a run is connected to outside of its own files: servers of the session, buses and portals, what the caller hands over.

use flatrack_perms::Resolved;
use flatrack_spec::{Plan, Settings};

use crate::handed::Handed;
use crate::instance::Claim;
use crate::load::App;
use crate::pin::Pins;
use crate::services::{self, Found};
use crate::session::{self, Instance, Opened};
use crate::supervise::Beside;
use crate::{Error, Machine, Request, dconf};

/// All of it, looked up and opened; nothing is started yet.
#[derive(Debug, Default)]
pub(crate) struct Around {
    pub(crate) opened: Opened,
    pub(crate) handed: Handed,
    pub(crate) found: Found,
    pub(crate) settings: Settings,
}

impl Around {
    /// For a run. What the user should know is told through `warn`.
    pub(crate) fn open(
        app: &App,
        resolved: &Resolved,
        request: &Request,
        machine: &Machine,
        claim: &Claim,
        warn: &mut dyn FnMut(&str),
    ) -> Result<Self, Error> {
        let instance = Instance {
            app: app.deployment.id.as_str(),
            number: claim.number,
            dir: claim.dir(),
        };
        let mut opened = session::open(resolved, machine, instance)?;
        opened.warnings.iter().for_each(|warning| warn(warning));
        let handed = Handed::take(&request.run, &mut opened.pins)?;
        let found = Found::look(app, resolved, request, machine, claim, warn)?;
        let settings = dconf::settings(&app.deployment.id, resolved, machine, claim)?;
        Ok(Self {
            opened,
            handed,
            found,
            settings,
        })
    }

    /// For a bundle that runs later, when other servers may be there: only what is at fixed places.
    pub(crate) fn fixed(
        resolved: &Resolved,
        request: &Request,
        machine: &Machine,
    ) -> Result<Self, Error> {
        let mut around = Self::default();
        around.opened.session = session::look(resolved, &machine.facts);
        around.handed = Handed::take(&request.run, &mut around.opened.pins)?;
        Ok(around)
    }

    /// What is open already, for the mounts.
    pub(crate) fn take_pins(&mut self) -> Pins {
        std::mem::take(&mut self.opened.pins)
    }

    /// Starts what lives beside the app.
    pub(crate) fn start(
        self,
        app: &App,
        plan: &Plan,
        machine: &Machine,
        claim: &Claim,
    ) -> Result<Beside, Error> {
        let helpers = services::start(&self.found, app, plan, machine, claim)?;
        Ok(Beside {
            opened: self.opened,
            handed: self.handed,
            helpers,
        })
    }
}
