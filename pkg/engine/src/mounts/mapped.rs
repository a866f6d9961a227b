//! Mounts that show other owners than their file system has, so that a container with its own users can have files of others.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;

use flatrack_sys::clone::{Flags, spawn};
use flatrack_sys::mount::map_ids;
use flatrack_sys::process::wait;
use oci_spec::runtime::{LinuxIdMapping, LinuxNamespaceType, Mount};
use rustix::pipe::{PipeFlags, pipe_with};

use super::options::Options;
use crate::bundle::Bundle;
use crate::namespaces::text;

/// Maps the owners of a detached mount: by the mount's own mappings, else by those of the container's users (runtime-spec, "mounts").
pub(super) fn map(
    tree: &OwnedFd,
    mount: &Mount,
    options: &Options,
    bundle: &Bundle,
) -> io::Result<()> {
    let own = [mount.uid_mappings(), mount.gid_mappings()];
    let own = own.map(|ids| ids.as_deref().unwrap_or_default());
    let namespace = match own {
        [[], []] => of_the_container(bundle)?,
        own => namespace(own)?,
    };
    map_ids(tree, namespace, options.ids_below).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => {
            io::Error::other("its file system does not let owners be mapped")
        }
        _ => error,
    })
}

fn of_the_container(bundle: &Bundle) -> io::Result<OwnedFd> {
    let linux = bundle.spec.linux().clone().unwrap_or_default();
    let namespaces = linux.namespaces().as_deref().unwrap_or_default();
    let users = |typ| typ == LinuxNamespaceType::User;
    let joined = namespaces.iter().find(|one| users(one.typ()));
    match joined.and_then(|one| one.path().as_ref()) {
        Some(path) => Ok(File::open(path)?.into()),
        None => {
            let ids = [linux.uid_mappings(), linux.gid_mappings()];
            namespace(ids.map(|ids| ids.as_deref().unwrap_or_default()))
        }
    }
}

/// A user namespace with these mappings. Nobody is in it: the process that it is made with ends at once, also if this one is killed.
fn namespace([users, groups]: [&[LinuxIdMapping]; 2]) -> io::Result<OwnedFd> {
    let (until, held) = pipe_with(PipeFlags::CLOEXEC)?;
    let mut held = Some(held);
    let child = spawn(Flags::USER, None, || {
        drop(held.take());
        let mut none = [0];
        File::from(until).read(&mut none).map_or(1, |_| 0)
    })?;
    let proc = |name: &str| format!("/proc/{}/{name}", child.pid);
    let made = std::fs::write(proc("uid_map"), text(users))
        .and_then(|()| std::fs::write(proc("gid_map"), text(groups)))
        .and_then(|()| File::open(proc("ns/user")));
    drop(held);
    wait(&child.pidfd)?;
    Ok(made?.into())
}
