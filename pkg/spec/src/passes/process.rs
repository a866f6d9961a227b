//! The command and where it starts.

use std::path::Path;

use super::{Input, PlanError};
use crate::plan::Env;
use crate::{FileKind, Plan};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if input.launch.command.is_empty() {
        return Err(PlanError::NoCommand(input.deployment.id.to_string()));
    }
    plan.command.clone_from(&input.launch.command);
    plan.terminal = input.launch.terminal;
    plan.window = input.launch.window;
    plan.apparmor.clone_from(&input.launch.apparmor);
    plan.cwd = match (&input.launch.cwd, &input.launch.caller_cwd) {
        (Some(asked), _) => asked.clone(),
        (None, Some(caller)) if is_inside(input, plan, caller) => caller.clone(),
        _ => input.facts.user.home.clone(),
    };
    let value = plan.cwd.to_string_lossy().into_owned();
    plan.environment.insert(
        "PWD".to_owned(),
        Env {
            value,
            origin: None,
        },
    );
    for (key, value) in [
        ("org.flatrack.app", input.deployment.id.as_str()),
        ("org.flatrack.branch", input.deployment.branch.as_str()),
        ("org.flatrack.arch", input.deployment.arch.as_str()),
        (
            "org.flatrack.runtime",
            &input.deployment.runtime.to_string(),
        ),
    ] {
        plan.annotations.insert(key.to_owned(), value.to_owned());
    }
    Ok(())
}

/// Whether a directory of the host is shown at its own path.
fn is_inside(input: &Input<'_>, plan: &Plan, path: &Path) -> bool {
    if input.host.kind(path) != Some(FileKind::Dir) {
        return false;
    }
    plan.shows(path)
}
