//! Instances: numbered directories of running apps, made and removed as a whole.
//!
//! ```text
//! /run/flatrack/                     root; others: $XDG_RUNTIME_DIR/flatrack
//!   instances/NUMBER/
//!     bundle/{config.json,files/,rootfs/}
//!     instance.json                  who this is, for ps
//!     last-words                     made by who follows events, written at the end
//!     proxy/, bus/                   the bus proxy's own bundle, and the sockets it serves
//!     identity                       link to $XDG_RUNTIME_DIR/.flatpak/NUMBER, by which portals know it
//!   containers/NUMBER/               the engine's own state
//!   apps/ID/{tmp,xdg-run}            shared by the instances of one app
//!   apparmor/NAME.json               generated AppArmor profiles that root loaded
//! ```

use std::fs;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use flatrack_perms::AppId;
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use flatrack_engine::{ContainerId, StateDir};
use flatrack_perms::{Granted, Limit};
use flatrack_sys::tiny::Removal;

use crate::Error;

/// Where instances are kept.
#[derive(Debug, Clone)]
pub struct State {
    root: PathBuf,
}

/// What `ps` tells of an instance beyond the engine's own state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// the instance's number
    pub instance: u32,
    /// the app
    pub app: String,
    /// its architecture
    pub arch: String,
    /// its branch
    pub branch: String,
    /// its commit; empty where there is none
    pub commit: String,
    /// the runtime, `ID/ARCH/BRANCH`
    pub runtime: String,
    /// process that waits for the app; it exists before the app and after it
    pub monitor: u32,
    /// limits, as written
    pub limits: Vec<String>,
    /// whether every part of its AppArmor label must deny what it does not allow
    #[serde(default)]
    pub enforce: bool,
}

/// Where root's state is.
const ROOTS: &str = "/run/flatrack";

impl State {
    /// The caller's own state directory, made if need be.
    ///
    /// # Errors
    /// A directory that is not the caller's, or cannot be made.
    pub fn open(uid: u32, runtime_dir: Option<&Path>) -> Result<Self, Error> {
        let root = match (std::env::var_os("FLATRACK_STATE_DIR"), uid, runtime_dir) {
            (Some(dir), _, _) if Path::new(&dir).is_absolute() => PathBuf::from(dir),
            (_, 0, _) => PathBuf::from(ROOTS),
            (_, _, Some(dir)) => dir.join("flatrack"),
            (_, uid, None) => PathBuf::from(format!("/tmp/flatrack-{uid}")),
        };
        make_private(&root, uid)?;
        for name in ["instances", "containers", "apps", "cache"] {
            make_private(&root.join(name), uid)?;
        }
        Ok(Self { root })
    }

