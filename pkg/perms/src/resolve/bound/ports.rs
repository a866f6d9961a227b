//! What a policy leaves of the shared network.

use std::collections::BTreeMap;

use super::super::{Parts, Refusal};
use super::{Excess, take};
use crate::{Direction, Origin, Permission, PortBound, PortRule, Ports};

const DIRECTIONS: [Direction; 2] = [Direction::Connect, Direction::Bind];

/// An app that lists no port asks for all of them. One that is left with none has no network at all: two empty lists
/// would mean the whole of it.
pub(super) fn apply(
    parts: &mut Parts,
    bound: &PortBound,
    excess: &mut Excess,
) -> Result<(), Refusal> {
    let Some(asked_by) = parts.permissions.get(&Permission::Network).cloned() else {
        return Ok(());
    };
    let asked = std::mem::take(&mut parts.ports);
    let left = match asked.is_unlimited() {
        true => whole(bound),
        false => narrowed(&asked, bound, excess)?,
    };
    if left.is_unlimited() {
        return take(parts, Permission::Network, &bound.origin, excess);
    }
    if asked.is_unlimited() {
        let network = Permission::Network.to_string();
        excess.lower(network, &asked_by, Some(text(&left)), &bound.origin)?;
    }
    parts.ports = left;
    Ok(())
}

fn most(bound: &PortBound, direction: Direction) -> Vec<PortRule> {
    PortRule::merged(match direction {
        Direction::Connect => &bound.connect,
        Direction::Bind => &bound.bind,
    })
}

fn whole(bound: &PortBound) -> Ports {
    let mut ports = Ports::default();
    for direction in DIRECTIONS {
        let rules = most(bound, direction).into_iter();
        let rules = rules.map(|rule| (rule, bound.origin.clone()));
        *ports.of_mut(direction) = rules.collect();
    }
    ports
}

fn narrowed(asked: &Ports, bound: &PortBound, excess: &mut Excess) -> Result<Ports, Refusal> {
    let mut left = Ports::default();
    for direction in DIRECTIONS {
        let most = most(bound, direction);
        let list: &mut BTreeMap<PortRule, Origin> = left.of_mut(direction);
        for (rule, origin) in asked.of(direction) {
            if most.iter().any(|most| most.covers(rule)) {
                list.insert(*rule, origin.clone());
                continue;
            }
            let within: Vec<PortRule> = most.iter().filter_map(|most| most.and(rule)).collect();
            let given: Vec<String> = within.iter().map(ToString::to_string).collect();
            let given = (!given.is_empty()).then(|| given.join(", "));
            let asked = format!("{}={rule}", direction.key());
            excess.lower(asked, origin, given, &bound.origin)?;
            list.extend(within.into_iter().map(|rule| (rule, bound.origin.clone())));
        }
    }
    Ok(left)
}

/// `connect=tcp:443, bind=tcp:8080`
fn text(ports: &Ports) -> String {
    let items = DIRECTIONS.into_iter().flat_map(|direction| {
        let rules = ports.of(direction).keys();
        rules.map(move |rule| format!("{}={rule}", direction.key()))
    });
    items.collect::<Vec<_>>().join(", ")
}
