//! What the layers say together.

use std::collections::BTreeMap;

use super::{Parts, Refusal};
use crate::switch::{Switch, Switches};
use crate::vocabulary::{Family, Support};
use crate::{
    Conditions, Direction, FsPlace, FsRule, Grant, Granted, LayerStack, Origin, Source, switch,
};

/// Lays the layers upon each other, the lowest first, and decides what depends on facts.
pub(super) fn merge(stack: &LayerStack, facts: &Conditions) -> Result<Parts, Refusal> {
    let mut parts = Parts::default();
    let mut switches = Switches::new();
    let mut not_yet: BTreeMap<(Family, &str), (bool, &Origin)> = BTreeMap::new();
    for layer in stack.layers() {
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
