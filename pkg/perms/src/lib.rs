//! What an app may do: the vocabulary, the layers that grant, and the result.
//!
//! ```text
//! Layer (+ Origin) ──► LayerStack ──► Resolved
//! ```
//!
//! A [`Layer`] is one source of grants (an app's metadata, an override file, the command line), each
//! grant knowing the file and line it came from. A [`LayerStack`] holds the layers in Flatpak's order of
//! precedence. [`LayerStack::resolve`] merges them, evaluates conditions against [`Conditions`] and applies
//! the node's [`Policy`], an upper bound that can only take away. The outcome, [`Resolved`], lists every
//! right with the one who granted it. Nothing here touches the machine.

#![forbid(unsafe_code)]

mod apparmor;
mod condition;
mod environment;
mod filesystem;
mod layer;
mod limits;
mod names;
mod origin;
mod persist;
mod policy;
mod resolve;
mod rights;
mod text;
mod value;
pub mod vocabulary;

pub use apparmor::{
    AppArmor, AppArmorGrant, ProfileChoice, ProfileMode, ProfileName, RequiredAppArmor,
};
pub use condition::{Condition, Conditions};
pub use environment::EnvName;
pub use filesystem::{FsAccess, FsPlace, FsRule, XdgDir};
pub use layer::{Entry, Grant, Layer, LayerStack};
pub use limits::{
    ByteLimit, CountLimit, CpuList, CpuMax, Limit, LimitKey, Limits, OomScore, Rlimit, RlimitKind,
    Weight,
};
pub use names::{AppId, Arch, Branch, Commit, Pref};
pub use origin::{Granted, Origin, Source};
pub use persist::PersistPath;
pub use policy::{Ceiling, DeniedPermission, OnExcess, Policy};
pub use resolve::{Parts, Refusal, Resolved, Warning};
pub use rights::Right;
pub use text::Untrusted;
pub use value::ValueError;
pub use vocabulary::{Kind, Permission};
