//! `[X-Network]`: the shared network narrowed to the ports that are listed.
//!
//! Landlock knows TCP ports and abstract sockets. What has ports or reaches out without Landlock seeing it (UDP, other protocols,
//! raw packets, TCP Fast Open, io_uring) is closed by the filter (`ports` in configs/seccomp/app.json).

use flatrack_perms::{Direction, Permission, PortRule, Transport};

use super::{Input, PlanError};
use crate::Plan;
use crate::landlock::{Landlock, Tcp};

/// The version of Landlock with TCP ports, and the one with abstract sockets.
const TCP: u32 = 4;
const ABSTRACT: u32 = 6;

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let ports = &input.resolved.parts().ports;
    if ports.is_unlimited() || !input.has(Permission::Network) {
        return Ok(());
    }
    let kernel = input.facts.landlock;
    let all_abstract = ports.connect.contains_key(&PortRule::UnixAbstract);
    let ranges = |direction, transport| ports.ranges(direction, transport);
    let needs_programs = [Direction::Connect, Direction::Bind]
        .iter()
        .any(|direction| !ranges(*direction, Transport::Udp).is_empty())
        || !ranges(Direction::Bind, Transport::Tcp).is_empty();
    if needs_programs {
        return refuse(
            "UDP ports and ports to listen on",
            "an ordinary user may not put programs on a cgroup",
            "run it as root, or list TCP ports to connect to and nothing else",
        );
    }
    if kernel < TCP {
        return refuse(
            "ports",
            "the kernel's Landlock knows no ports",
            "Linux 6.7 has them; without `[X-Network]` the whole network is shared",
        );
    }
    if kernel < ABSTRACT && !all_abstract {
        return refuse(
            "abstract sockets",
            "the kernel's Landlock does not know them",
            "Linux 6.12 does; `--allow-connect=unix-abstract` leaves them open",
        );
    }
    if input.has(Permission::Multiarch) {
        return refuse(
            "ports",
            "`features=multiarch` lets in calls that a filter cannot look into",
            "take one of the two away",
        );
    }
    let tcp = Tcp {
        connect: ranges(Direction::Connect, Transport::Tcp),
        bind: ranges(Direction::Bind, Transport::Tcp),
    };
    plan.seccomp.insert("ports".to_owned());
    let landlock = plan.landlock.get_or_insert_with(|| Landlock::new(kernel));
    landlock.tcp = Some(tcp);
    landlock.own_abstract_sockets = !all_abstract;
    Ok(())
}

fn refuse(what: &'static str, why: &'static str, hint: &'static str) -> Result<(), PlanError> {
    Err(PlanError::Narrowing { what, why, hint })
}
