//! What the kernel's Landlock can do, by its version (ABI).

use super::{Check, Verdict};
use crate::Machine;

pub(super) fn checks(machine: &Machine) -> Vec<Check> {
    let abi = machine.facts.landlock;
    let check = |name: &str, verdict, detail: &str| Check {
        name: name.to_owned(),
        verdict,
        detail: format!("{detail} (Landlock ABI {abi})"),
    };
    let needs = |least: u32, why: &str| match abi {
        abi if abi >= least => Verdict::Enforced,
        abi => Verdict::Refused {
            why: format!("{why} (Landlock ABI {abi}, {least} is needed)"),
        },
    };
    let files = match abi {
        5.. => Verdict::Enforced,
        0 => Verdict::Degraded {
            why: "the kernel has no Landlock; mounts alone protect files".to_owned(),
        },
        1 => Verdict::Degraded {
            why: "Landlock ABI 1 would forbid renames; mounts alone protect files".to_owned(),
        },
        _ => Verdict::Degraded {
            why: format!("Landlock ABI {abi} does not know truncation or ioctl of devices"),
        },
    };
    vec![
        check("files, once more", files, "Landlock rules for every app"),
        check(
            "TCP ports",
            needs(4, "Linux 6.7 has TCP ports"),
            "Landlock, and a filter against what it does not see",
        ),
        check(
            "abstract sockets",
            needs(6, "Linux 6.12 has abstract sockets"),
            "Landlock, where `[X-Network]` is used",
        ),
    ]
}
