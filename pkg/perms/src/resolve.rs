//! Layers to rights: merging, conditions, and the node's upper bound.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::switch::{Switch, Switches};
use crate::vocabulary::{Family, Support};
use crate::{
    AppArmor, BusPolicy, Condition, Conditions, DconfPath, DeviceName, DeviceRule, Direction,
    EnvName, FsAccess, FsPlace, FsRule, Grant, Granted, LayerStack, Limit, Limits, NameOnBus,
    NarrowedPath, Narrowing, OnExcess, Origin, Permission, PersistPath, Policy, PolicyItem, Ports,
    Source, UsbQuery, switch,
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

    /// Whether nothing here goes beyond `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.0, &other.0);
        mine.permissions
            .keys()
            .all(|p| theirs.permissions.contains_key(p))
            && mine.filesystems.iter().all(|(place, granted)| {
                granted.value == FsAccess::Hidden
                    || theirs
                        .filesystems
                        .get(place)
                        .is_some_and(|t| granted.value <= t.value)
            })
            && (!self.has(Permission::Network) || mine.ports.is_within(&theirs.ports))
            && mine.devices.iter().all(|(name, granted)| {
                let theirs = theirs.devices.get(name);
                theirs.is_some_and(|t| granted.value.access.is_within(t.value.access))
            })
            && theirs.narrowed.iter().all(|(path, theirs)| {
                let mine = mine.narrowed.get(path);
                mine.is_some_and(|mine| mine.value >= theirs.value)
            })
            && mine.persist.keys().all(|p| theirs.persist.contains_key(p))
            && mine
                .policies
                .iter()
                .all(|mine| theirs.policies.iter().any(|t| t.value == mine.value))
            && mine
                .dconf
                .keys()
                .all(|path| theirs.dconf.contains_key(path))
            && mine.dconf_migrate.as_ref().is_none_or(|mine| {
                let theirs = theirs.dconf_migrate.as_ref();
                theirs.is_some_and(|theirs| theirs.value == mine.value)
            })
            && mine.usb.keys().all(|query| theirs.usb.contains_key(query))
            && theirs
                .usb_hidden
                .keys()
                .all(|query| mine.usb_hidden.contains_key(query))
            && mine.bus_names.iter().all(|(name, granted)| {
                granted.value == BusPolicy::None
                    || theirs
                        .bus_names
                        .get(name)
                        .is_some_and(|t| granted.value <= t.value)
            })
            && theirs
                .apparmor
                .stack
                .keys()
                .all(|name| mine.apparmor.stack.contains_key(name))
            && theirs.limits.list().iter().all(|theirs| {
                mine.limits.list().iter().any(|mine| {
                    mine.value.key() == theirs.value.key() && !exceeds(&mine.value, &theirs.value)
                })
            })
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
        let mut parts = self.merge(facts)?;
        let warnings = bound(&mut parts, policy)?;
        Ok((Resolved(parts), warnings))
    }

    fn merge(&self, facts: &Conditions) -> Result<Parts, Refusal> {
        let mut parts = Parts::default();
        let mut switches = Switches::new();
        let mut not_yet: BTreeMap<(Family, &str), (bool, &Origin)> = BTreeMap::new();
        for layer in self.layers() {
            let mut mine = Switches::new();
            // a reset drops what lower layers gave, never what its own layer says
            if layer
                .entries
                .iter()
                .any(|e| e.grant == Grant::Filesystem(FsRule::Reset))
            {
                parts.filesystems.clear();
            }
            for direction in [Direction::Connect, Direction::Bind] {
                let says = |e: &crate::Entry| matches!(e.grant, Grant::Port { direction: d, .. } if d == direction);
                if layer.entries.iter().any(says) {
                    parts.ports.of_mut(direction).clear();
                }
            }
            for entry in &layer.entries {
                let origin = entry.origin.clone();
                match &entry.grant {
                    Grant::Permission {
                        permission,
                        allow,
                        condition,
                    } => mine
                        .entry(*permission)
                        .or_insert_with(|| Switch::new(origin.clone()))
                        .say(*allow, condition.clone(), origin),
                    Grant::Filesystem(FsRule::Reset) => {
                        parts.filesystems.remove(&FsPlace::Host);
                    }
                    Grant::Filesystem(FsRule::Show(place, access)) => {
                        parts.filesystems.insert(
                            place.clone(),
                            Granted {
                                value: *access,
                                origin,
                            },
                        );
                    }
                    Grant::Persist(path) => {
                        parts.persist.insert(path.clone(), origin);
                    }
                    Grant::Env { name, value } => {
                        parts.environment.insert(
                            name.clone(),
                            Granted {
                                value: value.clone(),
                                origin,
                            },
                        );
                    }
                    Grant::BusName { name, policy } => {
                        parts.bus_names.insert(
                            name.clone(),
                            Granted {
                                value: *policy,
                                origin,
                            },
                        );
                    }
                    Grant::Limit(limit) => parts.limits.set(Granted {
                        value: limit.clone(),
                        origin,
                    }),
                    Grant::AppArmor(grant) if grant.weakens() && layer.source <= Source::App => {
                        let (key, value) = grant.as_written();
                        return Err(Refusal::Weakening {
                            what: format!("[X-AppArmor] {key}={value}"),
                            origin,
                        });
                    }
                    Grant::AppArmor(grant) => parts.apparmor.say(grant, &origin),
                    Grant::Narrow(how, None) => parts.narrowed.retain(|_, old| old.value != *how),
                    Grant::Narrow(how, Some(path)) => {
                        let known = parts.narrowed.get(path);
                        if known.is_none_or(|known| known.value <= *how) {
                            let value = *how;
                            let granted = Granted { value, origin };
                            parts.narrowed.insert(path.clone(), granted);
                        }
                    }
                    Grant::Device(None) => parts.devices.clear(),
                    Grant::Device(Some(rule)) => {
                        let value = rule.clone();
                        let granted = Granted { value, origin };
                        parts.devices.insert(rule.name.clone(), granted);
                    }
                    Grant::Port { direction, rule } => match rule {
                        Some(rule) => {
                            parts.ports.of_mut(*direction).insert(*rule, origin);
                        }
                        None => parts.ports.of_mut(*direction).clear(),
                    },
                    Grant::Policy { item, allow } => {
                        parts.policies.retain(|old| old.value != *item);
                        if *allow {
                            let value = item.clone();
                            parts.policies.push(Granted { value, origin });
                        }
                    }
                    Grant::Dconf(None) => parts.dconf.clear(),
                    Grant::Dconf(Some(path)) => {
                        parts.dconf.insert(path.clone(), origin);
                    }
                    Grant::DconfMigrate(path) => {
                        let value = path.clone();
                        parts.dconf_migrate = value.map(|value| Granted { value, origin });
                    }
                    Grant::Usb { query, listed } => {
                        let list = if *listed {
                            &mut parts.usb
                        } else {
                            &mut parts.usb_hidden
                        };
                        list.insert(query.clone(), origin);
                    }
                    Grant::NotYet {
                        family, key, allow, ..
                    } => {
                        not_yet.insert((*family, key), (*allow, &entry.origin));
                    }
                }
            }
            switch::merge(&mut switches, mine);
        }
        for ((family, key), (allow, origin)) in not_yet {
            if allow {
                return Err(Refusal::NotYet {
                    what: format!("[{}] {key}", family.row().group.trim_end()),
                    origin: origin.clone(),
                    without: (!family.row().deny.is_empty())
                        .then(|| format!("--{}={key}", family.row().deny)),
                });
            }
        }
        for (permission, switch) in switches.iter().filter(|(_, s)| s.allowed) {
            parts.stated.insert(*permission, switch.conditions.clone());
        }
        switch::fallback(&mut switches);
        for (permission, switch) in switches.into_iter().filter(|(_, s)| s.is_on(facts)) {
            let row = permission.row();
            if row.support == Support::NotYet {
                return Err(Refusal::NotYet {
                    what: permission.to_string(),
                    origin: switch.origin,
                    without: Some(format!("--{}={}", row.kind.row().deny, row.name)),
                });
            }
            parts.permissions.insert(permission, switch.origin);
        }
        Ok(parts)
    }
}

