//! Desktop settings of the machine, where GLib looks for them in a sandbox.

use super::{Input, PlanError};
use crate::Plan;

const PLACE: &str = "/etc/glib-2.0/settings";

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    // a runtime that brings the directory has it read-only, with nothing to mount on
    if input
        .deployment
        .etc
        .iter()
        .any(|entry| entry.name == "glib-2.0")
    {
        return Ok(());
    }
    let settings = &input.launch.settings;
    for (name, content) in [("defaults", &settings.defaults), ("locks", &settings.locks)] {
        if !content.is_empty() {
            plan.file(name, format!("{PLACE}/{name}"), content.clone());
        }
    }
    Ok(())
}
