//! What conditional permissions ask of services.

use std::time::Instant;

use flatrack_bus::Session;
use flatrack_bus::client::CallError;
use flatrack_perms::{Conditions, LayerStack};

use super::{PATIENCE, address};
use crate::Machine;

/// The machine's answers, and those for which somebody has to be asked: only if a permission depends on them.
pub(crate) fn conditions(layers: &LayerStack, machine: &Machine) -> Conditions {
    let mut conditions = machine.conditions;
    if layers.asks_usb_portal() {
        conditions.has_usb_portal = usb_portal(machine);
    }
    conditions
}

/// `None` if whoever should know does not answer.
fn usb_portal(machine: &Machine) -> Option<bool> {
    // a wrong address is told of where the bus is given to the app
    let Some(address) = address::of_session(&machine.facts, &mut |_| {}) else {
        return Some(false);
    };
    let answer = Session::open(&address, Instant::now() + PATIENCE)
        .and_then(|mut session| session.has_usb_portal());
    match answer {
        Ok(has) => Some(has),
        Err(CallError::Late) => None,
        Err(_) => Some(false),
    }
}
