//! What is mounted, whence, and why.

use std::path::PathBuf;

use flatrack_perms::Origin;
use serde::Serialize;

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
    pub(crate) fn read_only(source: Source) -> Self {
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
