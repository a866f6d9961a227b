//! The plan: typed operations in order, each with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use flatrack_perms::{Limits, Origin};
use serde::Serialize;

use crate::apparmor::Label;

/// Why an operation is in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// every app has it
    Sandbox,
    /// a permission gave it
    Granted {
        /// the permission, as written
        permission: String,
        /// who granted it
        origin: Origin,
    },
}

/// Whether a mount can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// read only, with everything mounted below
    ReadOnly,
    /// read and write
    ReadWrite,
}

/// Where the content of a mount comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// a path of the host, opened once and mounted from the descriptor
    Host(PathBuf),
    /// a file that was generated for this start, by its name
    Generated(String),
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// something that exists elsewhere
    Bind {
        /// what
        source: Source,
        /// read only or not
        access: Access,
        /// device nodes below work
        devices: bool,
        /// a tree with whatever is mounted below, not a single file; set by the last pass
        tree: bool,
    },
    /// an empty file system in memory
    Tmpfs {
        /// permissions of its root directory
        mode: u32,
    },
    /// the file system of `/dev`, where nodes work
    Dev,
    /// a procfs of the PID namespace
    Proc,
    /// pseudo terminals of its own
    Devpts,
    /// the program that is process 1, from the engine; read only and executable
    Init,
}

/// A mount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// absolute path inside
    pub destination: PathBuf,
    /// what
    pub what: What,
    /// why
    pub reason: Reason,
}

/// An entry of the root file system itself, which starts empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Node {
    /// a directory
    Dir {
        /// absolute path inside
        path: PathBuf,
        /// permissions
        mode: u32,
    },
    /// a symbolic link
    Symlink {
        /// absolute path inside
        path: PathBuf,
        /// target, as written
        target: PathBuf,
    },
}

/// A file written for this start, mounted read-only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedFile {
    /// its name in the bundle
    pub name: String,
    /// what it holds
    pub content: String,
}

/// A directory that must exist on the host before the start. Made component by component below `root`,
/// never through a symbolic link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostDir {
    /// an existing directory that the user controls
    pub root: PathBuf,
    /// what to make below it
    pub below: PathBuf,
    /// permissions of what is made
    pub mode: u32,
}

/// Kinds of namespaces that can be private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NamespaceKind {
    /// file systems
    Mount,
    /// processes
    Pid,
    /// System V IPC and message queues
    Ipc,
    /// network
    Network,
    /// users
    User,
}

/// A variable of the environment, with the one who set it where that is not this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Env {
    /// the value
    pub value: String,
    /// who set it; `None` is inherited or a default
    pub origin: Option<Origin>,
}

/// Resources of the app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ResourcePlan {
    /// the limits
    pub limits: Limits,
    /// the cgroup, relative to the root of each hierarchy; absent if none is needed
    pub cgroup: Option<PathBuf>,
}

/// Everything that is done to start the app, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Plan {
    /// directories to make on the host first
    pub host_dirs: Vec<HostDir>,
    /// entries of the root file system
    pub nodes: Vec<Node>,
    /// files to generate
    pub files: Vec<GeneratedFile>,
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
    /// the environment
    pub environment: BTreeMap<String, Env>,
    /// resources
    pub resources: ResourcePlan,
    /// command and arguments, without the init
    pub command: Vec<String>,
    /// working directory
    pub cwd: PathBuf,
    /// a terminal of its own
    pub terminal: bool,
    /// the AppArmor label
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apparmor: Option<Label>,
    /// annotations of the OCI document
    pub annotations: BTreeMap<String, String>,
}

impl Plan {
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
                tree: true,
            },
            reason,
        });
    }

    /// Adds a generated file, read-only.
    pub(crate) fn file(&mut self, name: &str, destination: impl Into<PathBuf>, content: String) {
        self.files.push(GeneratedFile {
            name: name.to_owned(),
            content,
        });
        self.mounts.push(Mount {
            destination: destination.into(),
            what: What::Bind {
                source: Source::Generated(name.to_owned()),
                access: Access::ReadOnly,
                devices: false,
                tree: true,
            },
            reason: Reason::Sandbox,
        });
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
