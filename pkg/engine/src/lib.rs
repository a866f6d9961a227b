//! A bundle to a container: start, exec, signals, cgroups. Nothing here knows what an app is.
//!
//! libcontainer's public blocks under a short orchestration of our own: one clone with all namespaces, born in its cgroup, one line back
//! for errors. The steps inside are in `child`, the steps outside in `start`.
//!
//! Every function that makes a process must be called from a process with one thread.
#![forbid(unsafe_code)]

pub mod cgroup;
pub mod seccomp;

mod bpf;
mod bundle;
mod channel;
mod check;
mod child;
mod descriptors;
mod error;
mod exec;
mod failure;
mod hooks;
mod id;
pub mod landlock;
mod lifecycle;
mod mounts;
mod namespaces;
mod own_program;
pub mod ports;
mod skeleton;
mod spawn;
mod start;
mod state;
pub mod terminal;

pub use bundle::{Bundle, Root};
pub use child::BeforeExec;
pub use descriptors::Descriptors;
pub use error::{Error, Result};
pub use exec::{ExecOptions, Executed, exec};
pub use failure::{SetupFailure, Step};
pub use id::{ContainerId, InvalidId};
pub use lifecycle::{
    Info, Status, cgroup_of, delete, info, kill, kill_all, list, pause, resume, start,
};
pub use mounts::MOUNT_OPTIONS;
pub use oci_spec::runtime as oci;
pub use own_program::protect_own_program;
pub use skeleton::{Skeleton, SkeletonError, SkeletonOp};
pub use start::{Options, Running, WhenMade, create, run};
pub use state::StateDir;
