//! What is to be run.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use oci_spec::runtime::Spec;

use crate::skeleton::Skeleton;

/// A container to be made.
#[derive(Debug)]
pub struct Bundle {
    /// Relative paths of the spec start here.
    pub dir: PathBuf,
    /// The OCI document; not changed.
    pub spec: Spec,
    /// Where the root file system comes from.
    pub root: Root,
    /// Sources of bind mounts that the caller has opened and checked (`O_PATH`), by their path as written in the spec. What was opened is
    /// what is mounted; the start fails if the path leads to something else by then.
    pub pins: BTreeMap<PathBuf, OwnedFd>,
}

/// Where a container's root file system comes from.
#[derive(Debug, Clone)]
pub enum Root {
    /// The directory that the spec names.
    Directory,
    /// A new file system in memory, seen by the container only, mounted over the directory that the spec names. Mode 0755, owned by the
    /// caller. Whoever has put it together knows what is where, so no destination of a mount leads through a link: one that does was put
    /// there by a container before, in a directory that it may write to, and the start fails.
    Tmpfs {
        /// Most bytes it may take; the kernel's default is half of the memory.
        size: Option<u64>,
        /// What is in it before anything is mounted.
        skeleton: Skeleton,
    },
}
