//! The host's own system, below `/run/host`.

use std::path::Path;

use flatrack_perms::{FsAccess, FsPlace};

use super::paths::normal;
use super::reserved::LINKS;
use crate::passes::{Input, granted};
use crate::{Access, FileKind, Mount, Node, Plan, Reason, Shape, Source, What};

/// Adds what is granted of it.
pub(super) fn add(input: &Input<'_>, plan: &mut Plan) {
    let places = &input.resolved.parts().filesystems;
    let host = places
        .get(&FsPlace::Host)
        .filter(|granted| granted.value > FsAccess::Hidden);
    let given = |place: FsPlace| {
        let own = places
            .get(&place)
            .filter(|granted| granted.value > FsAccess::Hidden);
        let best = [own, host]
            .into_iter()
            .flatten()
            .max_by_key(|granted| granted.value)?;
        let access = match best.value {
            FsAccess::ReadOnly | FsAccess::Hidden => Access::ReadOnly,
            FsAccess::ReadWrite | FsAccess::Create => Access::ReadWrite,
        };
        Some((
            access,
            granted(format!("filesystems={place}"), &best.origin),
        ))
    };
    let etc = given(FsPlace::HostEtc);
    if let Some((access, reason)) = given(FsPlace::HostOs) {
        host_os(input, plan, access, &reason, etc.is_some());
    }
    if let Some((access, reason)) = etc {
        plan.bind("/etc", "/run/host/etc", access, reason);
    }
    if let Some((access, reason)) = given(FsPlace::HostRoot) {
        plan.bind("/", "/run/host/root", access, reason);
    }
}

fn host_os(input: &Input<'_>, plan: &mut Plan, access: Access, reason: &Reason, has_etc: bool) {
    plan.bind("/usr", "/run/host/usr", access, reason.clone());
    if input.host.kind(Path::new("/var/usrlocal")) == Some(FileKind::Dir) {
        plan.bind(
            "/var/usrlocal",
            "/run/host/var/usrlocal",
            access,
            reason.clone(),
        );
    }
    for path in LINKS {
        let inside = Path::new("/run/host").join(path.trim_start_matches('/'));
        match input.host.kind(Path::new(path)) {
            Some(FileKind::Symlink(target)) => {
                let target = normal(&Path::new("/").join(target));
                if let Ok(below) = target.strip_prefix("/usr") {
                    plan.nodes.push(Node::Symlink {
                        path: inside,
                        target: Path::new("usr").join(below),
                    });
                }
            }
            Some(FileKind::Dir) => plan.bind(path, inside, access, reason.clone()),
            _ => {}
        }
    }
    if !has_etc {
        for (path, want) in [
            ("/etc/ld.so.cache", FileKind::File),
            ("/etc/alternatives", FileKind::Dir),
        ] {
            if input.host.kind(Path::new(path)) == Some(want) {
                plan.mounts.push(Mount {
                    destination: Path::new("/run/host").join(path.trim_start_matches('/')),
                    what: What::Bind {
                        source: Source::Host(path.into()),
                        access: Access::ReadOnly,
                        devices: false,
                        shape: Shape::Tree,
                    },
                    reason: reason.clone(),
                });
            }
        }
    }
}
