//! `[X-Devices]`: device nodes one by one.
//!
//! Paths and patterns are resolved now, at the start; a device that is plugged in later is seen by the next start. A node that is asked for
//! and missing refuses the start, unless it is `optional`. Each node is mounted by itself, from a descriptor that is checked to be the very
//! device; what may be done with it is held by Landlock, and by the device cgroup where there is one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flatrack_perms::{DeviceAccess, DeviceName, DeviceRule, Granted, Permission};

use super::{Input, PlanError, granted};
use crate::plan::{Access, DevicePlan, Env, Mount, Shape, Source, What};
use crate::{Cdi, DeviceNumber, FileKind, Plan, landlock};

/// Most nodes that one pattern stands for.
const MOST: usize = 256;

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let devices = &input.resolved.parts().devices;
    // with the whole of /dev there is no node to add
    let all = input.has(Permission::AllDevices);
    if devices.is_empty() {
        return Ok(());
    }
    if !all {
        drivers(input, plan);
    }
    for granted in devices.values() {
        match &granted.value.name {
            DeviceName::Node(_) if all => {}
            DeviceName::Node(pattern) => {
                for path in found(input, pattern, granted)? {
                    let node = Node {
                        inside: &path,
                        host: &path,
                        number: None,
                        access: granted.value.access,
                    };
                    add(input, plan, &node, granted)?;
                }
            }
            DeviceName::Cdi(name) => {
                for device in input
                    .launch
                    .cdi
                    .iter()
                    .filter(|device| device.name == *name)
                {
                    cdi(input, plan, device, granted)?;
                }
            }
        }
    }
    Ok(())
}

/// The paths that a pattern stands for.
fn found(
    input: &Input<'_>,
    pattern: &str,
    granted: &Granted<DeviceRule>,
) -> Result<Vec<PathBuf>, PlanError> {
    let mut paths = vec![PathBuf::from("/dev")];
    for part in pattern.trim_start_matches("/dev/").split('/') {
        paths = paths
            .iter()
            .flat_map(|directory| match part.contains(['*', '?']) {
                false => vec![directory.join(part)],
                true => input
                    .host
                    .list(directory)
                    .into_iter()
                    .filter(|name| !name.starts_with('.') && DeviceName::matches(part, name))
                    .map(|name| directory.join(name))
                    .collect(),
            })
            .collect();
    }
    if pattern.contains(['*', '?']) {
        // a pattern means devices: what else has a name like that is passed over
        paths.retain(|path| input.host.kind_resolved(path) == Some(FileKind::Device));
    } else {
        paths.retain(|path| input.host.kind_resolved(path).is_some());
    }
    match paths.len() {
        0 if !granted.value.optional => Err(refused(
            granted,
            "is not there",
            "plug it in, or write `:optional` behind it to start without",
        )),
        0..=MOST => Ok(paths),
        _ => Err(refused(
            granted,
            "stands for more than 256 devices",
            "write a narrower pattern",
        )),
    }
}

/// What a device of the Container Device Interface brings, bar its variables.
fn cdi(
    input: &Input<'_>,
    plan: &mut Plan,
    device: &Cdi,
    by: &Granted<DeviceRule>,
) -> Result<(), PlanError> {
    let none = input.has(Permission::AllDevices);
    for node in device.nodes.iter().filter(|_| !none) {
        let node = Node {
            inside: &node.inside,
            host: &node.host,
            number: node.number,
            access: node.access,
        };
        add(input, plan, &node, by)?;
    }
    for mount in &device.mounts {
        let Some(host) = input.host.resolve(&mount.host) else {
            return Err(refused(
                by,
                "brings a file that is not there",
                "have the CDI spec made anew by the vendor's tool",
            ));
        };
        let reason = granted(format!("device-node={}", by.value), &by.origin);
        plan.bind(host, &mount.inside, mount.access, reason);
    }
    Ok(())
}

