//! Tells trees, files and sockets from each other: a tree is mounted with whatever is mounted below it.

use std::path::Path;

use super::{Input, PlanError, linker};
use crate::{Plan, Shape, Source, What};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    for mount in &mut plan.mounts {
        if let What::Bind { source, shape, .. } = &mut mount.what {
            *shape = match source {
                // looked at already
                Source::Pod => continue,
                Source::Generated(_) => Shape::File,
                Source::Socket(_) => Shape::Socket,
                Source::Host(path) if linker::is_cache(input, path) => Shape::File,
                Source::Host(path) if is_of_proxy(input, path) => Shape::Socket,
                Source::Host(path) => match input.host.kind(path) {
                    // what is not there yet is a directory that is made before the start
                    None => Shape::Tree,
                    Some(kind) => kind.shape(),
                },
            };
        }
    }
    Ok(())
}

/// A proxy makes its sockets after the plan was made.
fn is_of_proxy(input: &Input<'_>, path: &Path) -> bool {
    input
        .launch
        .services
        .buses
        .values()
        .any(|socket| socket == path)
}
