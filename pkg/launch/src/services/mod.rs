//! Services of the session and the machine: buses through a proxy, portals, and who the app is to them.
//!
//! [`Found`] looks what there is and decides what the app gets; [`start`] puts it in place before the app starts;
//! [`Helpers`] is what lives beside the app from then on.

mod address;
mod conditions;
mod found;
mod identity;
mod proxy;

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use flatrack_engine::WhenMade;
use flatrack_spec::Plan;
use flatrack_sys::rustix::process::Pid;
use flatrack_sys::tiny::Removal;

use crate::instance::Claim;
use crate::load::App;
use crate::{Error, Machine, State};

pub(crate) use conditions::conditions;
pub(crate) use found::Found;
pub(crate) use identity::forget as forget_identity;
pub(crate) use proxy::container as proxy_container;

use identity::Identity;
use proxy::Proxy;

/// How long a bus may take to answer everything that is asked at a start.
const PATIENCE: Duration = Duration::from_secs(5);

/// What lives beside the app. Unless it is left to somebody else, dropping this ends and removes it.
#[derive(Debug)]
#[must_use]
pub(crate) struct Helpers {
    identity: Option<Identity>,
    proxy: Option<Proxy>,
}

/// Puts in place what was found: from here on services can tell who the app is, and the buses are served.
pub(crate) fn start(
    found: &Found,
    app: &App,
    plan: &Plan,
    machine: &Machine,
    claim: &Claim,
) -> Result<Helpers, Error> {
    let identity = match &machine.facts.runtime_dir {
        Some(runtime_dir) => Some(Identity::new(runtime_dir, claim, plan.app_info())?),
        None => None,
    };
    let proxy = match &found.proxied {
        Some(proxied) => Some(Proxy::start(proxied, app, plan, machine, claim)?),
        None => None,
    };
    Ok(Helpers { identity, proxy })
}

impl Helpers {
    /// What is to be done when the app's first process exists and runs nothing yet.
    pub(crate) fn when_made(&self) -> Option<WhenMade> {
        self.identity.as_ref()?.when_made()
    }

    /// Completes what could not be known before.
    pub(crate) fn app_runs(&self, pid: Pid) {
        if let Some(identity) = &self.identity {
            identity.complete(pid);
        }
    }

    /// Processes to end with the app.
    pub(crate) fn processes(&self) -> Vec<BorrowedFd<'_>> {
        let proxy = self.proxy.iter();
        proxy.map(|proxy| proxy.running.pidfd.as_fd()).collect()
    }

    /// Descriptors to hold while the app runs.
    pub(crate) fn keep(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let lock = self.identity.iter().map(Identity::lock);
        lock.chain(self.proxy.iter().map(|proxy| proxy.sync.as_fd()))
    }

    /// What is to be removed when the app and the processes have ended.
    pub(crate) fn removals(&self, state: &State) -> Result<Vec<Removal>, Error> {
        let mut removals = Vec::new();
        if let Some(proxy) = &self.proxy {
            removals.extend(proxy.removals(state)?);
        }
        removals.extend(self.identity.iter().flat_map(Identity::removals));
        Ok(removals)
    }

    /// Leaves everything to whoever cleans up after the instance.
    pub(crate) fn leave(mut self) {
        if let Some(identity) = self.identity.take() {
            identity.leave();
        }
        if let Some(proxy) = self.proxy.take() {
            proxy.leave();
        }
    }
}
