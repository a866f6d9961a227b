//! Tells single files from trees: a tree is mounted with whatever is mounted below it.

use std::path::Path;

use super::{Input, PlanError, linker};
use crate::{FileKind, Plan, Source, What};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    for mount in &mut plan.mounts {
        if let What::Bind { source, tree, .. } = &mut mount.what {
            *tree = match source {
                Source::Generated(_) | Source::Socket(_) => false,
                Source::Host(path) if linker::is_cache(input, path) => false,
                // what is not there yet is a directory that is made before the start
                Source::Host(path) if is_socket(input, path) => false,
                Source::Host(path) => matches!(input.host.kind(path), Some(FileKind::Dir) | None),
            };
        }
    }
    Ok(())
}

/// A proxy makes its sockets after the plan was made.
fn is_socket(input: &Input<'_>, path: &Path) -> bool {
    input
        .launch
        .services
        .buses
        .values()
        .any(|socket| socket == path)
}
