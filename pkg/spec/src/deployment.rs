//! What is to be run, as the passes see it.

use std::path::PathBuf;

use flatrack_perms::{AppId, Arch, Branch, Pref};
use serde::Serialize;

use crate::apparmor::Label;

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
    /// path of the cgroup to make, if limits or accounting want one
    pub cgroup: Option<PathBuf>,
    /// the AppArmor label to run under, if any
    pub apparmor: Option<Label>,
}

/// What differs while an app is being built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Build {
    /// the sources, at this path inside and out of the way of everything else
    pub directory: PathBuf,
    /// the same, as the build sees it
    pub inside: PathBuf,
}
