//! What is locked from inside: deploys of an installation, so that Flatpak does not delete them under a container.
//!
//! `flatrack run` has a process outside that holds locks; a bundle under another runtime has none, and only the init
//! lives as long as the sandbox does. The file is Flatpak's own, so that it looks there.

use std::collections::BTreeSet;

use super::{Input, PlanError};
use crate::{Access, FileKind, Mount, Plan, Reason, Source, What};

/// The file that Flatpak looks at before it deletes a deploy. What is no deploy has none.
const FILE: &str = ".ref";

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let trees = plan.mounts.iter().filter_map(|mount| match &mount.what {
        What::Bind {
            source: Source::Host(source),
            access: Access::ReadOnly,
            ..
        } if is_deployed(mount) => Some((source, &mount.destination)),
        _ => None,
    });
    // a lock is a file's: closing it a second time would give the first one up
    let mut seen = BTreeSet::new();
    let locks = trees.filter_map(|(source, destination)| {
        let file = source.join(FILE);
        let locked = input.host.kind(&file) == Some(FileKind::File) && seen.insert(file);
        locked.then(|| destination.join(FILE))
    });
    plan.locks = locks.collect();
    Ok(())
}

/// The runtime, the app and their extensions.
fn is_deployed(mount: &Mount) -> bool {
    let in_tree = |tree: &str| mount.destination.starts_with(tree);
    mount.reason == Reason::Sandbox && ["/usr", "/app"].into_iter().any(in_tree)
}
