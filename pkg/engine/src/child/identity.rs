//! Who the program is: limits, user, groups, capabilities.

use libcontainer::capabilities::drop_privileges;
use libcontainer::syscall::Syscall;
use libcontainer::syscall::linux::LinuxSyscall;
use nix::unistd::{Gid, Uid};
use oci_spec::runtime::{Capabilities, LinuxCapabilities, LinuxCapabilitiesBuilder, Process};

use crate::failure::{At, SetupFailure, Step, nothing};

/// Takes on id 0 of a user namespace.
pub(super) fn become_root(may_set_groups: bool) -> Result<(), SetupFailure> {
    if may_set_groups {
        LinuxSyscall
            .set_groups(&[])
            .at(Step::Ids, || "groups".into())?;
    }
    LinuxSyscall
        .set_id(Uid::from_raw(0), Gid::from_raw(0))
        .at(Step::Ids, nothing)
}

/// Sets the resource limits.
pub(super) fn set_rlimits(process: &Process) -> Result<(), SetupFailure> {
    for limit in process.rlimits().iter().flatten() {
        LinuxSyscall
            .set_rlimit(limit)
            .at(Step::Rlimit, || limit.typ().to_string())?;
    }
    Ok(())
}

/// Becomes the user and the groups of the spec, keeping for a moment the capabilities that are still needed.
pub(super) fn become_user(process: &Process, may_set_groups: bool) -> Result<(), SetupFailure> {
    let user = process.user();
    if let Some(umask) = user.umask() {
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(umask & 0o777));
    }
    let groups: Vec<Gid> = user
        .additional_gids()
        .iter()
        .flatten()
        .map(|gid| Gid::from_raw(*gid))
        .collect();
    if may_set_groups {
        LinuxSyscall
            .set_groups(&groups)
            .at(Step::User, || "groups".into())?;
    } else if !groups.is_empty() {
        return Err(SetupFailure::new(
            Step::User,
            "groups",
            "an ordinary user cannot change groups; leave additionalGids out to keep them",
        ));
    }
    LinuxSyscall
        .set_id(Uid::from_raw(user.uid()), Gid::from_raw(user.gid()))
        .at(Step::User, || format!("{}:{}", user.uid(), user.gid()))
}

/// Sets all five sets, each to exactly what the spec says; a set that it leaves out is empty.
///
/// libcontainer passes over a set that is absent, which would leave whatever the caller has.
pub(super) fn set_capabilities(process: &Process) -> Result<(), SetupFailure> {
    // Not `LinuxCapabilities::default()`, which has three capabilities in it.
    let wanted = process.capabilities().as_ref();
    let set = |get: fn(&LinuxCapabilities) -> &Option<Capabilities>| {
        wanted
            .and_then(|wanted| get(wanted).clone())
            .unwrap_or_default()
    };
    let exact = LinuxCapabilitiesBuilder::default()
        .bounding(set(LinuxCapabilities::bounding))
        .effective(set(LinuxCapabilities::effective))
        .permitted(set(LinuxCapabilities::permitted))
        .inheritable(set(LinuxCapabilities::inheritable))
        .ambient(set(LinuxCapabilities::ambient))
        .build()
        .at(Step::Capabilities, nothing)?;
    drop_privileges(&exact, &LinuxSyscall).at(Step::Capabilities, nothing)
}
