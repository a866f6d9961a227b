//! Layers to rights: merging, conditions, and the node's upper bound.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::vocabulary::{Family, Support};
use crate::{
    AppArmor, Condition, Conditions, EnvName, FsAccess, FsPlace, FsRule, Grant, Granted,
    LayerStack, Limit, Limits, OnExcess, Origin, Permission, PersistPath, Policy, Source,
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
    /// places of the host's file system
    #[serde(serialize_with = "as_rows")]
    pub filesystems: BTreeMap<FsPlace, Granted<FsAccess>>,
    /// directories of the home directory
    pub persist: BTreeMap<PersistPath, Origin>,
    /// variables set, or removed with `None`
    pub environment: BTreeMap<EnvName, Granted<Option<String>>>,
    /// resource limits
    pub limits: Limits,
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
            && mine.persist.keys().all(|p| theirs.persist.contains_key(p))
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
        let mut switches: BTreeMap<Permission, Switch> = BTreeMap::new();
        let mut not_yet: BTreeMap<(Family, &str), (bool, &Origin)> = BTreeMap::new();
        for layer in self.layers() {
            let mut mine: BTreeMap<Permission, Switch> = BTreeMap::new();
            // a reset drops what lower layers gave, never what its own layer says
            if layer
                .entries
                .iter()
                .any(|e| e.grant == Grant::Filesystem(FsRule::Reset))
            {
                parts.filesystems.clear();
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
                    Grant::NotYet { family, key, allow } => {
                        not_yet.insert((*family, key), (*allow, &entry.origin));
                    }
                }
            }
            for (permission, upper) in mine {
                match switches.get_mut(&permission) {
                    Some(lower) => lower.merge(upper),
                    None => {
                        switches.insert(permission, upper);
                    }
                }
            }
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

/// One name's state while layers are merged (Flatpak 1.17's rule).
#[derive(Debug)]
struct Switch {
    allowed: bool,
    /// lower layers' conditions do not count
    reset: bool,
    conditions: Vec<Condition>,
    /// the reset before a plain name; `if:` items right behind make the plain name a mere note for old readers
    before_plain: Option<bool>,
    origin: Origin,
}

impl Switch {
    fn new(origin: Origin) -> Self {
        Self {
            allowed: false,
            reset: false,
            conditions: Vec::new(),
            before_plain: None,
            origin,
        }
    }

    fn say(&mut self, allow: bool, condition: Option<Condition>, origin: Origin) {
        self.allowed = allow;
        self.origin = origin;
        match condition {
            Some(condition) => {
                if let Some(reset) = self.before_plain.take() {
                    self.reset = reset;
                }
                self.conditions.push(condition);
            }
            None => {
                self.before_plain = allow.then_some(self.reset);
                self.reset = true;
                self.conditions.clear();
            }
        }
    }

    fn merge(&mut self, upper: Self) {
        if upper.reset {
            self.conditions.clear();
        }
        self.reset |= upper.reset;
        self.allowed = upper.allowed;
        self.conditions.extend(upper.conditions);
        self.origin = upper.origin;
    }

    fn is_on(&self, facts: &Conditions) -> bool {
        self.allowed
            && (self.conditions.is_empty() || self.conditions.iter().any(|c| c.holds(facts)))
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
    for denied in &policy.deny {
        if let Some(origin) = parts.permissions.remove(&denied.0.value) {
            lower(denied.0.value.to_string(), &origin, None, &denied.0.origin)?;
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
