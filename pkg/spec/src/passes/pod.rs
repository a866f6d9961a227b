//! What a pod brings: the mounts and the devices of its document.

use std::path::Path;

use flatrack_perms::Permission;

use super::{Input, PlanError};
use crate::{Mount, Plan, Reason, Source, What};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    for mount in &input.launch.pod.mounts {
        // memory that the pod's containers share is for those that share the rest of their IPC too
        if mount.destination == Path::new("/dev/shm") && !input.has(Permission::Ipc) {
            continue;
        }
        plan.mounts.push(Mount {
            destination: mount.destination.clone(),
            what: match mount.memory {
                true => What::Tmpfs { mode: 0o1777 },
                false => What::Bind {
                    source: Source::Pod,
                    access: mount.access,
                    devices: false,
                    shape: mount.shape,
                },
            },
            reason: Reason::Pod { mount: mount.at },
        });
    }
    plan.devices
        .extend(input.launch.pod.devices.iter().cloned());
    Ok(())
}
