//! What AppArmor can do here.

use super::{Check, Verdict};
use crate::Machine;
use crate::apparmor::{Kernel, find_parser};

/// Without a wish an app runs without a profile where there can be none, so only part of the protection is gone.
pub(super) fn profiles(machine: &Machine) -> Check {
    let missing = match Kernel::probe() {
        Err(why) => Some(why),
        Ok(_) if !machine.facts.privileged => {
            Some("only apps whose profile root has loaded (`flatrack apparmor load`) have one")
        }
        Ok(_) if find_parser().is_none() => Some("`apparmor_parser` is not installed"),
        Ok(_) => None,
    };
    let verdict = match missing {
        None => Verdict::Enforced,
        Some(why) => Verdict::Degraded {
            why: format!("{why}; an app that asks for a profile does not start without"),
        },
    };
    Check {
        name: "AppArmor profiles".to_owned(),
        verdict,
        detail: "made from each app's permissions, loaded at the start".to_owned(),
    }
}
