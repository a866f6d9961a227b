//! `/dev`: a few harmless nodes, and what permissions add.

use std::path::{Path, PathBuf};

use flatrack_perms::Permission;

use super::{Input, PlanError};
use crate::{Access, FileKind, HostDir, Mount, Plan, Reason, Shape, Source, What};

/// Which nodes a permission gives, where they exist.
const NODES: [(Permission, &[&str]); 4] = [
    (
        Permission::Dri,
        &[
            "/dev/dri",
            "/dev/udmabuf",
            "/dev/mali",
            "/dev/mali0",
            "/dev/umplock",
            "/dev/nvidiactl",
            "/dev/nvidia-modeset",
            "/dev/nvidia-uvm",
            "/dev/nvidia-uvm-tools",
            "/dev/kfd",
        ],
    ),
    (Permission::Input, &["/dev/input"]),
    (Permission::Usb, &["/dev/bus/usb"]),
    (Permission::Kvm, &["/dev/kvm"]),
];

/// Numbered nodes of one graphics driver.
const NVIDIA_CARDS: u8 = 20;

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if input.has(Permission::AllDevices) {
        device(plan, "/dev", input.granted(Permission::AllDevices));
    } else {
        plan.mount("/dev", What::Dev);
        for (permission, nodes) in NODES
            .iter()
            .filter(|(permission, _)| input.has(*permission))
        {
            for node in *nodes {
                if_present(input, plan, node, *permission);
            }
        }
        if input.has(Permission::Dri) {
            for card in 0..NVIDIA_CARDS {
                if_present(input, plan, &format!("/dev/nvidia{card}"), Permission::Dri);
            }
        }
        // emulation of another system's locks; always given, as in Flatpak 1.18
        if input.host.kind(Path::new("/dev/ntsync")).is_some() {
            device(plan, "/dev/ntsync", Reason::Sandbox);
        }
    }
    plan.mount("/dev/pts", What::Devpts);
    if input.has(Permission::Shm) {
        if let Some(shm) = input.host.resolve(Path::new("/dev/shm")) {
            plan.bind(
                shm,
                "/dev/shm",
                Access::ReadWrite,
                input.granted(Permission::Shm),
            );
        }
    } else if input.has(Permission::PerAppDevShm) && !input.launch.sandbox {
        per_app_shm(input, plan);
    } else {
        plan.mount("/dev/shm", What::Tmpfs { mode: 0o755 });
    }
    Ok(())
}

/// One for all instances of the app, and for no other app: a directory in the host's shared memory.
fn per_app_shm(input: &Input<'_>, plan: &mut Plan) {
    let shared = input.host.resolve(Path::new("/dev/shm"));
    let shared = shared.filter(|path| input.host.kind(path) == Some(FileKind::Dir));
    let root = shared.unwrap_or_else(|| input.launch.per_app.clone());
    let below = shm_name(input.facts.user.uid, input.deployment.id.as_str());
    plan.host_dirs.push(HostDir {
        root: root.clone(),
        below: below.clone(),
        mode: 0o700,
    });
    let reason = input.granted(Permission::PerAppDevShm);
    plan.bind(root.join(below), "/dev/shm", Access::ReadWrite, reason);
}

/// Name of the directory in shared memory that the instances of a user's app share.
#[must_use]
pub fn shm_name(uid: u32, app: &str) -> PathBuf {
    format!("flatrack-{uid}-{app}").into()
}

fn if_present(input: &Input<'_>, plan: &mut Plan, node: &str, permission: Permission) {
    if input.host.kind(Path::new(node)).is_some() {
        device(plan, node, input.granted(permission));
    }
}

pub(super) fn device(plan: &mut Plan, node: &str, reason: Reason) {
    plan.mounts.push(Mount {
        destination: node.into(),
        what: What::Bind {
            source: Source::Host(node.into()),
            access: Access::ReadWrite,
            devices: true,
            shape: Shape::Tree,
        },
        reason,
    });
}
