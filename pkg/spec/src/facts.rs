//! What the passes know of the machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flatrack_perms::XdgDir;
use serde::Serialize;

use crate::Shape;

/// The user on whose behalf the app runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// user id
    pub uid: u32,
    /// primary group id
    pub gid: u32,
    /// login name
    pub name: String,
    /// name of the primary group, if it has one
    pub group: Option<String>,
    /// the person's name
    pub real_name: String,
    /// home directory, without symbolic links
    pub home: PathBuf,
}

/// Which cgroup interface has the controllers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CgroupVersion {
    /// version 1, alone or beside an empty version 2 hierarchy
    V1,
    /// version 2
    V2,
}

/// Everything about the caller and the machine that a plan depends on, bar the file system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// who runs the app
    pub user: User,
    /// whether mounts can be made without a user namespace
    pub privileged: bool,
    /// the caller's environment
    pub environment: BTreeMap<String, String>,
    /// name of the machine's time zone
    pub zone: String,
    /// user directories that are set up on this machine
    pub user_dirs: BTreeMap<XdgDir, PathBuf>,
    /// the caller's `$XDG_RUNTIME_DIR`, without symbolic links
    pub runtime_dir: Option<PathBuf>,
    /// the cgroup interface
    pub cgroups: CgroupVersion,
    /// the kernel's Landlock version (ABI), 0 for none
    pub landlock: u32,
}

impl Facts {
    /// A variable of the caller's environment.
    #[must_use]
    pub fn env(&self, name: &str) -> Option<&str> {
        self.environment
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A base directory: the variable if it holds an absolute path, else the default below home.
    #[must_use]
    pub fn base_dir(&self, variable: &str, default: &str) -> PathBuf {
        match self.env(variable) {
            Some(path) if path.starts_with('/') => PathBuf::from(path),
            _ => self.user.home.join(default),
        }
    }
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    /// a directory
    Dir,
    /// a regular file
    File,
    /// a symbolic link and its target as written
    Symlink(PathBuf),
    /// a socket
    Socket,
    /// a device node
    Device,
    /// anything else
    Other,
}

impl FileKind {
    /// What a mount of it is.
    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Dir => Shape::Tree,
            Self::Socket => Shape::Socket,
            Self::File | Self::Symlink(_) | Self::Device | Self::Other => Shape::File,
        }
    }
}

/// What a device node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DeviceNumber {
    /// a block device, not a character device
    pub block: bool,
    /// which driver
    pub major: u32,
    /// which of its devices
    pub minor: u32,
}

/// The host's file system, looked at without following links.
pub trait Host {
    /// What stands at an absolute path; links are not followed in the last component.
    fn kind(&self, path: &Path) -> Option<FileKind>;
    /// Names in a directory, sorted; empty if it cannot be read.
    fn list(&self, directory: &Path) -> Vec<String>;
    /// The number of a device node; links are not followed.
    fn device(&self, path: &Path) -> Option<DeviceNumber>;

    /// The whole disk of a block device's node or of one of its partitions, or of the file system that anything else lies
    /// on; links are followed. `None` if there is none, or not one alone.
    fn disk(&self, path: &Path) -> Option<DeviceNumber>;

    /// The whole disk of that number, of which it may be a partition.
    fn whole_disk(&self, major: u32, minor: u32) -> Option<DeviceNumber>;

    /// Who owns what stands at a path, by user id.
    fn owner(&self, path: &Path) -> Option<u32>;

    /// The path with every symbolic link resolved, if it exists.
    fn resolve(&self, path: &Path) -> Option<PathBuf> {
        match resolve(self, path, 0, &|_| true) {
            Links::To(path) => Some(path),
            Links::Nowhere | Links::Foreign(_) => None,
        }
    }

    /// The same along links of this user and of root only: others could lead where only this user may go.
    fn resolve_own(&self, path: &Path, uid: u32) -> Links {
        let trusted =
            |link: &Path| matches!(self.owner(link), Some(owner) if owner == uid || owner == 0);
        resolve(self, path, 0, &trusted)
    }

    /// What stands at a path once links are resolved.
    fn kind_resolved(&self, path: &Path) -> Option<FileKind> {
        self.resolve(path).and_then(|path| self.kind(&path))
    }
}

/// Where a path leads once its links are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Links {
    /// to something that exists
    To(PathBuf),
    /// to nothing
    Nowhere,
    /// through this link, which is not to be followed
    Foreign(PathBuf),
}

/// As many links as the kernel follows in one path.
const MAX_LINKS: usize = 40;

fn resolve<H: Host + ?Sized>(
    host: &H,
    path: &Path,
    links: usize,
    trusted: &dyn Fn(&Path) -> bool,
) -> Links {
    use std::path::Component;
    let mut done = PathBuf::from("/");
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        match part {
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
            Component::ParentDir => {
                done.pop();
            }
            Component::Normal(name) => {
                let next = done.join(name);
                match host.kind(&next) {
                    None => return Links::Nowhere,
                    Some(FileKind::Symlink(_)) if links >= MAX_LINKS => return Links::Nowhere,
                    Some(FileKind::Symlink(_)) if !trusted(&next) => return Links::Foreign(next),
                    Some(FileKind::Symlink(target)) => {
                        let path = done.join(target).join(parts.as_path());
                        return resolve(host, &path, links + 1, trusted);
                    }
                    Some(_) => done = next,
                }
            }
        }
    }
    Links::To(done)
}

/// A file system in memory, for tests and for plans of another machine.
#[derive(Debug, Clone, Default)]
pub struct MapHost(pub BTreeMap<PathBuf, FileKind>);

impl MapHost {
    /// Adds an entry and the directories above it.
    #[must_use]
    pub fn with(mut self, path: &str, kind: FileKind) -> Self {
        for parent in Path::new(path).ancestors().skip(1) {
            self.0.entry(parent.to_owned()).or_insert(FileKind::Dir);
        }
        self.0.insert(PathBuf::from(path), kind);
        self
    }
}

impl Host for MapHost {
    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.0.get(path).cloned()
    }

    /// Everything in memory is root's.
    fn owner(&self, path: &Path) -> Option<u32> {
        self.0.contains_key(path).then_some(0)
    }

    fn list(&self, directory: &Path) -> Vec<String> {
        self.0
            .keys()
            .filter(|path| path.parent() == Some(directory))
            .filter_map(|path| path.file_name()?.to_str().map(str::to_owned))
            .collect()
    }

    /// A machine in memory has one disk, which everything lies on.
    fn disk(&self, path: &Path) -> Option<DeviceNumber> {
        self.kind(path)?;
        self.whole_disk(8, 0)
    }

    fn whole_disk(&self, major: u32, minor: u32) -> Option<DeviceNumber> {
        (major == 8).then_some(DeviceNumber {
            block: true,
            major,
            minor: minor & !15,
        })
    }

    /// Every device of a machine in memory has the number of the first hardware clock.
    fn device(&self, path: &Path) -> Option<DeviceNumber> {
        (self.kind(path) == Some(FileKind::Device)).then_some(DeviceNumber {
            block: false,
            major: 252,
            minor: 0,
        })
    }
}
