//! Sockets of the session's servers. One file a server with ways of its own; those that are one path and one
//! variable stand in the table of [`services`].

mod pulseaudio;
mod services;
mod wayland;
mod x11;

use std::path::{Path, PathBuf};

use super::{Input, PlanError, link_in_runtime_dir};
use crate::facts::Links;
use crate::{FileKind, Plan};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    wayland::pass(input, plan)?;
    x11::pass(input, plan)?;
    services::ssh_auth(input, plan)?;
    pulseaudio::pass(input, plan)?;
    services::pcsc(input, plan)?;
    services::cups(input, plan)?;
    services::gpg_agent(input, plan)
}

/// The socket at a path, with links resolved; `None` where there is none. A link of another user is an error: it
/// could name a socket that only the caller may reach.
fn find(input: &Input<'_>, path: &Path) -> Result<Option<PathBuf>, PlanError> {
    match input.host.resolve_own(path, input.facts.user.uid) {
        Links::To(real) if input.host.kind(&real) == Some(FileKind::Socket) => Ok(Some(real)),
        Links::To(_) | Links::Nowhere => Ok(None),
        Links::Foreign(link) => Err(PlanError::ForeignLink(link)),
    }
}

/// Makes `/run/user/UID/NAME` lead to `/run/flatpak/NAME`, where programs look for servers.
fn runtime_link(input: &Input<'_>, plan: &mut Plan, name: &str) {
    let target = format!("../../flatpak/{name}");
    link_in_runtime_dir(input, plan, name, target);
}
