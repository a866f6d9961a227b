//! A mount of type `cgroup`: what a container sees of its own cgroups, in the form the host has them.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys::mount::{Attributes, attach, clone_tree, new_filesystem, set_attributes};
use flatrack_sys::path::{Links, mkdir_all_in_root, open_following, parent_in_root};
use rustix::fs::symlinkat;

use crate::cgroup::{Cgroup, Directory, Hierarchies, Hierarchy, Version};

/// Mounts them at `destination`. `hierarchies` are the host's, seen from outside of the container.
///
/// `own_namespace` is whether the container's cgroup is the root of what it sees; otherwise only its own directory is bound.
pub(super) fn mount(
    root: &OwnedFd,
    destination: &Path,
    attributes: &Attributes,
    hierarchies: &Hierarchies,
    cgroup: &Cgroup,
    own_namespace: bool,
) -> io::Result<()> {
    let find = |wanted: &Hierarchy| {
        cgroup
            .directories
            .iter()
            .find(|directory| directory.mount == wanted.mount)
    };
    if !hierarchies.has_v1() {
        let Some(unified) = hierarchies.unified() else {
            return Err(io::Error::other("the host has no cgroups"));
        };
        let tree = view(unified, find(unified), own_namespace)?;
        set_attributes(&tree, attributes, false)?;
        return attach(
            tree,
            mkdir_all_in_root(root, destination, 0o755, Links::Follow)?,
        );
    }
    let top = new_filesystem("tmpfs", "tmpfs", ["mode=755"])?;
    attach(
        &top,
        mkdir_all_in_root(root, destination, 0o755, Links::Follow)?,
    )?;
    for hierarchy in &hierarchies.0 {
        let Some(name) = hierarchy.mount.file_name() else {
            continue;
        };
        // A hierarchy in which the container has no directory would show the host's.
        let Some(own) = find(hierarchy) else {
            continue;
        };
        let tree = view(hierarchy, Some(own), own_namespace)?;
        set_attributes(&tree, attributes, false)?;
        let place = destination.join(name);
        attach(tree, mkdir_all_in_root(root, &place, 0o755, Links::Follow)?)?;
        for controller in hierarchy
            .controllers
            .iter()
            .filter(|controller| name != controller.as_str())
        {
            let link = destination.join(controller);
            let (parent, file) = parent_in_root(root, &link)?;
            symlinkat(name, parent, file)?;
        }
    }
    // Only now, since directories had to be made in it.
    set_attributes(&top, attributes, false)
}

fn view(
    hierarchy: &Hierarchy,
    own: Option<&Directory>,
    own_namespace: bool,
) -> io::Result<OwnedFd> {
    if own_namespace {
        let mounted = match hierarchy.version {
            Version::V2 => new_filesystem("cgroup2", "cgroup", []),
            Version::V1 if hierarchy.controllers.is_empty() => {
                let name = format!(
                    "name={}",
                    hierarchy
                        .mount
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                );
                new_filesystem("cgroup", "cgroup", ["none", name.as_str()])
            }
            Version::V1 => new_filesystem(
                "cgroup",
                "cgroup",
                hierarchy.controllers.iter().map(String::as_str),
            ),
        };
        match (mounted, own) {
            // In a user namespace the kernel may refuse a new view; the old one is bound then.
            (Err(error), Some(_)) if error.kind() == io::ErrorKind::PermissionDenied => {}
            (other, _) => return other,
        }
    }
    match own {
        Some(directory) => clone_tree(open_following(&directory.path)?, false),
        None => Err(io::Error::other("the container has no cgroup")),
    }
}
