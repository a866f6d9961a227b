//! What an app may do, made into what a container runtime does.
//!
//! ```text
//! Resolved + Deployment + Facts ──passes──► Plan ──render──► OCI Spec
//! ```
//!
//! The [`Plan`] is a list of typed operations, each with the reason it is there. It is made by small passes, one a
//! concern, listed in order in [`passes`]. [`render`] turns it into the OCI document without looking at anything
//! else. The crate touches nothing: the machine is seen through [`Facts`] and [`Host`].

#![forbid(unsafe_code)]

pub mod apparmor;
mod deployment;
mod facts;
mod info;
mod passes;
mod plan;
mod render;
mod seccomp;

pub use deployment::{Build, Deployment, EtcEntry, Launch, Tree};
pub use facts::{CgroupVersion, Facts, FileKind, Host, MapHost, User};
pub use passes::{Input, PlanError, plan};
pub use plan::{
    Access, Env, GeneratedFile, HostDir, Mount, NamespaceKind, Node, Plan, Reason, ResourcePlan,
    Source, What,
};
pub use render::{FILES_DIR, RenderError, render, resources};
pub use seccomp::{SeccompRule, rules as seccomp_rules};
