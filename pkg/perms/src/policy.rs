//! The node's policy: an upper bound. It takes away and never gives.

mod admit;
mod and;
mod pattern;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    BusPolicy, DeviceRule, FsAccess, Granted, Limit, NameOnBus, Origin, Permission, PortRule,
    RequiredAppArmor,
};

pub use admit::{Allowed, Keeper, OriginPattern, Provenance, RuntimePattern, Tree};
pub use and::Conflict;
pub use pattern::IdPattern;
pub use rows::Bound;

/// What happens to a request above the bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnExcess {
    /// it is lowered to the bound, with a warning
    #[default]
    Lower,
    /// the start is refused
    Refuse,
}

/// The most that an app gets of one resource. It also holds for apps that ask for no limit.
pub type Ceiling = Granted<Limit>;

/// The single devices that a rule leaves, and where it was written. An empty list leaves none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceBound {
    /// the devices, with the most that may be done with each
    pub rules: Vec<DeviceRule>,
    /// who wrote the list
    pub origin: Origin,
}

/// The ports that a rule leaves of the shared network, and where it was written. What neither list names is withheld;
/// where both are empty no network is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortBound {
    /// where an app may connect to at most
    pub connect: Vec<PortRule>,
    /// where it may listen at most
    pub bind: Vec<PortRule>,
    /// who wrote the lists
    pub origin: Origin,
}

/// An upper bound: what one rule says, or several together ([`Policy::and`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Policy {
    /// permissions that no app gets
    pub deny: BTreeSet<DeniedPermission>,
    /// the widest access to any place of the host's file system; `None` is no bound
    pub filesystem: Option<Granted<FsAccess>>,
    /// lists of single devices; of each list, one item must cover a device that an app gets
    pub devices: Vec<DeviceBound>,
    /// ports; of each bound, an item must cover a port that an app gets
    pub ports: Vec<PortBound>,
    /// the most that may be done with names on buses, whoever gives it
    pub bus_names: BTreeMap<NameOnBus, Granted<BusPolicy>>,
    /// the most of each resource
    pub ceilings: Vec<Ceiling>,
    /// what an app gets of a resource if nobody says how much
    pub default_limits: Vec<Ceiling>,
    /// the runtimes that an app may have; every list must have it
    pub runtimes: Vec<Allowed<RuntimePattern>>,
    /// where its files may come from; every list must have it
    pub origins: Vec<Allowed<OriginPattern>>,
    /// the AppArmor profiles that must be in force
    pub apparmor: RequiredAppArmor,
    /// what happens to requests above
    pub on_excess: OnExcess,
}

/// A permission denied, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeniedPermission(pub Granted<Permission>);

impl PartialOrd for DeniedPermission {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DeniedPermission {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.value.cmp(&other.0.value)
    }
}
