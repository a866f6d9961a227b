//! What the caller has open and hands to the app.

use super::{Input, PlanError};
use crate::{Plan, Reason};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    for (path, access) in &input.launch.binds {
        plan.bind(path, path, *access, Reason::Sandbox);
    }
    Ok(())
}
