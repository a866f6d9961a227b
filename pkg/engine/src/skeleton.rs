//! Directories, links and small files to put into a new root.

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use flatrack_sys::path::{Links, mkdir_all_in_root, parent_in_root};
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid, chmodat, chownat, openat, symlinkat};
use serde::{Deserialize, Serialize};

/// One thing to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkeletonOp {
    /// A directory; parents that are missing get mode 0755.
    Dir {
        /// Where, seen from the new root.
        path: PathBuf,
        /// Permission bits.
        mode: u32,
    },
    /// A symbolic link.
    Symlink {
        /// Where, seen from the new root.
        path: PathBuf,
        /// What it points to, as it is.
        target: PathBuf,
    },
    /// A file.
    File {
        /// Where, seen from the new root.
        path: PathBuf,
        /// Permission bits.
        mode: u32,
        /// What is in it.
        bytes: Vec<u8>,
    },
}

impl SkeletonOp {
    /// Where it goes.
    pub fn path(&self) -> &Path {
        match self {
            Self::Dir { path, .. } | Self::Symlink { path, .. } | Self::File { path, .. } => path,
        }
    }
}

/// What a new root holds before anything is mounted in it, in the order in which it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Skeleton {
    ops: Vec<SkeletonOp>,
    owner: Option<(u32, u32)>,
}

/// An entry of a skeleton that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make `{}` in the new root", path.display())]
pub struct SkeletonError {
    /// Which.
    pub path: PathBuf,
    /// What the kernel said.
    pub source: io::Error,
}

impl Skeleton {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one thing.
    pub fn push(&mut self, op: SkeletonOp) -> &mut Self {
        self.ops.push(op);
        self
    }

    /// Gives what is made, bar links and parents that are missing, to a user and a group instead of the caller's own.
    pub fn owned_by(&mut self, uid: u32, gid: u32) -> &mut Self {
        self.owner = Some((uid, gid));
        self
    }

    /// All of it, in order.
    pub fn ops(&self) -> &[SkeletonOp] {
        &self.ops
    }

    /// Makes all of it below a directory, for a bundle that other runtimes run. Links that are there already are not followed out of it.
    ///
    /// # Errors
    /// The first entry that could not be made.
    pub fn write_to(&self, directory: &Path) -> Result<(), SkeletonError> {
        let open = || flatrack_sys::path::open_following(directory);
        let root = open().map_err(|source| SkeletonError {
            path: directory.into(),
            source,
        })?;
        self.write_into(&root)
    }

    /// As [`Skeleton::write_to`], for an open directory.
    pub(crate) fn write_into(&self, root: &OwnedFd) -> Result<(), SkeletonError> {
        self.ops.iter().try_for_each(|op| {
            make(root, op, self.owner).map_err(|source| SkeletonError {
                path: op.path().into(),
                source,
            })
        })
    }
}

fn make(root: &OwnedFd, op: &SkeletonOp, owner: Option<(u32, u32)>) -> io::Result<()> {
    let give = |made: &OwnedFd| match owner {
        Some((uid, gid)) => {
            let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
            chownat(made, c"", Some(uid), Some(gid), AtFlags::EMPTY_PATH)
        }
        None => Ok(()),
    };
    match op {
        SkeletonOp::Dir { path, mode } => {
            let made = mkdir_all_in_root(root, path, *mode, Links::Follow)?;
            give(&made)?;
            // The mode that mkdir takes is cut by the umask and lacks the sticky bit.
            if mode & 0o777 != 0o755 || mode & 0o7000 != 0 {
                chmodat(made, c".", Mode::from_raw_mode(*mode), AtFlags::empty())?;
            }
        }
        SkeletonOp::Symlink { path, target } => {
            let (parent, name) = parent_in_root(root, path)?;
            symlinkat(target, parent.as_fd(), name)?;
        }
        SkeletonOp::File { path, mode, bytes } => {
            let (parent, name) = parent_in_root(root, path)?;
            let flags =
                OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::WRONLY | OFlags::CLOEXEC;
            let file = openat(parent, name, flags, Mode::from_raw_mode(*mode & 0o777))?;
            give(&file)?;
            rustix::fs::fchmod(&file, Mode::from_raw_mode(*mode))?;
            std::fs::File::from(file).write_all(bytes)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skeleton_is_written_inside_the_directory_only() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), root.path().join("evil")).unwrap();
        let mut skeleton = Skeleton::new();
        skeleton
            .push(SkeletonOp::Dir {
                path: "/tmp".into(),
                mode: 0o1777,
            })
            .push(SkeletonOp::Symlink {
                path: "/lib".into(),
                target: "usr/lib".into(),
            })
            .push(SkeletonOp::File {
                path: "/etc/machine-id".into(),
                mode: 0o444,
                bytes: b"x\n".to_vec(),
            });
        skeleton.write_to(root.path()).unwrap();
        assert_eq!(
            std::fs::read(root.path().join("etc/machine-id")).unwrap(),
            b"x\n"
        );
        assert_eq!(
            std::fs::read_link(root.path().join("lib")).unwrap(),
            Path::new("usr/lib")
        );
        use std::os::unix::fs::MetadataExt;
        assert_eq!(
            root.path().join("tmp").metadata().unwrap().mode() & 0o7777,
            0o1777
        );
        let mut evil = Skeleton::new();
        evil.push(SkeletonOp::File {
            path: "/evil/passwd".into(),
            mode: 0o644,
            bytes: Vec::new(),
        });
        assert!(evil.write_to(root.path()).is_err());
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
