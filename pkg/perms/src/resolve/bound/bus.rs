//! Names on buses that a policy withholds.
//!
//! Whatever filters a bus only adds up: a pattern that covers a bounded name is bounded as a whole, and a whole bus,
//! which nothing filters, is not given where one of its names is bounded. Names that every app has are bounded where
//! the filter is made, by what is left in [`Parts::bus_bounds`].

use super::super::{Parts, Refusal};
use super::{Excess, take};
use crate::{Bus, BusPolicy, Granted, Permission, Policy};

pub(super) fn apply(
    parts: &mut Parts,
    policy: &Policy,
    excess: &mut Excess,
) -> Result<(), Refusal> {
    let bounds = policy.bus_names.iter();
    for (bounded, most) in bounds.filter(|(_, most)| most.value < BusPolicy::Own) {
        if let Some(whole) = whole(bounded.bus) {
            take(parts, whole, &most.origin, excess)?;
        }
        for (name, granted) in &mut parts.bus_names {
            let is_meant = name.bus == bounded.bus && name.name.overlaps(&bounded.name);
            if is_meant && granted.value > most.value {
                excess.lower(
                    format!("{name}={}", granted.value.as_str()),
                    &granted.origin,
                    Some(most.value)
                        .filter(|most| *most > BusPolicy::None)
                        .map(|most| format!("{name}={}", most.as_str())),
                    &most.origin,
                )?;
                *granted = Granted::clone(most);
            }
        }
        parts.bus_bounds.insert(bounded.clone(), most.clone());
    }
    Ok(())
}

fn whole(bus: Bus) -> Option<Permission> {
    match bus {
        Bus::Session => Some(Permission::SessionBus),
        Bus::System => Some(Permission::SystemBus),
        Bus::A11y => None,
    }
}
