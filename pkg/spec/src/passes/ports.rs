//! `[X-Network]`: the shared network narrowed to the ports that are listed.
//!
//! Landlock knows TCP ports and abstract sockets. What reaches out without Landlock seeing it (other protocols, raw packets, TCP Fast
//! Open, io_uring) is closed by the filter (`ports` in configs/seccomp/app.json). UDP ports, and the port that the kernel chooses for a
//! socket that listens unbound, are withheld by programs on the cgroup, which only root may put there; for everyone else the filter
//! closes both as a whole.

use flatrack_perms::{Direction, Permission, PortRule, Transport};

use super::{Input, PlanError};
use crate::landlock::{Landlock, Tcp};
use crate::{Plan, PortPlan, PortRanges};

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
    let of = |direction| PortRanges {
        tcp: ports.ranges(direction, Transport::Tcp),
        udp: ports.ranges(direction, Transport::Udp),
    };
    let left = PortPlan {
        connect: of(Direction::Connect),
        bind: of(Direction::Bind),
    };
    let udp = !left.connect.udp.is_empty() || !left.bind.udp.is_empty();
    if !input.facts.privileged && (udp || !left.bind.tcp.is_empty()) {
        return refuse(
            "UDP ports and ports to listen on",
            "an ordinary user may not put programs on a cgroup",
            "run it as root, or list TCP ports to connect to and nothing else",
        );
    }
    let landlock = plan.landlock.get_or_insert_with(|| Landlock::new(kernel));
    landlock.tcp = Some(Tcp {
        connect: left.connect.tcp.clone(),
        bind: left.bind.tcp.clone(),
    });
    landlock.own_abstract_sockets = !all_abstract;
    plan.seccomp.insert("ports".to_owned());
    if udp {
        plan.seccomp.insert("ports-udp".to_owned());
    }
    if input.facts.privileged {
        // the programs keep everyone from a port of the kernel's choice, so that the filter need not forbid to listen
        plan.seccomp.insert("ports-listen".to_owned());
        plan.ports = Some(left);
    }
    Ok(())
}

fn refuse(what: &'static str, why: &'static str, hint: &'static str) -> Result<(), PlanError> {
    Err(PlanError::Narrowing { what, why, hint })
}
