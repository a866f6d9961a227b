//! `[X-Landlock]`: paths that are narrowed beyond what else is shown.
//!
//! Landlock gives for whole trees and cannot take a part back, so this is done by mounts: a path is mounted over itself read-only, or
//! hidden behind an empty directory or `/dev/null` (`readonlyPaths` and `maskedPaths` of the OCI document, which every runtime knows).

use flatrack_perms::Narrowing;

use super::{Input, PlanError};
use crate::Plan;

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    for (path, granted) in &input.resolved.parts().narrowed {
        let path = path.below(&input.facts.user.home);
        match granted.value {
            Narrowing::ReadOnly => plan.readonly_paths.push(path),
            Narrowing::NoAccess => plan.masked_paths.push(path),
        }
    }
    Ok(())
}
