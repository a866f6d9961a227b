//! AppArmor on this machine: what an app runs under, and how that gets into the kernel.
//!
//! ```text
//! what was asked for + what the kernel holds ──decide──► Confinement ──make──► profile ──load──► kernel
//! ```
//!
//! Root loads the profile that is generated from the plan. Ordinary users cannot load any; they run under what root
//! loaded before (`flatrack apparmor load`), or without where nobody asked for it.

mod cache;
mod decide;
mod denials;
pub(crate) mod in_use;
mod inherited;
mod kernel;
mod load;
mod parser;
mod step;
mod store;
mod verbs;

pub(crate) use decide::{Confinement, Generated, decide, obstacle};
pub(crate) use inherited::inherited;
pub(crate) use kernel::Kernel;
pub use kernel::Loaded;
pub(crate) use load::{confine, forget};
pub(crate) use parser::find as find_parser;
pub(crate) use step::{Step, confine_step};
pub(crate) use store::{OF_A_POD, Store};
pub use verbs::{Denial, Log, denials, load, show, status, unload};
