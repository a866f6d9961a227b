//! What a start leaves that is killed while it makes its cgroup, before it can write down what it has made.

use std::path::{Path, PathBuf};

use super::{CgroupPath, Hierarchies};

/// The directories that are missing for a cgroup at `path`, parents first. Written down before they are made.
pub(crate) fn missing(hierarchies: &Hierarchies, path: &CgroupPath) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for hierarchy in &hierarchies.0 {
        let Some(inside) = path.below(hierarchy) else {
            continue;
        };
        let parents = inside.ancestors().collect::<Vec<&Path>>().into_iter().rev();
        found.extend(
            parents
                .map(|part| hierarchy.mount.join(part))
                .filter(|directory| !directory.exists()),
        );
    }
    found
}

/// Removes those of them that are there. Nobody is in them yet; one that somebody has come to use meanwhile stays.
pub(crate) fn take_back(directories: &[PathBuf]) {
    for directory in directories.iter().rev() {
        drop(std::fs::remove_dir(directory));
    }
}
