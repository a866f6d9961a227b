//! What is to be run, as the passes see it.

use std::path::PathBuf;

use flatrack_perms::{AppId, Arch, Branch, CdiName, DeviceAccess, Pref};
use serde::Serialize;

use crate::{Access, DeviceNumber};

/// A tree of files that is mounted as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tree {
    /// where it is on the host
    pub path: PathBuf,
    /// the commit it was made from; empty where there is none
    pub commit: String,
}

/// A host path that appears below `/etc`, for a runtime that has no `/etc` of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EtcEntry {
    /// the name below `/etc`
    pub name: String,
    /// the path on the host
    pub source: PathBuf,
}

/// The app, its runtime, and where they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deployment {
    /// the app's id, or the runtime's when a bare runtime is run
    pub id: AppId,
    /// whether this is a bare runtime
    pub is_runtime: bool,
    /// architecture of the app
    pub arch: Arch,
    /// branch of the app
    pub branch: Branch,
    /// what is at `/app`; empty directory if absent
    pub app: Option<Tree>,
    /// the runtime's name
    pub runtime: Pref,
    /// what is at `/usr`
    pub usr: Tree,
    /// host files for `/etc`, for runtimes without their own
    pub etc: Vec<EtcEntry>,
    /// the user's own Flatpak installation, hidden from apps that see the home directory
    pub user_installation: PathBuf,
}

/// How it is to be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Launch {
    /// number of the instance, as in Flatpak
    pub instance: u32,
    /// command and arguments
    pub command: Vec<String>,
    /// the directory asked for
    pub cwd: Option<PathBuf>,
    /// the caller's directory, used if it exists inside
    pub caller_cwd: Option<PathBuf>,
    /// a terminal of its own
    pub terminal: bool,
    /// run options in Flatpak's spelling, recorded for portals
    pub extra_args: Vec<String>,
    /// directory on the host for what instances of this app share
    pub per_app: PathBuf,
    /// present while a manifest is built
    pub build: Option<Build>,
    /// devices that the machine's CDI specs describe, of those that the app gets
    pub cdi: Vec<Cdi>,
    /// path of the cgroup to make, if limits or accounting want one
    pub cgroup: Option<PathBuf>,
}

/// A device of the Container Device Interface, and what it brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cdi {
    /// its name
    pub name: CdiName,
    /// variables
    pub env: Vec<(String, String)>,
    /// device nodes
    pub nodes: Vec<CdiNode>,
    /// files and directories
    pub mounts: Vec<CdiMount>,
}

/// A device node that a CDI device brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CdiNode {
    /// path on the host
    pub host: PathBuf,
    /// path inside
    pub inside: PathBuf,
    /// what it must stand for, where the spec says so
    pub number: Option<DeviceNumber>,
    /// what may be done with it
    pub access: DeviceAccess,
}

/// Something of the host's file system that a CDI device brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CdiMount {
    /// path on the host
    pub host: PathBuf,
    /// path inside
    pub inside: PathBuf,
    /// read only or not
    pub access: Access,
}

/// What differs while an app is being built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Build {
    /// the sources, at this path inside and out of the way of everything else
    pub directory: PathBuf,
    /// the same, as the build sees it
    pub inside: PathBuf,
}
