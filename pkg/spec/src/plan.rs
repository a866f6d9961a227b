//! The plan: typed operations in order, each with its reason.

mod bounds;
mod files;
mod mount;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::apparmor::Label;
use crate::landlock::Landlock;

pub use bounds::{DevicePlan, DiskPlan, Env, NamespaceKind, PortPlan, PortRanges, ResourcePlan};
pub use files::{Content, GeneratedDir, GeneratedFile, HostDir, HostLink, Node};
pub use mount::{Access, Mount, Reason, Shape, Source, What};

/// Everything that is done to start the app, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Plan {
    /// directories to make on the host first
    pub host_dirs: Vec<HostDir>,
    /// links to make in them
    pub host_links: Vec<HostLink>,
    /// entries of the root file system
    pub nodes: Vec<Node>,
    /// files to generate
    pub files: Vec<GeneratedFile>,
    /// directories to generate
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<GeneratedDir>,
    /// mounts, in order
    pub mounts: Vec<Mount>,
    /// kernel paths made read-only
    pub readonly_paths: Vec<PathBuf>,
    /// kernel paths hidden
    pub masked_paths: Vec<PathBuf>,
    /// private namespaces
    pub namespaces: BTreeSet<NamespaceKind>,
    /// ids kept one to one, `(uid, gid)`
    pub ids: (u32, u32),
    /// features of the system call filter that are switched on
    pub seccomp: BTreeSet<String>,
    /// Landlock rules; absent where the kernel has no use for any
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landlock: Option<Landlock>,
    /// single devices; if there is one, every other device is withheld by the cgroup too
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<DevicePlan>,
    /// ports that programs on the cgroup leave
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ports: Option<PortPlan>,
    /// the environment
    pub environment: BTreeMap<String, Env>,
    /// resources
    pub resources: ResourcePlan,
    /// files inside that the init locks as long as it runs, which keeps Flatpak from deleting the trees they are in
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<PathBuf>,
    /// command and arguments, without the init
    pub command: Vec<String>,
    /// working directory
    pub cwd: PathBuf,
    /// a terminal of its own
    pub terminal: bool,
    /// its rows and columns
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<(u16, u16)>,
    /// descriptors of the caller that the app keeps, by their numbers
    pub descriptors: BTreeSet<i32>,
    /// the AppArmor label
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apparmor: Option<Label>,
    /// annotations of the OCI document
    pub annotations: BTreeMap<String, String>,
}

impl Plan {
    /// Whether a path of the host is shown inside at the same path.
    #[must_use]
    pub fn shows(&self, path: &Path) -> bool {
        let above = self
            .mounts
            .iter()
            .rev()
            .find(|mount| path.starts_with(&mount.destination));
        above.is_some_and(|mount| match &mount.what {
            What::Bind {
                source: Source::Host(source),
                ..
            } => {
                let of_the_host = source == &mount.destination;
                of_the_host && !["/usr", "/app"].iter().any(|own| source == Path::new(own))
            }
            _ => false,
        })
    }

    /// The text by which portals know the app, `/.flatpak-info`.
    #[must_use]
    pub fn app_info(&self) -> &str {
        crate::info::text(self)
    }

    /// Adds a bind of a host path.
    pub(crate) fn bind(
        &mut self,
        source: impl Into<PathBuf>,
        destination: impl Into<PathBuf>,
        access: Access,
        reason: Reason,
    ) {
        self.mounts.push(Mount {
            destination: destination.into(),
            what: What::Bind {
                source: Source::Host(source.into()),
                access,
                devices: false,
                shape: Shape::Tree,
            },
            reason,
        });
    }

    /// Adds a generated file, read-only.
    pub(crate) fn file(&mut self, name: &str, destination: impl Into<PathBuf>, content: String) {
        self.files.push(GeneratedFile {
            name: name.to_owned(),
            content: Content::Text(content),
        });
        self.mounts.push(Mount {
            destination: destination.into(),
            what: What::Bind {
                source: Source::Generated(name.to_owned()),
                access: Access::ReadOnly,
                devices: false,
                shape: Shape::Tree,
            },
            reason: Reason::Sandbox,
        });
    }

    /// Adds a generated file that only the app may read.
    pub(crate) fn secret(
        &mut self,
        name: &str,
        destination: impl Into<PathBuf>,
        content: Vec<u8>,
        reason: Reason,
    ) {
        self.files.push(GeneratedFile {
            name: name.to_owned(),
            content: Content::Secret(content),
        });
        self.mounts.push(Mount {
            destination: destination.into(),
            what: What::read_only(Source::Generated(name.to_owned())),
            reason,
        });
    }

    /// Adds a socket of the host. It is read-only, which does not keep anyone from connecting.
    pub(crate) fn socket(
        &mut self,
        source: impl Into<PathBuf>,
        destination: impl Into<PathBuf>,
        reason: Reason,
    ) {
        self.mounts.push(Mount {
            destination: destination.into(),
            what: What::read_only(Source::Socket(source.into())),
            reason,
        });
    }

    /// Sets a variable whatever else was said of it.
    pub(crate) fn set_env(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        let env = Env {
            value,
            origin: None,
        };
        self.environment.insert(name.to_owned(), env);
    }

    /// Adds a mount that every app has.
    pub(crate) fn mount(&mut self, destination: impl Into<PathBuf>, what: What) {
        self.mounts.push(Mount {
            destination: destination.into(),
            what,
            reason: Reason::Sandbox,
        });
    }

    /// Adds a directory of the root file system.
    pub(crate) fn dir(&mut self, path: impl Into<PathBuf>, mode: u32) {
        self.nodes.push(Node::Dir {
            path: path.into(),
            mode,
        });
    }

    /// Adds a symbolic link of the root file system.
    pub(crate) fn symlink(&mut self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) {
        self.nodes.push(Node::Symlink {
            path: path.into(),
            target: target.into(),
        });
    }
}
