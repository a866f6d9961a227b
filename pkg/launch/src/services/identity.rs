//! Who an instance is to portals: `$XDG_RUNTIME_DIR/.flatpak/NUMBER`, as Flatpak keeps it.
//!
//! | file | for |
//! |---|---|
//! | `info` | the same text as `/.flatpak-info` |
//! | `bwrapinfo.json` | portals, which reject a caller without it: the app's first process |
//! | `pid` | `flatpak ps`: the process that waits |
//! | `.ref` | Flatpak's garbage collection, which leaves alone what is locked |
//!
//! A link in the instance's own directory is made before and removed after: by it a later start or `ps --gc` finds what
//! was left behind.

use std::fs;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use flatrack_engine::WhenMade;
use flatrack_spec::HostDir;
use flatrack_sys::rustix::process::Pid;
use flatrack_sys::tiny::Removal;
use rustix::fs::{Mode, OFlags, ResolveFlags};
use serde::Serialize;

use crate::instance::Claim;
use crate::{Error, pin};

/// The link in the instance's own directory.
const LINK: &str = "identity";
/// The place of all instances in the runtime directory.
const PLACE: &str = ".flatpak";
const FILES: [&str; 4] = ["info", "bwrapinfo.json", "pid", ".ref"];

/// The directory of an instance, and the lock that says it is in use.
#[derive(Debug)]
pub(super) struct Identity {
    path: PathBuf,
    link: PathBuf,
    directory: OwnedFd,
    lock: fs::File,
    armed: bool,
}

/// Where the directory of an instance is.
pub(super) fn place(runtime_dir: &Path, number: u32) -> PathBuf {
    runtime_dir.join(PLACE).join(number.to_string())
}

impl Identity {
    /// Makes the directory with all that is known before there is a process.
    pub(super) fn new(runtime_dir: &Path, claim: &Claim, info: &str) -> Result<Self, Error> {
        let path = place(runtime_dir, claim.number);
        let io = |source| Error::Io {
            path: path.clone(),
            source,
        };
        let link = claim.dir().join(LINK);
        std::os::unix::fs::symlink(&path, &link).map_err(io)?;
        let (directory, lock) = make(runtime_dir, claim.number, info).map_err(io)?;
        Ok(Self {
            path,
            link,
            directory,
            lock,
            armed: true,
        })
    }

    pub(super) fn lock(&self) -> BorrowedFd<'_> {
        self.lock.as_fd()
    }

    /// Portals look for the app's process as soon as the app calls one, which may be its first act.
    pub(super) fn when_made(&self) -> Option<WhenMade> {
        let directory = self.directory.try_clone().ok()?;
        let beside = self.beside();
        Some(Box::new(move |pid| write_process(&directory, &beside, pid)))
    }

    /// Namespaces can be looked at once the app has taken on its own identity.
    pub(super) fn complete(&self, pid: Pid) {
        // what matters stands there already
        drop(write_process(&self.directory, &self.beside(), pid));
    }

    /// Name of a file beside the directory, which the app, that sees the directory, does not see.
    fn beside(&self) -> String {
        let number = self.path.file_name().unwrap_or_default();
        format!("../.{}.json", number.display())
    }

    pub(super) fn removals(&self) -> Vec<Removal> {
        let files = FILES.iter().map(|name| Removal::File(self.path.join(name)));
        files
            .chain([
                Removal::Directory(self.path.clone()),
                Removal::File(self.link.clone()),
            ])
            .collect()
    }

    pub(super) fn leave(mut self) {
        self.armed = false;
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        if self.armed
            && let Some(instance) = self.link.parent()
        {
            // the start has failed already; what is left over is found by the link
            drop(forget(instance));
        }
    }
}

/// Removes what the link in an instance's directory names.
pub(crate) fn forget(instance: &Path) -> Result<(), Error> {
    let link = instance.join(LINK);
    let Ok(path) = fs::read_link(&link) else {
        return Ok(());
    };
    match fs::remove_dir_all(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            return Err(Error::Io { path, source });
        }
        _ => {}
    }
    fs::remove_file(&link).map_err(|source| Error::Io { path: link, source })
}

fn make(runtime_dir: &Path, number: u32, info: &str) -> io::Result<(OwnedFd, fs::File)> {
    let place = pin::make(&HostDir {
        root: runtime_dir.to_owned(),
        below: PLACE.into(),
        mode: 0o755,
    })?;
    let name = number.to_string();
    // a number that Flatpak has taken is an error
    rustix::fs::mkdirat(&place, &name, Mode::from_raw_mode(0o755))?;
    let directory = rustix::fs::openat2(
        &place,
        &name,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
        ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS,
    )?;
    let lock = create(&directory, ".ref")?;
    flatrack_sys::lock::read(&lock)?;
    create(&directory, "info")?.write_all(info.as_bytes())?;
    create(&directory, "pid")?.write_all(std::process::id().to_string().as_bytes())?;
    Ok((directory, lock))
}

fn create(directory: &OwnedFd, name: &str) -> io::Result<fs::File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::openat(directory, name, flags, Mode::from_raw_mode(0o644))?;
    Ok(file.into())
}

/// What portals read of the app's process.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Process {
    child_pid: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    mnt_namespace: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid_namespace: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    net_namespace: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipc_namespace: Option<u64>,
}

/// Replaces the file as a whole: first written under the name `beside`, relative to the directory.
fn write_process(directory: &OwnedFd, beside: &str, pid: Pid) -> io::Result<()> {
    let namespace = |kind: &str| {
        let link = fs::read_link(format!("/proc/{pid}/ns/{kind}")).ok()?;
        let own = fs::read_link(format!("/proc/self/ns/{kind}")).ok()?;
        let number = link.to_str()?.split(['[', ']']).nth(1)?.parse().ok();
        number.filter(|_| link != own)
    };
    let process = Process {
        child_pid: pid.as_raw_nonzero().get(),
        mnt_namespace: namespace("mnt"),
        pid_namespace: namespace("pid"),
        net_namespace: namespace("net"),
        ipc_namespace: namespace("ipc"),
    };
    let mut file = create(directory, beside)?;
    file.write_all(&serde_json::to_vec(&process)?)?;
    rustix::fs::renameat(directory, beside, directory, "bwrapinfo.json")?;
    Ok(())
}