/// Takes away what is above the bound.
fn bound(parts: &mut Parts, policy: &Policy) -> Result<Vec<Warning>, Refusal> {
    let mut warnings = Vec::new();
    let mut lower =
        |asked: String, origin: &Origin, given: Option<String>, by: &Origin| match policy.on_excess
        {
            OnExcess::Refuse => Err(Refusal::Forbidden {
                what: asked,
                origin: origin.clone(),
                by: by.clone(),
            }),
            OnExcess::Lower => {
                warnings.push(Warning {
                    asked,
                    given,
                    by: by.clone(),
                });
                Ok(())
            }
        };
    for Granted { value, origin: by } in policy.deny.iter().map(|denied| &denied.0) {
        for permission in with_fallback(*value) {
            parts.stated.remove(permission);
            if let Some(origin) = parts.permissions.remove(permission) {
                lower(permission.to_string(), &origin, None, by)?;
            }
        }
    }
    if let Some(most) = &policy.filesystem {
        for (place, granted) in parts
            .filesystems
            .iter_mut()
            .filter(|(_, g)| g.value > most.value)
        {
            let asked = FsRule::Show(place.clone(), granted.value).to_string();
            let given = FsRule::Show(place.clone(), most.value).to_string();
            lower(
                format!("filesystems={asked}"),
                &granted.origin,
                Some(given),
                &most.origin,
            )?;
            *granted = most.clone();
        }
    }
    for bound in &policy.devices {
        for granted in std::mem::take(&mut parts.devices).into_values() {
            let asked = &granted.value;
            let most = bound
                .rules
                .iter()
                .filter(|rule| rule.name.covers(&asked.name))
                .filter_map(|rule| rule.access.and(asked.access))
                .max();
            let given = most.map(|access| DeviceRule {
                access,
                ..asked.clone()
            });
            if given.as_ref() != Some(asked) {
                let text = |rule: &DeviceRule| format!("device-node={rule}");
                lower(
                    text(asked),
                    &granted.origin,
                    given.as_ref().map(text),
                    &bound.origin,
                )?;
            }
            if let Some(value) = given {
                let name = value.name.clone();
                parts.devices.insert(name, Granted { value, ..granted });
            }
        }
    }
    policy
        .apparmor
        .tighten(&mut parts.apparmor, |asked, origin, given, by| {
            lower(asked, origin, Some(given), by)
        })?;
    for ceiling in &policy.ceilings {
        let asked = parts
            .limits
            .list()
            .into_iter()
            .find(|l| l.value.key() == ceiling.value.key());
        match asked {
            None => parts.limits.set(ceiling.clone()),
            Some(asked) if exceeds(&asked.value, &ceiling.value) => {
                lower(
                    asked.value.to_string(),
                    &asked.origin,
                    Some(ceiling.value.value()),
                    &ceiling.origin,
                )?;
                parts.limits.set(ceiling.clone());
            }
            Some(_) => {}
        }
    }
    Ok(warnings)
}