    /// All of it, by a path without links as far as it has one.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        fs::canonicalize(&self.root).unwrap_or_else(|_| self.root.clone())
    }

    /// Directory of all instances.
    #[must_use]
    pub fn instances(&self) -> PathBuf {
        self.root.join("instances")
    }

    /// Directory for things that can be made again.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// A directory for things that can be made again and are worth keeping over a boot, which only their owner sees.
    ///
    /// # Errors
    /// A directory that is not the caller's, or cannot be made.
    pub(crate) fn lasting_cache(&self, name: &str) -> Result<PathBuf, Error> {
        let uid = rustix::process::geteuid().as_raw();
        let all = if self.root == Path::new(ROOTS) {
            let all = PathBuf::from("/var/cache/flatrack");
            make_private(&all, uid)?;
            all
        } else {
            self.cache()
        };
        let dir = all.join(name);
        make_private(&dir, uid)?;
        Ok(dir)
    }

    /// What was loaded into the kernel.
    ///
    /// # Errors
    /// A directory that is not the caller's, or cannot be made.
    pub(crate) fn apparmor(&self) -> Result<PathBuf, Error> {
        let dir = self.root.join("apparmor");
        make_private(&dir, rustix::process::geteuid().as_raw())?;
        Ok(dir)
    }

    /// What the instances of an app share.
    ///
    /// # Errors
    /// A directory that is not the caller's, or cannot be made.
    pub fn per_app(&self, id: &AppId, uid: u32) -> Result<PathBuf, Error> {
        let dir = self.root.join("apps").join(id.as_str());
        make_private(&dir, uid)?;
        Ok(dir)
    }

    /// Keeps what the instances of an app share from [`Self::forget_temporary_files`] while one of them starts.
    pub(crate) fn hold_per_app(&self, id: &AppId, uid: u32) -> Result<OwnedFd, Error> {
        let path = self.per_app(id, uid)?;
        lock(&path, FlockOperation::LockShared).map_err(|source| Error::Io { path, source })
    }

    /// Removes the `/tmp` and the memory that the instances of an app shared, where none of them runs or starts. `runs` is
    /// asked once no other can start.
    pub(crate) fn forget_temporary_files(
        &self,
        runs: impl Fn(&str) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let Ok(apps) = fs::read_dir(self.root.join("apps")) else {
            return Ok(());
        };
        let uid = rustix::process::getuid().as_raw();
        for app in apps.flatten() {
            let Ok(_held) = lock(&app.path(), FlockOperation::NonBlockingLockExclusive) else {
                continue;
            };
            let Ok(id) = app.file_name().into_string() else {
                continue;
            };
            if runs(&id)? {
                continue;
            }
            let memory = Path::new("/dev/shm").join(flatrack_spec::shm_name(uid, &id));
            // where anybody can make a directory, one of that name may be somebody else's
            let is_own = |path: &PathBuf| {
                fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == uid)
            };
            let own = [app.path().join("tmp"), memory];
            for path in own.into_iter().filter(is_own) {
                match fs::remove_dir_all(&path) {
                    Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                        return Err(Error::Io { path, source });
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Numbers of all instances there are directories for, sorted.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        let Ok(entries) = fs::read_dir(self.instances()) else {
            return Vec::new();
        };
        let mut numbers: Vec<u32> = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect();
        numbers.sort_unstable();
        numbers
    }

    /// The directory of an instance.
    #[must_use]
    pub fn dir(&self, number: u32) -> PathBuf {
        self.instances().join(number.to_string())
    }

    /// Where an instance's last words are written to, if whoever follows its events has made the file.
    pub(crate) fn listener(&self, number: u32) -> PathBuf {
        self.dir(number).join("last-words")
    }

    /// What is known of an instance; `None` while it is being made.
    #[must_use]
    pub fn record(&self, number: u32) -> Option<Record> {
        serde_json::from_slice(&fs::read(self.dir(number).join("instance.json")).ok()?).ok()
    }

    /// The engine's part.
    ///
    /// # Errors
    /// A directory that cannot be made.
    pub fn engine(&self) -> Result<StateDir, Error> {
        Ok(StateDir::open(self.root.join("containers"))?)
    }

    /// What the engine keeps of a container, to be removed when it has ended.
    pub(crate) fn engine_files(&self, id: &ContainerId) -> Result<Vec<Removal>, Error> {
        let engine = self.engine()?;
        let mut removals: Vec<Removal> = engine.files(id).into_iter().map(Removal::File).collect();
        removals.push(Removal::Directory(engine.of(id)));
        Ok(removals)
    }

    /// Writes who an instance is; whole or not at all.
    pub(crate) fn write_record(&self, record: &Record) -> Result<PathBuf, Error> {
        let path = self.dir(record.instance).join("instance.json");
        let io = |source| Error::Io {
            path: path.clone(),
            source,
        };
        let json = serde_json::to_vec(record).map_err(|error| io(error.into()))?;
        let temporary = path.with_extension("tmp");
        fs::write(&temporary, json).map_err(io)?;
        fs::rename(&temporary, &path).map_err(io)?;
        Ok(path)
    }

    /// Records limits that were changed.
    pub(crate) fn update_limits(
        &self,
        mut record: Record,
        limits: &[Granted<Limit>],
    ) -> Result<(), Error> {
        for limit in limits {
            let key = format!("{}=", limit.value.key());
            record.limits.retain(|old| !old.starts_with(&key));
            record.limits.push(limit.value.to_string());
        }
        self.write_record(&record).map(drop)
    }

    /// Whether the process that waits for an instance, or makes it, is still there. A directory without a record
    /// that was touched within the last seconds is being made.
    pub(crate) fn has_monitor(&self, number: u32) -> bool {
        match self.record(number) {
            Some(record) => Path::new("/proc").join(record.monitor.to_string()).exists(),
            None => fs::metadata(self.dir(number))
                .and_then(|dir| dir.modified())
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age.as_secs() < 30)),
        }
    }

    /// Takes a free number by making its directory, which only one can.
    ///
    /// # Errors
    /// No directory could be made.
    pub fn claim(&self) -> Result<Claim, Error> {
        for _ in 0..1000 {
            let number = random()?;
            let dir = self.dir(number);
            match fs::DirBuilder::new().mode(0o700).create(&dir) {
                Ok(()) => {
                    return Ok(Claim {
                        number,
                        dir: Some(dir),
                    });
                }
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(Error::Io { path: dir, source }),
            }
        }
        Err(Error::Io {
            path: self.instances(),
            source: std::io::Error::other("every number tried is taken"),
        })
    }
}

/// A number taken. Its directory is removed unless the instance starts.
#[derive(Debug)]
#[must_use]
pub struct Claim {
    /// the number
    pub number: u32,
    dir: Option<PathBuf>,
}

impl Claim {
    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.as_deref().unwrap_or(Path::new("/"))
    }

    /// Leaves the directory to whoever waits for the app.
    pub fn keep(mut self) -> PathBuf {
        self.dir.take().unwrap_or_default()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(dir) = &self.dir {
            // the start has failed already; a directory left over is collected by the next one
            drop(fs::remove_dir_all(dir));
        }
    }
}

/// Opens a directory and locks it until the descriptor is closed.
fn lock(directory: &Path, operation: FlockOperation) -> std::io::Result<OwnedFd> {
    let opened = OwnedFd::from(fs::File::open(directory)?);
    rustix::fs::flock(&opened, operation)?;
    Ok(opened)
}

fn random() -> Result<u32, Error> {
    let mut bytes = [0; 4];
    let path = Path::new("/dev/urandom");
    fs::File::open(path)
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(|source| Error::Io {
            path: path.into(),
            source,
        })?;
    Ok(u32::from_ne_bytes(bytes))
}

/// Makes a directory only we can enter, or checks that the one there is ours and no link.
fn make_private(path: &Path, uid: u32) -> Result<(), Error> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => return Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(io(source)),
    }
    let found = fs::symlink_metadata(path).map_err(io)?;
    if !found.is_dir() || found.uid() != uid || found.mode() & 0o022 != 0 {
        return Err(Error::ForeignState(path.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
