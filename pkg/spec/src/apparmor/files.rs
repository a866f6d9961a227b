//! File rules from mounts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::pattern::{below, directory};
use super::{InheritedFile, Rule, quoted};
use crate::plan::DevicePlan;
use crate::{Access, Mount, Node, Plan, Reason, Shape, Source, What};

/// A tree that cannot be written to. Programs and libraries run from it, under the same profile; readers of databases lock
/// them, as the init locks the runtime against removal.
const READ: &str = "mrkix";
/// A tree that can be written to. Programs run from it too: Flatpak's apps install plugins and tools in their data,
/// and whoever can write a file can as well interpret it; they stay under the same profile and gain nothing.
const WRITE: &str = "mrwlkix";
/// Files in memory: shared, but never executed.
const MEMORY: &str = "mrwlk";
/// A device or a single file.
const NODE: &str = "mrwk";
/// Where paths of sockets are looked at, whoever connects needs both.
const SOCKET: &str = "rw";

pub(super) fn rules(plan: &Plan) -> Vec<Rule> {
    let mut rules = directories(plan);
    for (at, mount) in plan.mounts.iter().enumerate() {
        match device(plan, mount) {
            Some(device) => {
                let why = why(&mount.reason);
                rules.extend(of_device(plan, &mount.destination, device, &why));
            }
            None => rules.extend(of_mount(mount)),
        }
        if is_read_only(mount) && lies_in_writable(plan, at) && !holds_writable(plan, mount) {
            rules.push(Rule {
                text: format!("deny {} wl", below(&mount.destination)),
                why: format!(
                    "read-only inside of a writable tree; {}",
                    why(&mount.reason)
                ),
            });
        }
    }
    // nodes that the engine makes, which are no mounts
    for device in plan.devices.iter().filter(|device| device.of_pod) {
        if let Some(path) = &device.path {
            rules.extend(of_device(plan, path, device, "a device of the pod's"));
        }
    }
    if let Some(home) = home_in_memory(plan) {
        let why = "a home directory in memory; what is shown in it has rules of its own";
        rules.extend(tree(home, WRITE, "rw", why));
    }
    rules
}

/// Rules for what the app is started with.
pub(super) fn inherited(files: &[InheritedFile]) -> Vec<Rule> {
    let unique: BTreeSet<&InheritedFile> = files.iter().collect();
    let rule = |file: &InheritedFile| Rule {
        text: format!(
            "{} {}{}",
            quoted(file.path.as_os_str()),
            if file.read { "r" } else { "" },
            if file.write { "w" } else { "" }
        ),
        why: "given as standard input, output or error".to_owned(),
    };
    unique.into_iter().map(rule).collect()
}

/// Directories of the root file system and those that lead to mounts can be listed.
fn directories(plan: &Plan) -> Vec<Rule> {
    let mut paths: BTreeSet<PathBuf> = BTreeSet::new();
    for node in &plan.nodes {
        if let Node::Dir { path, .. } = node {
            paths.insert(path.clone());
        }
    }
    for mount in &plan.mounts {
        paths.extend(mount.destination.ancestors().skip(1).map(Path::to_owned));
    }
    // the base and the mounts have rules of their own
    paths.remove(Path::new("/"));
    for mount in &plan.mounts {
        paths.remove(&mount.destination);
    }
    paths
        .iter()
        .map(|path| Rule {
            text: format!("{} r", directory(path)),
            why: "leads to what is mounted".to_owned(),
        })
        .collect()
}

/// The home directory, unless a mount shows one.
fn home_in_memory(plan: &Plan) -> Option<&Path> {
    let home = Path::new(&plan.environment.get("HOME")?.value);
    let shown = plan
        .mounts
        .iter()
        .any(|mount| home.starts_with(&mount.destination));
    (home.is_absolute() && home != Path::new("/") && !shown).then_some(home)
}

/// Where portals look for an instance: below it is one directory, whose name is another number at each start. The text
/// is to be the same for every instance of an app, so that they share one profile.
const IDENTITIES: &str = "/run/flatpak/.flatpak";

fn same_each_time(path: &Path) -> &Path {
    match path.starts_with(IDENTITIES) {
        true => Path::new(IDENTITIES),
        false => path,
    }
}