/// What gives the same: who is not to have X11 does not get it as a fallback.
fn with_fallback(denied: Permission) -> &'static [Permission] {
    match denied {
        Permission::X11 => &[Permission::X11, Permission::FallbackX11],
        other => std::slice::from_ref(&other.row().permission),
    }
}

/// Whether a limit allows more than another of the same key. What has no order counts as more unless equal.
fn exceeds(limit: &Limit, ceiling: &Limit) -> bool {
    match (limit, ceiling) {
        (Limit::MemoryMax(a), Limit::MemoryMax(b))
        | (Limit::MemoryHigh(a), Limit::MemoryHigh(b))
        | (Limit::MemoryLow(a), Limit::MemoryLow(b))
        | (Limit::MemorySwapMax(a), Limit::MemorySwapMax(b)) => a > b,
        (Limit::CpuMax(a), Limit::CpuMax(b)) => match (a.quota, b.quota) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(qa), Some(qb)) => {
                u128::from(qa) * u128::from(b.period) > u128::from(qb) * u128::from(a.period)
            }
        },
        (Limit::CpuWeight(a), Limit::CpuWeight(b)) | (Limit::IoWeight(a), Limit::IoWeight(b)) => {
            a > b
        }
        (Limit::PidsMax(a), Limit::PidsMax(b)) => a > b,
        (Limit::Rlimit(_, a), Limit::Rlimit(_, b)) => {
            let more = |a: Option<u64>, b: Option<u64>| match (a, b) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(a), Some(b)) => a > b,
            };
            more(a.soft, b.soft) || more(a.hard, b.hard)
        }
        (a, b) => a != b,
    }
}

#[cfg(test)]
mod tests;
