//! The plan as an OCI runtime spec. Looks at nothing but the plan.

use std::path::{Path, PathBuf};

use flatrack_perms::{ByteLimit, CountLimit, Limits, Rlimit, RlimitKind};
use oci_spec::OciSpecError;
use oci_spec::runtime::{
    BoxBuilder, Capability, LinuxBlockIoBuilder, LinuxBuilder, LinuxCapabilitiesBuilder,
    LinuxCpuBuilder, LinuxDeviceCgroupBuilder, LinuxDeviceType, LinuxIdMappingBuilder,
    LinuxMemoryBuilder, LinuxNamespace, LinuxNamespaceBuilder, LinuxNamespaceType,
    LinuxPidsBuilder, LinuxResources, LinuxResourcesBuilder, Mount as OciMount, MountBuilder,
    PosixRlimit, PosixRlimitBuilder, PosixRlimitType, Process, ProcessBuilder, RootBuilder, Spec,
    SpecBuilder, UserBuilder,
};

use crate::plan::{Access, Mount, NamespaceKind, Plan, Shape, Source, What};
use crate::{CgroupVersion, landlock, seccomp};

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
        .resources(with_devices(
            plan,
            resources(&plan.resources.limits, cgroups)?,
        )?)
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
    let mut args = vec!["/run/flatrack/init".to_owned(), "--".to_owned()];
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

/// A limit that OCI writes as a signed number, with -1 for none.
fn bytes(limit: ByteLimit) -> Result<i64, RenderError> {
    match limit {
        ByteLimit::Max => Ok(-1),
        ByteLimit::Bytes(bytes) => {
            i64::try_from(bytes).map_err(|_| RenderError::Limit(limit.to_string()))
        }
    }
}

/// Limits as the document holds them; for changes while an app runs.
///
/// # Errors
/// See [`RenderError`].
pub fn resources(limits: &Limits, cgroups: CgroupVersion) -> Result<LinuxResources, RenderError> {
    let v2 = cgroups == CgroupVersion::V2;
    let mut unified = std::collections::HashMap::new();
    let mut resources = LinuxResourcesBuilder::default()
        // nodes are withheld by the mount tree; nothing inside can make one
        .devices(vec![
            LinuxDeviceCgroupBuilder::default()
                .allow(true)
                .access("rwm")
                .build()?,
        ]);

    let mut memory = LinuxMemoryBuilder::default();
    let mut any = false;
    if let Some(max) = &limits.memory_max {
        memory = memory.limit(bytes(max.value)?);
        any = true;
    }
    if let Some(low) = &limits.memory_low {
        memory = memory.reservation(bytes(low.value)?);
        any = true;
    }
    match (&limits.memory_swap_max, &limits.memory_max) {
        // OCI counts memory and swap together
        (Some(swap), Some(max)) => {
            let both = match (swap.value, max.value) {
                (ByteLimit::Bytes(swap), ByteLimit::Bytes(max)) => {
                    bytes(ByteLimit::Bytes(swap.saturating_add(max)))?
                }
                _ => -1,
            };
            memory = memory.swap(both);
        }
        (Some(swap), None) => {
            unified.insert("memory.swap.max".to_owned(), number(swap.value));
        }
        _ => {}
    }
    if any {
        resources = resources.memory(memory.build()?);
    }
    if let Some(high) = &limits.memory_high {
        unified.insert("memory.high".to_owned(), number(high.value));
    }
    if let Some(cpu) = cpu(limits, v2, &mut unified)? {
        resources = resources.cpu(cpu);
    }
    if let Some(pids) = &limits.pids_max {
        let limit = match pids.value {
            CountLimit::Max => -1,
            CountLimit::Count(count) => {
                i64::try_from(count).map_err(|_| RenderError::Limit(format!("pids-max={count}")))?
            }
        };
        resources = resources.pids(LinuxPidsBuilder::default().limit(limit).build()?);
    }
    if let Some(weight) = &limits.io_weight {
        if v2 {
            unified.insert("io.weight".to_owned(), format!("default {}", weight.value));
        } else {
            // 100 is everyone's weight in v2, 500 in v1, where the range is 10 to 1000
            let weight = (u32::from(weight.value.get()) * 5).clamp(10, 1000);
            let weight = u16::try_from(weight).unwrap_or(1000);
            resources = resources.block_io(LinuxBlockIoBuilder::default().weight(weight).build()?);
        }
    }
    if !unified.is_empty() {
        resources = resources.unified(unified);
    }
    Ok(resources.build()?)
}

fn cpu(
    limits: &Limits,
    v2: bool,
    unified: &mut std::collections::HashMap<String, String>,
) -> Result<Option<oci_spec::runtime::LinuxCpu>, RenderError> {
    let mut cpu = LinuxCpuBuilder::default();
    let mut any = false;
    if let Some(max) = &limits.cpu_max {
        let quota = match max.value.quota {
            None => -1,
            Some(quota) => {
                i64::try_from(quota).map_err(|_| RenderError::Limit(max.value.to_string()))?
            }
        };
        cpu = cpu.quota(quota).period(max.value.period);
        any = true;
    }
    if let Some(weight) = &limits.cpu_weight {
        if v2 {
            unified.insert("cpu.weight".to_owned(), weight.value.to_string());
        } else {
            // 100 is everyone's weight in v2, 1024 in v1
            cpu = cpu.shares((u64::from(weight.value.get()) * 1024 / 100).max(2));
            any = true;
        }
    }
    if let Some(list) = &limits.cpuset {
        cpu = cpu.cpus(list.value.as_str());
        any = true;
    }
    Ok(if any { Some(cpu.build()?) } else { None })
}

fn number(limit: ByteLimit) -> String {
    match limit {
        ByteLimit::Max => "max".to_owned(),
        ByteLimit::Bytes(bytes) => bytes.to_string(),
    }
}