fn of_mount(mount: &Mount) -> Vec<Rule> {
    let path = same_each_time(&mount.destination);
    let why = why(&mount.reason);
    match &mount.what {
        What::Bind {
            shape: Shape::Tree,
            devices: true,
            ..
        } => tree(path, NODE, "r", &why),
        What::Bind {
            shape: Shape::Tree,
            access,
            ..
        } => match access {
            Access::ReadOnly if path.starts_with("/sys") => tree(path, "r", "r", &why),
            Access::ReadOnly => tree(path, READ, "r", &why),
            Access::ReadWrite => tree(path, WRITE, "rw", &why),
        },
        What::Bind {
            shape: Shape::Socket,
            ..
        } => vec![file(path, SOCKET, &why)],
        What::Bind {
            source: Source::Generated(_),
            ..
        } => vec![file(path, "r", &why)],
        What::Bind {
            access: Access::ReadOnly,
            ..
        } => vec![file(path, "mr", &why)],
        What::Bind {
            access: Access::ReadWrite,
            ..
        } => vec![file(path, NODE, &why)],
        What::Tmpfs { .. } => tree(path, MEMORY, "rw", &why),
        What::Init => vec![file(path, READ, "the first process, which reaps")],
        // the base has their rules
        What::Dev | What::Proc | What::Devpts => Vec::new(),
    }
}

/// The single device that a mount shows.
fn device<'p>(plan: &'p Plan, mount: &Mount) -> Option<&'p DevicePlan> {
    plan.devices
        .iter()
        .find(|device| device.path.as_ref() == Some(&mount.destination))
}

/// A single device, letter by letter.
///
/// A letter that is not given is denied, because the base gives some nodes whole; not so in a directory of devices that
/// another permission gives.
fn of_device(plan: &Plan, path: &Path, device: &DevicePlan, why: &str) -> Vec<Rule> {
    let letters = [(device.access.read, "mr"), (device.access.write, "w")];
    let only = |wanted: bool| -> String {
        let those = letters.iter().filter(|(given, _)| *given == wanted);
        those.map(|(_, letters)| *letters).collect()
    };
    let withheld = only(false);
    // whoever has it open may lock it
    let mut rules = vec![file(path, &(only(true) + "k"), why)];
    let in_directory = plan.mounts.iter().any(|above| {
        let shows_devices = matches!(above.what, What::Bind { devices: true, .. });
        shows_devices && above.destination != path && path.starts_with(&above.destination)
    });
    if !withheld.is_empty() && !in_directory {
        rules.push(Rule {
            text: format!("audit deny {} {withheld}", quoted(path.as_os_str())),
            why: format!("no more of this device is given; {why}"),
        });
    }
    rules
}

fn file(path: &Path, access: &str, why: &str) -> Rule {
    Rule {
        text: format!("{} {access}", quoted(path.as_os_str())),
        why: why.to_owned(),
    }
}

/// The directory itself, and everything below it.
fn tree(path: &Path, access: &str, itself: &str, why: &str) -> Vec<Rule> {
    let rule = |text| Rule {
        text,
        why: why.to_owned(),
    };
    vec![
        rule(format!("{} {itself}", directory(path))),
        rule(format!("{} {access}", below(path))),
    ]
}

fn is_read_only(mount: &Mount) -> bool {
    matches!(
        mount.what,
        What::Bind {
            access: Access::ReadOnly,
            shape: Shape::Tree,
            ..
        }
    )
}

fn is_writable(mount: &Mount) -> bool {
    matches!(
        mount.what,
        What::Bind {
            access: Access::ReadWrite,
            ..
        } | What::Tmpfs { .. }
    )
}

/// Whether the mount below which this one lies can be written to.
fn lies_in_writable(plan: &Plan, at: usize) -> bool {
    let path = &plan.mounts[at].destination;
    plan.mounts[..at]
        .iter()
        .any(|mount| is_writable(mount) && path.starts_with(&mount.destination))
}

/// Whether something below this mount can be written to; a denial would take that away as well.
fn holds_writable(plan: &Plan, holder: &Mount) -> bool {
    plan.mounts
        .iter()
        .any(|mount| is_writable(mount) && mount.destination.starts_with(&holder.destination))
}

/// The grant behind a mount, for the comment.
fn why(reason: &Reason) -> String {
    match reason {
        Reason::Sandbox => "every app has it".to_owned(),
        Reason::Pod { .. } => "mounted by the pod".to_owned(),
        Reason::Granted { permission, origin } => format!("{permission}, granted by {origin}"),
    }
}
