//! Which parts of the kernel's world are private, and who the app is in it.

use flatrack_perms::Permission;

use super::{Input, PlanError};
use crate::{NamespaceKind, Plan};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    plan.namespaces
        .extend([NamespaceKind::Mount, NamespaceKind::Pid]);
    for (permission, namespace) in [
        (Permission::Network, NamespaceKind::Network),
        (Permission::Ipc, NamespaceKind::Ipc),
    ] {
        if !input.has(permission) {
            plan.namespaces.insert(namespace);
        }
    }
    if !input.facts.privileged {
        plan.namespaces.insert(NamespaceKind::User);
    }
    plan.ids = (input.facts.user.uid, input.facts.user.gid);
    for (permission, name) in [
        (Permission::Devel, "devel"),
        (Permission::Multiarch, "multiarch"),
        (Permission::Bluetooth, "bluetooth"),
        (Permission::Canbus, "canbus"),
    ] {
        if input.has(permission) {
            plan.seccomp.insert(name.to_owned());
        }
    }
    Ok(())
}
