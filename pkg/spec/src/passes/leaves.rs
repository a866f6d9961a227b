//! Tells single files from trees: a tree is mounted with whatever is mounted below it.

use super::{Input, PlanError, linker};
use crate::{FileKind, Plan, Source, What};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    for mount in &mut plan.mounts {
        if let What::Bind { source, tree, .. } = &mut mount.what {
            *tree = match source {
                Source::Generated(_) => false,
                Source::Host(path) if linker::is_cache(input, path) => false,
                // what is not there yet is a directory that is made before the start
                Source::Host(path) => matches!(input.host.kind(path), Some(FileKind::Dir) | None),
            };
        }
    }
    Ok(())
}
