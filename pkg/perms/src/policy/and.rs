//! Two bounds to one that holds both.

use super::{Ceiling, DeniedPermission, OnExcess, Policy};
use crate::{Grant, Granted, Layer, Limit, LimitKey, Origin, Rlimit, RlimitKind, Source};

/// Two ceilings that no value is within.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{one}` of {one_origin} and `{other}` of {other_origin} cannot both hold")]
pub struct Conflict {
    /// a ceiling
    pub one: Limit,
    /// who set it
    pub one_origin: Origin,
    /// another one
    pub other: Limit,
    /// who set it
    pub other_origin: Origin,
}

impl Policy {
    /// Adds what another bound says. More bounds never leave more, in whatever order they come.
    ///
    /// # Errors
    /// Two ceilings that cannot both hold, such as different CPUs.
    pub fn and(&mut self, other: &Self) -> Result<(), Box<Conflict>> {
        let Self {
            deny,
            filesystem,
            devices,
            ports,
            bus_names,
            ceilings,
            default_limits,
            runtimes,
            origins,
            apparmor,
            on_excess,
        } = other;
        for DeniedPermission(denied) in deny {
            self.deny.insert(DeniedPermission(denied.clone()));
        }
        if let Some(most) = filesystem {
            let known = self.filesystem.as_ref();
            if known.is_none_or(|known| most.value < known.value) {
                self.filesystem = Some(most.clone());
            }
        }
        self.devices.extend(devices.iter().cloned());
        self.ports.extend(ports.iter().cloned());
        for (name, most) in bus_names {
            let known = self.bus_names.get(name);
            if known.is_none_or(|known| most.value < known.value) {
                self.bus_names.insert(name.clone(), most.clone());
            }
        }
        for ceiling in ceilings {
            lower(&mut self.ceilings, ceiling)?;
        }
        for default in default_limits {
            lower(&mut self.default_limits, default)?;
        }
        self.runtimes.extend(runtimes.iter().cloned());
        self.origins.extend(origins.iter().cloned());
        self.apparmor.and(apparmor);
        if *on_excess == OnExcess::Refuse {
            self.on_excess = OnExcess::Refuse;
        }
        Ok(())
    }
}

impl Policy {
    /// Leaves of its limits only the ceilings of those that a layer sets.
    pub fn bound_only(&mut self, layer: &Layer) {
        let sets = |ceiling: &Ceiling| {
            let mut grants = layer.entries.iter().map(|entry| &entry.grant);
            grants
                .any(|grant| matches!(grant, Grant::Limit(set) if set.key() == ceiling.value.key()))
        };
        self.ceilings.retain(sets);
        self.default_limits.clear();
    }

    /// Bounds what it would set for an app that asks for no limit of setrlimit(2) by what the caller has: a ceiling is
    /// not to give an app more than it would have inherited.
    pub fn keep_inherited(&mut self, inherited: impl Fn(RlimitKind) -> Rlimit) {
        for kind in RlimitKind::ALL.iter().copied() {
            let is_meant = |limit: &Ceiling| limit.value.key() == LimitKey::Rlimit(kind);
            let mut all = self.ceilings.iter().chain(&self.default_limits);
            if !all.any(is_meant) {
                continue;
            }
            let callers = Limit::Rlimit(kind, inherited(kind));
            match self.default_limits.iter_mut().find(|l| is_meant(l)) {
                Some(default) => {
                    // two limits of setrlimit(2) always have something in common
                    if let Some(both) = default.value.and(&callers) {
                        default.value = both;
                    }
                }
                None => self.default_limits.push(Granted {
                    value: callers,
                    origin: Origin::of(Source::Default),
                }),
            }
        }
    }
}

fn lower(known: &mut Vec<Ceiling>, ceiling: &Ceiling) -> Result<(), Box<Conflict>> {
    let same = |old: &&mut Ceiling| old.value.key() == ceiling.value.key();
    let Some(old) = known.iter_mut().find(same) else {
        known.push(ceiling.clone());
        return Ok(());
    };
    let Some(value) = old.value.and(&ceiling.value) else {
        return Err(Box::new(Conflict {
            one: old.value.clone(),
            one_origin: old.origin.clone(),
            other: ceiling.value.clone(),
            other_origin: ceiling.origin.clone(),
        }));
    };
    if value != old.value {
        let origin = ceiling.origin.clone();
        *old = Granted { value, origin };
    }
    Ok(())
}
