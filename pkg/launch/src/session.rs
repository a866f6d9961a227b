//! What of the caller's session an app may reach: looked up once, and only what it has a permission for.

mod config;
mod wayland;

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use flatrack_perms::{Permission, Resolved};
use flatrack_spec::{Facts, Session, XDisplay, xauthority};
use flatrack_sys::tiny::Removal;

use crate::pin::Pins;
use crate::{Error, Machine, read};

/// What was found, and what holds it open.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    pub(crate) session: Session,
    /// sockets that are open already
    pub(crate) pins: Pins,
    /// what must stay open while the app runs
    pub(crate) keep: Vec<OwnedFd>,
    /// what was made and is to be removed
    pub(crate) made: Vec<Removal>,
    /// what the user should know
    pub(crate) warnings: Vec<String>,
}

/// Who the app is to the compositor, and where a socket for it can be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance<'a> {
    pub(crate) app: &'a str,
    pub(crate) number: u32,
    pub(crate) dir: &'a Path,
}

/// Looks. Servers are asked within a bounded time.
pub(crate) fn open(
    resolved: &Resolved,
    machine: &Machine,
    instance: Instance<'_>,
) -> Result<Opened, Error> {
    let mut opened = Opened {
        session: look(resolved, &machine.facts),
        ..Opened::default()
    };
    if resolved.has(Permission::Wayland) {
        wayland::open(&machine.facts, instance, &mut opened)?;
    }
    Ok(opened)
}

/// What can be known without asking a server.
pub(crate) fn look(resolved: &Resolved, facts: &Facts) -> Session {
    let mut session = Session::default();
    if resolved.has(Permission::X11) || resolved.has(Permission::FallbackX11) {
        session.xauthority = cookies(facts).unwrap_or_default();
    }
    if resolved.has(Permission::Pulseaudio) {
        session.pulse_server = config::pulse_server(facts);
        session.machine_id =
            read::text(Path::new("/etc/machine-id")).map(|id| id.trim().to_owned());
    }
    if resolved.has(Permission::Cups) {
        session.cups_servers = config::cups_servers(facts);
    }
    if resolved.has(Permission::GpgAgent) {
        session.gpg_agent = config::gpg_agent();
    }
    session
}

/// The cookies of the caller's X display.
fn cookies(facts: &Facts) -> Option<Vec<u8>> {
    let display = XDisplay::parse(facts.env("DISPLAY")?)?;
    let file = match facts.env("XAUTHORITY") {
        Some(path) => PathBuf::from(path),
        None => facts.user.home.join(".Xauthority"),
    };
    let host = rustix::system::uname();
    let names = xauthority::Names {
        host: host.nodename().to_str().ok()?,
        former: facts.env("XAUTHLOCALHOSTNAME"),
    };
    Some(xauthority::select(&read::bytes(&file)?, &display, names))
}
