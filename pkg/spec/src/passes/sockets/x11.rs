//! The X display, with its cookies and no others.

use flatrack_perms::Permission;

use super::find;
use crate::passes::{Input, PlanError};
use crate::session::XDisplay;
use crate::{Plan, What};

const XAUTHORITY: &str = "/run/flatpak/Xauthority";

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    // always covered: an app that sees the host's /tmp is not to see its displays
    plan.mount("/tmp/.X11-unix", What::Tmpfs { mode: 0o755 });
    let Some(permission) = [Permission::X11, Permission::FallbackX11]
        .into_iter()
        .find(|permission| input.has(*permission))
    else {
        plan.environment.remove("DISPLAY");
        return Ok(());
    };
    let name = input.facts.env("DISPLAY");
    let Some((name, display)) = name.and_then(|name| Some((name, XDisplay::parse(name)?))) else {
        plan.environment.remove("DISPLAY");
        return Ok(());
    };
    let reason = input.granted(permission);
    if let Some(path) = display.socket()
        && let Some(socket) = find(input, &path)?
    {
        plan.socket(socket, path, reason.clone());
    }
    let cookies = input.launch.session.xauthority.clone();
    plan.secret("Xauthority", XAUTHORITY, cookies, reason);
    plan.set_env("XAUTHORITY", XAUTHORITY);
    plan.set_env("DISPLAY", name);
    Ok(())
}
