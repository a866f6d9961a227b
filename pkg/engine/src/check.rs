//! What the spec may not ask for: each refused by name before anything is made. A field that is silently left out would be a weaker
//! sandbox than the one asked for.

use libcontainer::rootfs::utils::is_bind;
use oci_spec::runtime::{
    Hooks, LinuxNamespace, LinuxNamespaceType, LinuxSchedulerPolicy, Mount, Process, Scheduler,
    Spec,
};

use crate::error::{Error, Result};
use crate::hooks;

fn refuse(field: &str, why: &str) -> Result<()> {
    Err(Error::Unsupported {
        field: field.into(),
        why: why.into(),
    })
}

fn invalid(field: &str, why: &str) -> Result<()> {
    Err(Error::InvalidSpec {
        field: field.into(),
        why: why.into(),
    })
}

/// Checks a whole document.
pub(crate) fn spec(spec: &Spec) -> Result<()> {
    if spec.root().is_none() {
        invalid("root", "it is missing")?;
    }
    hooks(spec.hooks().as_ref())?;
    let Some(linux) = spec.linux() else {
        return invalid("linux", "it is missing");
    };
    if linux
        .mount_label()
        .as_ref()
        .is_some_and(|label| !label.is_empty())
    {
        refuse("linux.mountLabel", "SELinux is not supported")?;
    }
    if linux.intel_rdt().is_some() {
        refuse(
            "linux.intelRdt",
            "cache and bandwidth allocation is not supported",
        )?;
    }
    if linux.memory_policy().is_some() {
        refuse("linux.memoryPolicy", "memory policies are not supported")?;
    }
    if linux
        .net_devices()
        .as_ref()
        .is_some_and(|devices| !devices.is_empty())
    {
        refuse(
            "linux.netDevices",
            "moving network devices is not supported",
        )?;
    }
    let namespaces = linux.namespaces().as_deref().unwrap_or_default();
    if linux.time_offsets().is_some()
        || namespaces
            .iter()
            .any(|namespace| namespace.typ() == LinuxNamespaceType::Time)
    {
        refuse("linux.namespaces", "time namespaces are not supported")?;
    }
    if linux
        .personality()
        .as_ref()
        .is_some_and(|personality| personality.flags().iter().flatten().next().is_some())
    {
        refuse(
            "linux.personality.flags",
            "flags of personalities are not supported",
        )?;
    }
    for mount in spec.mounts().iter().flatten() {
        mapped_ids(mount, namespaces)?;
        if !mount.destination().is_absolute() {
            invalid(
                "mounts.destination",
                &format!("`{}` is not absolute", mount.destination().display()),
            )?;
        }
    }
    match spec.process() {
        Some(process) => self::process(process),
        None => invalid("process", "it is missing"),
    }
}

/// Whose files a mount shows can be changed for what exists already, for users and groups together.
fn mapped_ids(mount: &Mount, namespaces: &[LinuxNamespace]) -> Result<()> {
    const FIELD: &str = "mounts.uidMappings";
    let [users, groups] = [mount.uid_mappings(), mount.gid_mappings()];
    let [users, groups] = [users, groups].map(|ids| ids.iter().flatten().next().is_some());
    let options = mount.options().iter().flatten();
    let asked = options
        .into_iter()
        .any(|option| IDS.contains(&option.as_str()));
    if users != groups {
        return invalid(FIELD, "users and groups must both be mapped");
    }
    if !users && !asked {
        return Ok(());
    }
    if !is_bind(mount) {
        return refuse(FIELD, "ids are mapped of bind mounts only");
    }
    let has_users = |one: &LinuxNamespace| one.typ() == LinuxNamespaceType::User;
    match users || namespaces.iter().any(has_users) {
        true => Ok(()),
        false => invalid(FIELD, "there are neither mappings nor a user namespace"),
    }
}

/// Options for it.
const IDS: [&str; 2] = ["idmap", "ridmap"];

/// Whether a scheduler is another one than everybody's, in which only the priority can be chosen.
fn is_more_than_nice(scheduler: &Scheduler) -> bool {
    *scheduler.policy() != LinuxSchedulerPolicy::SchedOther
        || scheduler.priority().is_some_and(|priority| priority != 0)
        || scheduler.flags().iter().flatten().next().is_some()
        || scheduler.runtime().is_some()
        || scheduler.deadline().is_some()
        || scheduler.period().is_some()
}

/// A hook is found by its path alone, and a limit of no time would be no hook.
fn hooks(hooks: Option<&Hooks>) -> Result<()> {
    for hook in hooks.into_iter().flat_map(hooks::all) {
        if !hook.path().is_absolute() {
            let why = format!("the path `{}` is not absolute", hook.path().display());
            invalid("hooks", &why)?;
        }
        if hook.timeout().is_some_and(|seconds| seconds <= 0) {
            invalid("hooks", "a timeout must be more than nothing")?;
        }
    }
    Ok(())
}

/// Checks a process, the container's own or one to be started in it.
pub(crate) fn process(process: &Process) -> Result<()> {
    if process.args().iter().flatten().next().is_none() {
        invalid("process.args", "there is no program to run")?;
    }
    if !process.cwd().is_absolute() {
        invalid(
            "process.cwd",
            &format!("`{}` is not absolute", process.cwd().display()),
        )?;
    }
    if process
        .selinux_label()
        .as_ref()
        .is_some_and(|label| !label.is_empty())
    {
        refuse("process.selinuxLabel", "SELinux is not supported")?;
    }
    if process.io_priority().is_some()
        || process.scheduler().as_ref().is_some_and(is_more_than_nice)
        || process.exec_cpu_affinity().is_some()
    {
        refuse(
            "process.scheduler",
            "other schedulers than SCHED_OTHER, priorities of input and output and the affinity of exec are not supported",
        )?;
    }
    let texts = process
        .args()
        .iter()
        .flatten()
        .chain(process.env().iter().flatten());
    if texts.into_iter().any(|text| text.contains('\0')) {
        invalid("process.args", "an argument or a variable contains a NUL")?;
    }
    Ok(())
}
