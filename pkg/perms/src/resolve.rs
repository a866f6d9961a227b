//! Layers to rights: merging, conditions, and the node's upper bound.

mod bound;
mod merge;
mod within;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    AppArmor, BusPolicy, Condition, Conditions, DconfPath, DeviceName, DeviceRule, EnvName,
    FsAccess, FsPlace, Granted, LayerStack, Limits, NameOnBus, NarrowedPath, Narrowing, Origin,
    Permission, PersistPath, Policy, PolicyItem, Ports, UsbQuery,
};

/// What the app may do. Made only by [`LayerStack::resolve`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use]
#[serde(transparent)]
pub struct Resolved(Parts);

/// Every right of an app, each with the one who granted it.
///
/// Users take this apart without `..`, so that a new field does not compile until someone enforces it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Parts {
    /// names that are on
    pub permissions: BTreeMap<Permission, Origin>,
    /// names that are granted, each with the conditions under which it is on; portals are told of all of them
    pub stated: BTreeMap<Permission, Vec<Condition>>,
    /// places of the host's file system
    #[serde(serialize_with = "as_rows")]
    pub filesystems: BTreeMap<FsPlace, Granted<FsAccess>>,
    /// directories of the home directory
    pub persist: BTreeMap<PersistPath, Origin>,
    /// variables set, or removed with `None`
    pub environment: BTreeMap<EnvName, Granted<Option<String>>>,
    /// names on buses; `none` is kept, because portals read it
    pub bus_names: BTreeMap<NameOnBus, Granted<BusPolicy>>,
    /// the most that may be done with names on buses, also with those that every app has
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bus_bounds: BTreeMap<NameOnBus, Granted<BusPolicy>>,
    /// resource limits
    pub limits: Limits,
    /// policies that portals read, the last said last
    pub policies: Vec<Granted<PolicyItem>>,
    /// USB devices that the USB portal may hand out
    pub usb: BTreeMap<UsbQuery, Origin>,
    /// USB devices that it never hands out
    pub usb_hidden: BTreeMap<UsbQuery, Origin>,
    /// settings that the app may read, besides those of its own name
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dconf: BTreeMap<DconfPath, Origin>,
    /// settings of the user that become the app's own at its first start
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dconf_migrate: Option<Granted<DconfPath>>,
    /// single devices, by name: what may be done, and whether it may be missing
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub devices: BTreeMap<DeviceName, Granted<DeviceRule>>,
    /// paths narrowed beyond everything above
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub narrowed: BTreeMap<NarrowedPath, Granted<Narrowing>>,
    /// what is left of the shared network
    #[serde(skip_serializing_if = "Ports::is_unlimited")]
    pub ports: Ports,
    /// AppArmor profiles
    #[serde(skip_serializing_if = "AppArmor::is_empty")]
    pub apparmor: AppArmor,
}

fn as_rows<S: serde::Serializer>(
    map: &BTreeMap<FsPlace, Granted<FsAccess>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        place: String,
        access: FsAccess,
        origin: &'a Origin,
    }
    serializer.collect_seq(map.iter().map(|(place, granted)| Row {
        place: place.to_string(),
        access: granted.value,
        origin: &granted.origin,
    }))
}

impl Resolved {
    /// Every right.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.0
    }

    /// Whether a name is on.
    #[must_use]
    pub fn has(&self, permission: Permission) -> bool {
        self.0.permissions.contains_key(&permission)
    }
}

/// Why an app does not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A permission that is known and not enforced yet.
    #[error("`{what}` is not supported yet; asked for by {origin}")]
    NotYet {
        /// the permission as written
        what: String,
        /// who asked
        origin: Origin,
        /// the option that runs the app without it
        without: Option<String>,
    },
    /// An app that asks to be confined less than every other.
    #[error("an app cannot ask for `{what}` itself; asked for by {origin}")]
    Weakening {
        /// what it asks for, as written
        what: String,
        /// where
        origin: Origin,
    },
    /// A permission that the node's policy forbids.
    #[error("`{what}`, asked for by {origin}, is forbidden by {by}")]
    Forbidden {
        /// the permission as written
        what: String,
        /// who asked
        origin: Origin,
        /// who forbids
        by: Origin,
    },
    /// Files that the node's policy does not let an app be made of.
    #[error("{what} is not in the list of {by}")]
    NotAllowed {
        /// what it is, in words
        what: String,
        /// whose list
        by: Origin,
    },
}

/// Something that was lowered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// what was asked for
    pub asked: String,
    /// what is given instead; `None` is nothing
    pub given: Option<String>,
    /// whose bound it was
    pub by: Origin,
}

impl LayerStack {
    /// Merges the layers, evaluates conditions and applies the upper bound.
    ///
    /// # Errors
    /// A permission that is not enforced yet, or one that the policy refuses.
    pub fn resolve(
        &self,
        facts: &Conditions,
        policy: &Policy,
    ) -> Result<(Resolved, Vec<Warning>), Refusal> {
        let mut parts = merge::merge(self, facts)?;
        let warnings = bound::apply(&mut parts, policy)?;
        Ok((Resolved(parts), warnings))
    }
}

#[cfg(test)]
mod tests;
