//! Servers that are one path: agents, smart cards, printers.

use std::path::{Path, PathBuf};

use flatrack_perms::Permission;

use super::find;
use crate::Plan;
use crate::passes::{Input, PlanError};
use crate::session::cups_socket;

const SSH: &str = "/run/flatpak/ssh-auth";
const PCSC: &str = "/run/pcscd/pcscd.comm";
const CUPS: &str = "/run/cups/cups.sock";

/// The variable is the only place that names the agent.
pub(super) fn ssh_auth(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let named = input.facts.env("SSH_AUTH_SOCK").map(PathBuf::from);
    if !input.has(Permission::SshAuth) || named.is_none() {
        return Ok(());
    }
    if bind(input, plan, Permission::SshAuth, named, SSH)? {
        plan.set_env("SSH_AUTH_SOCK", SSH);
    } else {
        plan.environment.remove("SSH_AUTH_SOCK");
    }
    Ok(())
}

pub(super) fn pcsc(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if !input.has(Permission::Pcsc) {
        return Ok(());
    }
    let named = input.facts.env("PCSCLITE_CSOCK_NAME").unwrap_or(PCSC);
    let named = Some(PathBuf::from(named));
    if bind(input, plan, Permission::Pcsc, named, PCSC)? {
        plan.set_env("PCSCLITE_CSOCK_NAME", PCSC);
    } else {
        plan.environment.remove("PCSCLITE_CSOCK_NAME");
    }
    Ok(())
}

pub(super) fn cups(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if !input.has(Permission::Cups) {
        return Ok(());
    }
    let configured = input.launch.session.cups_servers.iter().map(String::as_str);
    let named = cups_socket(input.facts.env("CUPS_SERVER").into_iter().chain(configured));
    bind(input, plan, Permission::Cups, Some(named), CUPS).map(drop)
}

pub(super) fn gpg_agent(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if !input.has(Permission::GpgAgent) {
        return Ok(());
    }
    let inside = format!("/run/user/{}/gnupg/S.gpg-agent", input.facts.user.uid);
    let named = input.launch.session.gpg_agent.clone();
    bind(input, plan, Permission::GpgAgent, named, &inside).map(drop)
}

/// Whether there was a socket to bind.
fn bind(
    input: &Input<'_>,
    plan: &mut Plan,
    permission: Permission,
    source: Option<PathBuf>,
    inside: &str,
) -> Result<bool, PlanError> {
    let absolute = source.filter(|path| Path::new(path).is_absolute());
    let Some(path) = absolute else {
        return Ok(false);
    };
    let Some(socket) = find(input, &path)? else {
        return Ok(false);
    };
    plan.socket(socket, inside, input.granted(permission));
    Ok(true)
}
