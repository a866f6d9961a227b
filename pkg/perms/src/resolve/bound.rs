//! The upper bound: what a policy takes away, whoever granted it.

mod bus;
mod limits;
mod ports;

use super::{Parts, Refusal, Warning};
use crate::{
    DeviceBound, DeviceRule, FsAccess, FsRule, Granted, OnExcess, Origin, Permission, Policy,
};

/// Takes away what is above the bound.
pub(super) fn apply(parts: &mut Parts, policy: &Policy) -> Result<Vec<Warning>, Refusal> {
    let mut excess = Excess {
        on_excess: policy.on_excess,
        warnings: Vec::new(),
    };
    permissions(parts, policy, &mut excess)?;
    if let Some(most) = &policy.filesystem {
        filesystems(parts, most, &mut excess)?;
    }
    for bound in &policy.devices {
        devices(parts, bound, &mut excess)?;
    }
    policy
        .apparmor
        .tighten(&mut parts.apparmor, |asked, origin, given, by| {
            excess.lower(asked, origin, Some(given), by)
        })?;
    for bound in &policy.ports {
        ports::apply(parts, bound, &mut excess)?;
    }
    bus::apply(parts, policy, &mut excess)?;
    limits::apply(parts, policy, &mut excess)?;
    Ok(excess.warnings)
}

/// What was asked for beyond the bound.
struct Excess {
    on_excess: OnExcess,
    warnings: Vec<Warning>,
}

impl Excess {
    fn lower(
        &mut self,
        asked: String,
        origin: &Origin,
        given: Option<String>,
        by: &Origin,
    ) -> Result<(), Refusal> {
        match self.on_excess {
            OnExcess::Refuse => Err(Refusal::Forbidden {
                what: asked,
                origin: origin.clone(),
                by: by.clone(),
            }),
            OnExcess::Lower => {
                self.warnings.push(Warning {
                    asked,
                    given,
                    by: by.clone(),
                });
                Ok(())
            }
        }
    }
}

fn permissions(parts: &mut Parts, policy: &Policy, excess: &mut Excess) -> Result<(), Refusal> {
    for Granted { value, origin: by } in policy.deny.iter().map(|denied| &denied.0) {
        for permission in with_fallback(*value) {
            take(parts, *permission, by, excess)?;
        }
    }
    Ok(())
}

/// Takes a permission away; portals are not told of it either.
fn take(
    parts: &mut Parts,
    permission: Permission,
    by: &Origin,
    excess: &mut Excess,
) -> Result<(), Refusal> {
    parts.stated.remove(&permission);
    match parts.permissions.remove(&permission) {
        Some(origin) => excess.lower(permission.to_string(), &origin, None, by),
        None => Ok(()),
    }
}

/// What gives the same: who is not to have X11 does not get it as a fallback.
fn with_fallback(denied: Permission) -> &'static [Permission] {
    match denied {
        Permission::X11 => &[Permission::X11, Permission::FallbackX11],
        other => std::slice::from_ref(&other.row().permission),
    }
}

fn filesystems(
    parts: &mut Parts,
    most: &Granted<FsAccess>,
    excess: &mut Excess,
) -> Result<(), Refusal> {
    let places = parts.filesystems.iter_mut();
    for (place, granted) in places.filter(|(_, granted)| granted.value > most.value) {
        let text = |access| FsRule::Show(place.clone(), access).to_string();
        excess.lower(
            format!("filesystems={}", text(granted.value)),
            &granted.origin,
            Some(text(most.value)),
            &most.origin,
        )?;
        *granted = most.clone();
    }
    Ok(())
}

fn devices(parts: &mut Parts, bound: &DeviceBound, excess: &mut Excess) -> Result<(), Refusal> {
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
            let (asked, given) = (text(asked), given.as_ref().map(text));
            excess.lower(asked, &granted.origin, given, &bound.origin)?;
        }
        if let Some(value) = given {
            let name = value.name.clone();
            parts.devices.insert(name, Granted { value, ..granted });
        }
    }
    Ok(())
}
