//! The Landlock rules: from the finished plan, so that they say once more, by another mechanism, what the mounts say.
//!
//! Landlock grants for whole trees and cannot take a part of one back. A read-only mount below a writable directory is therefore held by
//! the mount alone, as is everything else that this table does not narrow.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use flatrack_perms::DeviceAccess;
use serde::Serialize;

use crate::passes::{Input, PlanError};
use crate::plan::{Access, Node, Plan, What};

/// The annotation that carries the rules.
pub(crate) const ANNOTATION: &str = "org.flatrack.landlock";

/// The first version that does not forbid renames from one directory to another.
pub(crate) const FIRST: u32 = 2;
/// The newest version of which rights for files are used.
const NEWEST: u32 = 5;

/// Rules as the annotation holds them. Words and meanings are the engine's (`flatrack_engine::landlock`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Landlock {
    /// the version of Landlock that they are for
    pub abi: u32,
    /// what may be opened; absent where the kernel cannot tell
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileRule>>,
    /// TCP ports that are left; absent withholds none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp: Option<Tcp>,
    /// abstract sockets outside of the sandbox are withheld
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_abstract_sockets: bool,
}

/// What may be done with a file or a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRule {
    /// path inside
    pub path: PathBuf,
    /// what
    pub access: FileAccess,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileAccess {
    /// directories are listed
    List,
    /// listed, read, executed
    Read,
    /// all that, and changed in every way
    Change,
    /// what is there is read, written and asked by ioctl
    Use,
    /// a device is read from
    ReadDevice,
    /// a device is written to
    WriteDevice,
}

/// TCP ports, as ranges with both ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tcp {
    /// to connect to
    pub connect: Vec<(u16, u16)>,
    /// to listen on
    pub bind: Vec<(u16, u16)>,
}

/// Directories of the root file system in which nothing but mounts is of use.
const CLOSED: [&str; 6] = ["/app", "/dev", "/etc", "/proc", "/sys", "/usr"];

/// What every `/dev` of the sandbox's own has (the engine's table), besides directories that are mounts.
const NODES: [&str; 8] = [
    "/dev/console",
    "/dev/full",
    "/dev/null",
    "/dev/ptmx",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
];

pub(crate) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let abi = input.facts.landlock;
    if abi < FIRST {
        return Ok(());
    }
    let mut rules = BTreeMap::from([(PathBuf::from("/"), FileAccess::List)]);
    let made = plan.nodes.iter().map(|node| match node {
        Node::Dir { path, .. } => path.as_path(),
        // the entry itself may be a link to somewhere that is mounted
        Node::File { path, .. } | Node::Symlink { path, .. } => path.parent().unwrap_or(path),
    });
    let mounted = plan
        .mounts
        .iter()
        .filter_map(|mount| mount.destination.parent());
    for top in made.chain(mounted).filter_map(top) {
        if !CLOSED.iter().any(|closed| top == Path::new(closed)) {
            rules.insert(top, FileAccess::Change);
        }
    }
    for mount in &plan.mounts {
        rules.insert(mount.destination.clone(), access(&mount.what));
        if mount.what == What::Dev {
            rules.extend(NODES.map(|node| (node.into(), FileAccess::Use)));
        }
    }
    for device in &plan.devices {
        let access = match device.access {
            DeviceAccess {
                read: true,
                write: false,
                ..
            } => FileAccess::ReadDevice,
            DeviceAccess {
                read: false,
                write: true,
                ..
            } => FileAccess::WriteDevice,
            _ => FileAccess::Use,
        };
        rules.extend(device.path.clone().map(|path| (path, access)));
    }
    let landlock = plan.landlock.get_or_insert_with(|| Landlock::new(abi));
    landlock.files = Some(
        rules
            .into_iter()
            .map(|(path, access)| FileRule { path, access })
            .collect(),
    );
    Ok(())
}

impl Landlock {
    /// No rules yet.
    pub(crate) fn new(kernel: u32) -> Self {
        Self {
            abi: kernel.min(NEWEST),
            files: None,
            tcp: None,
            own_abstract_sockets: false,
        }
    }
}

/// The entry of `/` that a path is in.
fn top(path: &Path) -> Option<PathBuf> {
    let mut parts = path.components();
    match (parts.next(), parts.next()) {
        (Some(Component::RootDir), Some(Component::Normal(name))) => {
            Some(Path::new("/").join(name))
        }
        _ => None,
    }
}

fn access(what: &What) -> FileAccess {
    match what {
        What::Bind { devices: true, .. } | What::Proc | What::Devpts => FileAccess::Use,
        What::Bind {
            access: Access::ReadOnly,
            ..
        }
        | What::Init => FileAccess::Read,
        What::Bind {
            access: Access::ReadWrite,
            ..
        }
        | What::Tmpfs { .. } => FileAccess::Change,
        What::Dev => FileAccess::List,
    }
}
