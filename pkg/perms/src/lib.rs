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
mod bus;
mod condition;
mod dconf;
mod devices;
mod environment;
mod filesystem;
mod layer;
mod limits;
mod names;
mod narrowing;
mod origin;
mod persist;
mod policy;
mod portal;
mod ports;
mod resolve;
mod rights;
mod switch;
mod text;
mod value;
pub mod vocabulary;

pub use apparmor::{
    AppArmor, AppArmorGrant, IfUnavailable, MayLack, ProfileChoice, ProfileMode, ProfileName,
    RequiredAppArmor, Requirement,
};
pub use bus::{Bus, BusName, BusPolicy, NameOnBus};
pub use condition::{Condition, Conditions};
pub use dconf::DconfPath;
pub use devices::{CdiName, DeviceAccess, DeviceName, DeviceRule};
pub use environment::EnvName;
pub use filesystem::{FsAccess, FsPlace, FsRule, XdgDir};
pub use layer::{Entry, Grant, Layer, LayerStack};
pub use limits::{
    ByteLimit, CountLimit, CpuList, CpuMax, IoDevice, IoMax, IoRates, Limit, LimitKey, Limits,
    Nice, OomGroup, OomScore, Rlimit, RlimitKind, Weight,
};
pub use names::{AppId, Arch, Branch, Commit, Pref};
pub use narrowing::{NarrowedPath, Narrowing};
pub use origin::{Granted, Origin, Source};
pub use persist::PersistPath;
pub use policy::{
    Allowed, Bound, Ceiling, Conflict, DeniedPermission, DeviceBound, IdPattern, Keeper, OnExcess,
    OriginPattern, Policy, PortBound, Provenance, RuntimePattern, Tree,
};
pub use portal::{PolicyItem, UsbQuery};
pub use ports::{Direction, PortRule, Ports, Transport};
pub use resolve::{Parts, Refusal, Resolved, Warning};
pub use rights::Right;
pub use text::Untrusted;
pub use value::ValueError;
pub use vocabulary::{Kind, Permission};
