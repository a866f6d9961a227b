//! The plan: typed operations in order, each with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use flatrack_perms::{DeviceAccess, IoRates, Limits, Origin};
use serde::{Serialize, Serializer};

use crate::DeviceNumber;
use crate::landlock::Landlock;

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
    /// the document of the pod that the app is in
    Pod {
        /// the place in its list of mounts
        mount: usize,
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
    /// a socket of the host, the same way; it must be a socket, of the user or of the system
    Socket(PathBuf),
    /// a file that was generated for this start, by its name
    Generated(String),
    /// what the pod's document mounts there
    Pod,
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
        /// what stands there; set by the last pass
        shape: Shape,
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

impl What {
    fn read_only(source: Source) -> Self {
        Self::Bind {
            source,
            access: Access::ReadOnly,
            devices: false,
            shape: Shape::File,
        }
    }
}

/// What is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// a directory, with whatever is mounted below
    Tree,
    /// a single file or device node
    File,
    /// a socket: whoever connects has to be able to write to it, whether it is mounted read-only or not
    Socket,
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
    /// a file, for what must still be there when mounts are gone
    File {
        /// absolute path inside
        path: PathBuf,
        /// permissions
        mode: u32,
        /// what it holds
        content: String,
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
    pub content: Content,
}

/// What a generated file holds.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// what anybody may see
    Text(String),
    /// what is shown to nobody but the app
    Secret(#[serde(serialize_with = "size_only")] Vec<u8>),
}

impl Content {
    /// What is written to the file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Secret(bytes) => bytes,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Secret(bytes) => write!(f, "{} secret bytes", bytes.len()),
        }
    }
}

fn size_only<S: Serializer>(secret: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{} secret bytes", secret.len()))
}

/// A link that must stand in a directory of the host before the start, for what instances share. It is made there
/// without following anything the app may have put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostLink {
    /// a directory that is among the plan's [`HostDir`]s
    pub directory: PathBuf,
    /// its name
    pub name: String,
    /// where it leads, as the app sees it
    pub target: String,
}

/// A directory made for this start, mounted read-only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedDir {
    /// its name in the bundle
    pub name: String,
    /// what is in it, by relative path: directories, and links with their targets
    pub entries: BTreeMap<PathBuf, Option<PathBuf>>,
}

/// A directory that must exist on the host before the start. Made component by component below `root`,
/// never through a symbolic link. One that is for its owner alone must be the user's if it is there.
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
    /// disks whose traffic is limited
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<DiskPlan>,
    /// the cgroup, relative to the root of each hierarchy; absent if none is needed
    pub cgroup: Option<PathBuf>,
}

/// The most traffic of a whole disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiskPlan {
    /// the driver
    pub major: u32,
    /// which of its disks
    pub minor: u32,
    /// traffic in a second
    pub rates: IoRates,
}

/// A device that the app gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DevicePlan {
    /// path inside; absent for the devices of a directory that another permission shows
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// path of the node on the host, without links
    pub host: PathBuf,
    /// what it must stand for
    pub number: DeviceNumber,
    /// every device of that driver, not only this one
    pub whole_driver: bool,
    /// what may be done with it
    pub access: DeviceAccess,
    /// made from the document of the pod that the app is in, not from a node of the host's
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_pod: bool,
}

/// Ranges of ports with both ends, by protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PortRanges {
    /// TCP
    pub tcp: Vec<(u16, u16)>,
    /// UDP
    pub udp: Vec<(u16, u16)>,
}

/// What is left of the network. Words and meanings are the engine's (`flatrack_engine::ports`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PortPlan {
    /// to connect and to send to
    pub connect: PortRanges,
    /// to listen on
    pub bind: PortRanges,
}

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
