//! What is to be run, as the passes see it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use flatrack_perms::{AppId, Arch, Branch, Bus, CdiName, DeviceAccess, Pref};
use serde::Serialize;

use crate::apparmor::Label;
use crate::pod::Pod;
use crate::{Access, DeviceNumber, Session};

/// A tree of files that is mounted as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tree {
    /// where it is on the host
    pub path: PathBuf,
    /// the commit it was made from; empty where there is none
    pub commit: String,
    /// what is mounted into it; the first comes before the others
    pub extensions: Vec<Extension>,
}

impl Tree {
    /// Its extensions as `/.flatpak-info` lists them.
    #[must_use]
    pub fn extension_list(&self) -> String {
        let items = self
            .extensions
            .iter()
            .map(|one| format!("{}={}", one.id, one.commit));
        items.collect::<Vec<_>>().join(";")
    }
}

/// An extension in the tree of an app or a runtime. Its paths are relative and have no `..`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// its id
    pub id: AppId,
    /// its commit, or `local`
    pub commit: String,
    /// its files on the host
    pub files: PathBuf,
    /// where it is mounted, relative to the tree
    pub directory: PathBuf,
    /// appended to that
    pub suffix: Option<PathBuf>,
    /// the directory above shows extensions and nothing else
    pub own_parent: bool,
    /// its libraries, relative to the mount point
    pub ld_path: Option<PathBuf>,
    /// directories of it whose entries are linked next to the mount point
    pub merge_dirs: Vec<PathBuf>,
}

/// How programs find libraries that are not in the runtime's own directories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Linker {
    /// by `LD_LIBRARY_PATH`
    Paths,
    /// by a cache that the runtime's own `ldconfig` made
    Cache(LinkerCache),
}

/// The cache at `/etc/ld.so.cache`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkerCache {
    /// where it is on the host
    pub path: PathBuf,
    /// the runtime leaves it to the sandbox to say where libraries are
    pub configure: bool,
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
    /// what the app was called before; it still sees its directories of those names
    pub previous_ids: Vec<AppId>,
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
    /// rows and columns of the caller's, which the new one has from the start
    pub window: Option<(u16, u16)>,
    /// run options in Flatpak's spelling, recorded for portals
    pub extra_args: Vec<String>,
    /// directory on the host where flatrack keeps its own things; no app ever sees it
    pub state: PathBuf,
    /// directory on the host for what instances of this app share
    pub per_app: PathBuf,
    /// nothing is shared with other instances, and nothing is kept
    pub sandbox: bool,
    /// start with an empty environment instead of the caller's
    pub clear_env: bool,
    /// trees that stand in for the app's or the runtime's
    pub replaced: Replaced,
    /// what the caller has open and shows at the same path, in order
    pub binds: Vec<(PathBuf, Access)>,
    /// what was found of the caller's session
    pub session: Session,
    /// services of the session and the machine
    pub services: Services,
    /// settings of the machine
    pub settings: Settings,
    /// how libraries are found
    pub linker: Linker,
    /// present while a manifest is built
    pub build: Option<Build>,
    /// devices that the machine's CDI specs describe, of those that the app gets
    pub cdi: Vec<Cdi>,
    /// path of the cgroup to make, if limits or accounting want one
    pub cgroup: Option<PathBuf>,
    /// what it gets of the pod that it is in
    pub pod: Pod,
    /// the AppArmor label to run under, if any
    pub apparmor: Option<Label>,
}

/// Trees that stand in for others, which move to `/run/parent` then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// for the app's files
    pub app: Option<Instead>,
    /// for the runtime's
    pub usr: Option<PathBuf>,
}

impl Replaced {
    /// Whether anything does.
    #[must_use]
    pub fn any(&self) -> bool {
        self.app.is_some() || self.usr.is_some()
    }
}

/// What stands at `/app` instead of the app's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// an empty directory
    Nothing,
    /// a tree of the host
    Tree(PathBuf),
}

/// Services that the app is connected to, found and decided before the plan is made. Sockets in it need not exist yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Services {
    /// sockets of buses: a proxy's, or the bus's own where that is granted
    pub buses: BTreeMap<Bus, PathBuf>,
    /// the app's part of the document portal's files
    pub documents: Option<PathBuf>,
    /// the directory by which portals know the instance
    pub identity: Option<PathBuf>,
}

/// Desktop settings that the app reads from files, as GLib's keyfile backend has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// values that hold until the app sets its own; empty if there are none
    pub defaults: String,
    /// paths that it cannot set, one a line; empty if there are none
    pub locks: String,
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
