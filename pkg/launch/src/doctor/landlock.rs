//! What Landlock and its neighbours can withhold here: files, ports, single devices. Landlock counts its versions (ABI).

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
    let programs = match (
        machine.facts.privileged,
        machine.cgroups.unified().is_some(),
    ) {
        (true, true) => needs(4, "Linux 6.7 has TCP ports"),
        (true, false) => Verdict::Refused {
            why: "cgroup v2 is not mounted".to_owned(),
        },
        (false, _) => Verdict::Refused {
            why: "an ordinary user may not put programs on a cgroup; TCP ports to connect to can be had".to_owned(),
        },
    };
    let cgroup = machine.facts.privileged && machine.cgroups.with("devices").is_some();
    let devices = match (abi, cgroup) {
        (2.., _) | (_, true) => Verdict::Enforced,
        _ => Verdict::Degraded {
            why: "reading and writing cannot be held apart without Landlock or a device cgroup"
                .to_owned(),
        },
    };
    let how = match cgroup {
        true => "mounts, Landlock, device cgroup",
        false => "mounts, Landlock",
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
        check(
            "UDP ports, ports to listen on",
            programs,
            "programs on the cgroup",
        ),
        check("single devices, CDI", devices, how),
    ]
}
