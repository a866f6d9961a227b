//! The compositor.

use flatrack_perms::Permission;

use super::runtime_link;
use crate::passes::{Input, PlanError};
use crate::session::wayland_display;
use crate::{Plan, WaylandSocket};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if !input.has(Permission::Wayland) {
        plan.environment.remove("WAYLAND_DISPLAY");
        plan.environment.remove("WAYLAND_SOCKET");
        return Ok(());
    }
    if input.has(Permission::InheritWaylandSocket) {
        inherit(input, plan);
    } else {
        plan.environment.remove("WAYLAND_SOCKET");
    }
    let display = wayland_display(input.facts);
    match &input.launch.session.wayland {
        WaylandSocket::Failed => return Ok(()),
        WaylandSocket::None => {}
        WaylandSocket::Restricted(socket) | WaylandSocket::Plain(socket) => {
            let reason = input.granted(Permission::Wayland);
            plan.socket(socket, format!("/run/flatpak/{display}"), reason);
            runtime_link(input, plan, display);
        }
    }
    plan.set_env("WAYLAND_DISPLAY", display);
    Ok(())
}

/// The caller's own connection, by its number in `WAYLAND_SOCKET`.
fn inherit(input: &Input<'_>, plan: &mut Plan) {
    let number = input.facts.env("WAYLAND_SOCKET");
    match number.and_then(|number| number.parse().ok()) {
        Some(number) if number > 2 => {
            plan.descriptors.insert(number);
            plan.set_env("WAYLAND_SOCKET", number.to_string());
        }
        _ => {
            plan.environment.remove("WAYLAND_SOCKET");
        }
    }
}
