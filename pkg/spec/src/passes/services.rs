//! Buses, the files of the document portal, and what portals know the instance by.

use std::path::Path;

use flatrack_perms::{Bus, Permission};

use super::{Input, PlanError, link_in_runtime_dir};
use crate::plan::Env;
use crate::{Access, Plan, Reason};

/// Where a bus is inside, the variable that says so, and the permission that gives the whole bus.
const BUSES: [(Bus, &str, &str, Option<Permission>); 3] = [
    (
        Bus::Session,
        "/run/flatpak/bus",
        "DBUS_SESSION_BUS_ADDRESS",
        Some(Permission::SessionBus),
    ),
    (
        Bus::System,
        "/run/dbus/system_bus_socket",
        "DBUS_SYSTEM_BUS_ADDRESS",
        Some(Permission::SystemBus),
    ),
    (
        Bus::A11y,
        "/run/flatpak/at-spi-bus",
        "AT_SPI_BUS_ADDRESS",
        None,
    ),
];

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let services = &input.launch.services;
    for (bus, inside, variable, whole) in BUSES {
        // the host's address means nothing inside
        plan.environment.remove(variable);
        let Some(socket) = services.buses.get(&bus) else {
            continue;
        };
        let reason = whole.map_or(Reason::Sandbox, |whole| input.granted(whole));
        plan.bind(socket, inside, Access::ReadOnly, reason);
        plan.environment.insert(
            variable.to_owned(),
            Env {
                value: format!("unix:path={inside}"),
                origin: None,
            },
        );
    }
    if services.buses.contains_key(&Bus::Session) {
        link_in_runtime_dir(input, plan, "bus", "../../flatpak/bus".to_owned());
    }
    if let Some(documents) = &services.documents {
        plan.bind(
            documents,
            "/run/flatpak/doc",
            Access::ReadWrite,
            Reason::Sandbox,
        );
        link_in_runtime_dir(input, plan, "doc", "../../flatpak/doc".to_owned());
    }
    if let Some(identity) = &services.identity {
        let inside = Path::new("/run/flatpak/.flatpak").join(input.launch.instance.to_string());
        plan.bind(identity, inside, Access::ReadOnly, Reason::Sandbox);
        link_in_runtime_dir(input, plan, ".flatpak", "../../flatpak/.flatpak".to_owned());
    }
    Ok(())
}