/// Variables of CDI devices; after the environment is complete, and before the user's own word counts for more.
pub(super) fn environment(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let own = &input.resolved.parts().environment;
    for (name, value) in input.launch.cdi.iter().flat_map(|device| &device.env) {
        if !own.keys().any(|known| known.as_str() == name) {
            let value = value.clone();
            plan.environment.insert(
                name.clone(),
                Env {
                    value,
                    origin: None,
                },
            );
        }
    }
    Ok(())
}

/// One node to be shown.
struct Node<'a> {
    inside: &'a Path,
    host: &'a Path,
    number: Option<DeviceNumber>,
    access: DeviceAccess,
}

/// Shows one node; links on the host are followed there.
fn add(
    input: &Input<'_>,
    plan: &mut Plan,
    node: &Node<'_>,
    by: &Granted<DeviceRule>,
) -> Result<(), PlanError> {
    let access = node.access;
    let found = input.host.resolve(node.host);
    let found = found.and_then(|host| Some((input.host.device(&host)?, host)));
    let Some((number, host)) = found.filter(|(_, host)| host.starts_with("/dev")) else {
        return Err(refused(
            by,
            "is not a device",
            "a pattern such as `/dev/snd/*` names the devices of a directory",
        ));
    };
    if node.number.is_some_and(|wanted| wanted != number) {
        return Err(refused(
            by,
            "is another device than its CDI spec says",
            "have the CDI spec made anew by the vendor's tool",
        ));
    }
    let in_directory = |mount: &Mount| {
        let directory = matches!(mount.what, What::Bind { devices: true, .. });
        directory && node.inside != mount.destination && node.inside.starts_with(&mount.destination)
    };
    if node.inside != node.host && plan.mounts.iter().any(in_directory) {
        return Err(refused(
            by,
            "would make a file in a directory of the host that another permission shows",
            "take away one of the two",
        ));
    }
    let whole = access.read && access.write;
    if !whole && !input.facts.privileged && input.facts.landlock < landlock::FIRST {
        return Err(refused(
            by,
            "cannot be given in part: the kernel's Landlock is too old",
            "give `rw`, or run it as root",
        ));
    }
    plan.mounts.push(Mount {
        destination: node.inside.to_owned(),
        what: What::Bind {
            source: Source::Host(host.clone()),
            access: Access::ReadWrite,
            devices: true,
            shape: Shape::File,
        },
        reason: granted(format!("device-node={}", by.value), &by.origin),
    });
    plan.devices.push(DevicePlan {
        path: Some(node.inside.to_owned()),
        host,
        number,
        whole_driver: false,
        access,
        of_pod: false,
    });
    Ok(())
}

/// What other permissions show of `/dev` stays usable: every device of the drivers that have a node there.
fn drivers(input: &Input<'_>, plan: &mut Plan) {
    let shown: Vec<PathBuf> = plan
        .mounts
        .iter()
        .filter(|mount| matches!(mount.what, What::Bind { devices: true, .. }))
        .map(|mount| mount.destination.clone())
        .collect();
    let mut seen = BTreeMap::new();
    for path in shown {
        collect(input, &path, false, &mut seen);
    }
    for ((number, whole_driver), host) in seen {
        plan.devices.push(DevicePlan {
            path: None,
            host,
            number,
            whole_driver,
            access: DeviceAccess::READ_WRITE,
            of_pod: false,
        });
    }
}

/// Numbers, and whether they stand for the whole driver: in a directory more of its devices may appear.
type Seen = BTreeMap<(DeviceNumber, bool), PathBuf>;

fn collect(input: &Input<'_>, path: &Path, in_directory: bool, seen: &mut Seen) {
    if let Some(number) = input.host.device(path) {
        let minor = if in_directory { 0 } else { number.minor };
        let number = DeviceNumber { minor, ..number };
        seen.entry((number, in_directory))
            .or_insert_with(|| path.to_owned());
    } else if input.host.kind(path) == Some(FileKind::Dir) {
        for name in input.host.list(path) {
            collect(input, &path.join(name), true, seen);
        }
    }
}

fn refused(granted: &Granted<DeviceRule>, problem: &'static str, hint: &'static str) -> PlanError {
    PlanError::Device {
        device: granted.value.name.to_string(),
        by: granted.origin.to_string(),
        problem,
        hint,
    }
}
