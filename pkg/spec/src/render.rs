//! The plan as an OCI runtime spec. Looks at nothing but the plan.

mod resources;

use std::path::{Path, PathBuf};

use flatrack_perms::{Limits, Rlimit, RlimitKind};
use oci_spec::OciSpecError;
use oci_spec::runtime::{
    BoxBuilder, Capability, LinuxBuilder, LinuxCapabilitiesBuilder, LinuxDeviceCgroupBuilder,
    LinuxDeviceType, LinuxIdMappingBuilder, LinuxNamespace, LinuxNamespaceBuilder,
    LinuxNamespaceType, LinuxResources, LinuxSchedulerPolicy, Mount as OciMount, MountBuilder,
    PosixRlimit, PosixRlimitBuilder, PosixRlimitType, Process, ProcessBuilder, RootBuilder,
    Scheduler, Spec, SpecBuilder, UserBuilder,
};

use crate::plan::{Access, Mount, NamespaceKind, Plan, Shape, Source, What};
use crate::{CgroupVersion, landlock, seccomp};

pub use resources::resources;

/// Directory of a bundle that holds generated files and the init.
pub const FILES_DIR: &str = "files";

/// The annotation that carries the ports for the programs on the cgroup.
const PORTS: &str = "org.flatrack.ports";

/// Why a plan cannot be written down.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A value that the OCI document cannot hold.
    #[error("the plan does not fit an OCI document")]
    Document(#[from] OciSpecError),
    /// A limit beyond what the document's numbers hold.
    #[error("`{0}` does not fit an OCI document")]
    Limit(String),
    /// No architecture of the filter matches.
    #[error("no system call filter is known for the architecture `{0}`")]
    Arch(String),
}

/// Renders the OCI document of a bundle in `bundle`.
///
/// # Errors
/// See [`RenderError`].
pub fn render(
    plan: &Plan,
    bundle: &Path,
    arch: &str,
    cgroups: CgroupVersion,
) -> Result<Spec, RenderError> {
    let filter = seccomp::filter(arch, &plan.seccomp)?;
    if filter.architectures().as_ref().is_none_or(Vec::is_empty) {
        return Err(RenderError::Arch(arch.to_owned()));
    }
    let mut linux = LinuxBuilder::default()
        .namespaces(namespaces(plan)?)
        .masked_paths(strings(&plan.masked_paths))
        .readonly_paths(strings(&plan.readonly_paths))
        .rootfs_propagation("rslave")
        .resources(with_devices(plan, resources(&plan.resources, cgroups)?)?)
        .seccomp(filter);
    if plan.namespaces.contains(&NamespaceKind::User) {
        let one = |id| {
            LinuxIdMappingBuilder::default()
                .container_id(id)
                .host_id(id)
                .size(1u32)
                .build()
                .map(|m| vec![m])
        };
        linux = linux
            .uid_mappings(one(plan.ids.0)?)
            .gid_mappings(one(plan.ids.1)?);
    }
    if let Some(path) = &plan.resources.cgroup {
        linux = linux.cgroups_path(path);
    }
    let mounts = plan
        .mounts
        .iter()
        .map(|m| mount(m, bundle))
        .collect::<Result<Vec<_>, _>>()?;
    let mut annotations: std::collections::HashMap<String, String> = plan
        .annotations
        .iter()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    if let Some(rules) = &plan.landlock {
        let rules = serde_json::to_string(rules).map_err(OciSpecError::from)?;
        annotations.insert(landlock::ANNOTATION.to_owned(), rules);
    }
    if let Some(ports) = &plan.ports {
        let ports = serde_json::to_string(ports).map_err(OciSpecError::from)?;
        annotations.insert(PORTS.to_owned(), ports);
    }
    let mut spec = SpecBuilder::default()
        .version("1.0.2")
        .root(
            RootBuilder::default()
                .path("rootfs")
                .readonly(false)
                .build()?,
        )
        .mounts(mounts)
        .process(process(plan)?)
        .annotations(annotations)
        .linux(linux.build()?)
        .build()?;
    // the host's name stays visible, as under Flatpak; the builder would invent one
    spec.set_hostname(None).set_domainname(None);
    Ok(spec)
}

/// Where single devices are given, the cgroup withholds every other one as well, besides those that every container has.
fn with_devices(
    plan: &Plan,
    mut resources: LinuxResources,
) -> Result<LinuxResources, OciSpecError> {
    if plan.devices.is_empty() {
        return Ok(resources);
    }
    let mut rules = vec![
        LinuxDeviceCgroupBuilder::default()
            .allow(false)
            .access("rwm")
            .build()?,
    ];
    for device in &plan.devices {
        let kind = match device.number.block {
            true => LinuxDeviceType::B,
            false => LinuxDeviceType::C,
        };
        let mut rule = LinuxDeviceCgroupBuilder::default()
            .allow(true)
            .typ(kind)
            .major(i64::from(device.number.major))
            .access(device.access.to_string());
        if !device.whole_driver {
            rule = rule.minor(i64::from(device.number.minor));
        }
        rules.push(rule.build()?);
    }
    resources.set_devices(Some(rules));
    Ok(resources)
}

fn strings(paths: &[PathBuf]) -> Vec<String> {
    paths
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}

