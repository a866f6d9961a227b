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
mod landlock;
mod passes;
mod plan;
pub mod pod;
mod proxy;
mod render;
mod seccomp;
mod session;
pub mod xauthority;

pub use deployment::{
    Build, Cdi, CdiMount, CdiNode, Deployment, EtcEntry, Extension, Instead, Launch, Linker,
    LinkerCache, Replaced, Services, Settings, Tree,
};
pub use facts::{CgroupVersion, DeviceNumber, Facts, FileKind, Host, Links, MapHost, User};
pub use landlock::Landlock;
pub use passes::{Input, LINKER_CACHE, PlanError, plan, plan_linker_cache, shm_name};
pub use plan::{
    Access, Content, DevicePlan, DiskPlan, Env, GeneratedDir, GeneratedFile, HostDir, HostLink,
    Mount, NamespaceKind, Node, Plan, PortPlan, PortRanges, Reason, ResourcePlan, Shape, Source,
    What,
};
pub use proxy::{PROXY_DIRECTORY, ProxyInput, proxy};
pub use render::{FILES_DIR, RenderError, render, resources};
pub use seccomp::{SeccompRule, rules as seccomp_rules};
pub use session::{PulseServer, Session, WaylandSocket, XDisplay, wayland_display};
