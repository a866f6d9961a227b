//! One name while layers are merged: on, off, or on under conditions.

use std::collections::BTreeMap;

use crate::{Condition, Conditions, Origin, Permission};

/// The switches of one layer, or of all merged so far.
pub(crate) type Switches = BTreeMap<Permission, Switch>;

/// One name's state while layers are merged (Flatpak 1.17's rule).
#[derive(Debug)]
pub(crate) struct Switch {
    pub(crate) allowed: bool,
    /// lower layers' conditions do not count
    pub(crate) reset: bool,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) origin: Origin,
}

impl Switch {
    pub(crate) fn new(origin: Origin) -> Self {
        Self {
            allowed: false,
            reset: false,
            conditions: Vec::new(),
            origin,
        }
    }

    pub(crate) fn say(&mut self, allow: bool, condition: Option<Condition>, origin: Origin) {
        match condition {
            // who has it anyway does not need it under a condition
            Some(_) if self.allowed && self.conditions.is_empty() => return,
            Some(condition) => self.conditions.push(condition),
            None => {
                self.reset = true;
                self.conditions.clear();
            }
        }
        self.allowed = allow;
        self.origin = origin;
    }

    pub(crate) fn merge(&mut self, upper: Self) {
        if upper.reset {
            self.conditions.clear();
        }
        self.reset |= upper.reset;
        self.allowed = upper.allowed;
        self.conditions.extend(upper.conditions);
        self.origin = upper.origin;
    }

    pub(crate) fn is_on(&self, facts: &Conditions) -> bool {
        self.allowed
            && (self.conditions.is_empty() || self.conditions.iter().any(|c| c.holds(facts)))
    }
}

/// Merges a layer's switches onto those of the layers below.
pub(crate) fn merge(lower: &mut Switches, upper: Switches) {
    // who decides on X11 outright does not mean what was said of it as a fallback
    if upper.get(&Permission::X11).is_some_and(|x11| x11.reset) {
        lower.remove(&Permission::FallbackX11);
    }
    for (permission, upper) in upper {
        match lower.get_mut(&permission) {
            Some(lower) => lower.merge(upper),
            None => {
                lower.insert(permission, upper);
            }
        }
    }
}

/// What holds in the end: X11 as a fallback is X11 while there is no Wayland, and makes an X11 that was granted
/// without a condition one, too.
pub(crate) fn fallback(switches: &mut Switches) {
    if !switches
        .get(&Permission::FallbackX11)
        .is_some_and(|fallback| fallback.allowed)
    {
        return;
    }
    for permission in [Permission::FallbackX11, Permission::X11] {
        if let Some(switch) = switches.get_mut(&permission)
            && switch.conditions.is_empty()
        {
            switch.conditions.push(Condition::without_wayland());
        }
    }
}