fn process(plan: &Plan) -> Result<Process, RenderError> {
    let mut args = vec!["/run/flatrack/init".to_owned()];
    let lock = |path: &PathBuf| format!("-l{}", path.to_string_lossy());
    args.extend(plan.locks.iter().map(lock));
    args.push("--".to_owned());
    args.extend(plan.command.iter().cloned());
    let environment = plan
        .environment
        .iter()
        .map(|(name, env)| format!("{name}={}", env.value));
    let none = || std::collections::HashSet::<Capability>::new();
    let capabilities = LinuxCapabilitiesBuilder::default()
        .bounding(none())
        .effective(none())
        .permitted(none())
        .inheritable(none())
        .ambient(none())
        .build()?;
    let mut process = ProcessBuilder::default()
        .terminal(plan.terminal)
        .user(
            UserBuilder::default()
                .uid(plan.ids.0)
                .gid(plan.ids.1)
                .build()?,
        )
        .args(args)
        .env(environment.collect::<Vec<_>>())
        .cwd(&plan.cwd)
        .capabilities(capabilities)
        .no_new_privileges(true)
        .rlimits(rlimits(&plan.resources.limits)?);
    if let Some((rows, columns)) = plan.window {
        let size = BoxBuilder::default().height(rows).width(columns).build()?;
        process = process.console_size(size);
    }
    if let Some(label) = &plan.apparmor {
        process = process.apparmor_profile(label.to_string());
    }
    if let Some(nice) = &plan.resources.limits.nice {
        let mut scheduler = Scheduler::default();
        scheduler
            .set_policy(LinuxSchedulerPolicy::SchedOther)
            .set_nice(Some(i32::from(nice.value.get())));
        process = process.scheduler(scheduler);
    }
    if let Some(score) = &plan.resources.limits.oom_score_adj {
        process = process.oom_score_adj(i32::from(score.value.get()));
    }
    Ok(process.build()?)
}

fn rlimits(limits: &Limits) -> Result<Vec<PosixRlimit>, OciSpecError> {
    let number = |limit: Option<u64>| limit.unwrap_or(u64::MAX);
    let one = |(kind, granted): (&RlimitKind, &flatrack_perms::Granted<Rlimit>)| {
        let typ = match kind {
            RlimitKind::Core => PosixRlimitType::RlimitCore,
            RlimitKind::Cpu => PosixRlimitType::RlimitCpu,
            RlimitKind::Fsize => PosixRlimitType::RlimitFsize,
            RlimitKind::Memlock => PosixRlimitType::RlimitMemlock,
            RlimitKind::Nofile => PosixRlimitType::RlimitNofile,
            RlimitKind::Nproc => PosixRlimitType::RlimitNproc,
            RlimitKind::Stack => PosixRlimitType::RlimitStack,
        };
        PosixRlimitBuilder::default()
            .typ(typ)
            .soft(number(granted.value.soft))
            .hard(number(granted.value.hard))
            .build()
    };
    limits.rlimits.iter().map(one).collect()
}

fn namespaces(plan: &Plan) -> Result<Vec<LinuxNamespace>, OciSpecError> {
    let kind = |kind: &NamespaceKind| match kind {
        NamespaceKind::Mount => LinuxNamespaceType::Mount,
        NamespaceKind::Pid => LinuxNamespaceType::Pid,
        NamespaceKind::Ipc => LinuxNamespaceType::Ipc,
        NamespaceKind::Network => LinuxNamespaceType::Network,
        NamespaceKind::User => LinuxNamespaceType::User,
    };
    plan.namespaces
        .iter()
        .map(|n| LinuxNamespaceBuilder::default().typ(kind(n)).build())
        .collect()
}

fn mount(mount: &Mount, bundle: &Path) -> Result<OciMount, OciSpecError> {
    let files = bundle.join(FILES_DIR);
    let (typ, source, options): (&str, PathBuf, Vec<String>) = match &mount.what {
        What::Bind {
            source: Source::Generated(name),
            ..
        } => (
            "bind",
            files.join(name),
            words(&["bind", "ro", "nosuid", "nodev"]),
        ),
        // replaced by the pod's own when the two are joined
        What::Bind {
            source: Source::Pod,
            ..
        } => ("bind", PathBuf::new(), words(&["bind"])),
        What::Bind {
            source: Source::Host(path) | Source::Socket(path),
            access,
            devices,
            shape,
        } => {
            // recursive attributes on a single file are refused by some runtimes
            let word = |of_a_tree: &'static str| match shape {
                Shape::Tree => of_a_tree,
                Shape::File | Shape::Socket => &of_a_tree[1..],
            };
            let mut options = vec![word("rbind"), "rslave", word("rnosuid")];
            if !devices {
                options.push(word("rnodev"));
            }
            if *access == Access::ReadOnly {
                options.push(word("rro"));
            }
            ("bind", path.clone(), words(&options))
        }
        What::Tmpfs { mode } => {
            let mut options = words(&["nosuid", "nodev"]);
            options.push(format!("mode={mode:04o}"));
            ("tmpfs", "tmpfs".into(), options)
        }
        What::Dev => (
            "tmpfs",
            "tmpfs".into(),
            words(&["nosuid", "noexec", "mode=0755"]),
        ),
        What::Proc => ("proc", "proc".into(), words(&["nosuid", "nodev", "noexec"])),
        What::Devpts => (
            "devpts",
            "devpts".into(),
            words(&[
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
            ]),
        ),
        What::Init => (
            "bind",
            files.join("init"),
            words(&["bind", "ro", "nosuid", "nodev", "exec"]),
        ),
    };
    MountBuilder::default()
        .destination(&mount.destination)
        .typ(typ)
        .source(source)
        .options(options)
        .build()
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}
