//! What the kernel shows of itself: `/proc` and parts of `/sys`.

use std::path::Path;

use super::{Input, PlanError};
use crate::{Access, FileKind, Plan, Reason, What};

/// Parts of `/sys` that describe devices. The rest (cgroups, firmware, modules, debugging) is not there.
const SYS: [&str; 5] = [
    "/sys/block",
    "/sys/bus",
    "/sys/class",
    "/sys/dev",
    "/sys/devices",
];

/// Knobs of the machine that the owner of the files could turn even without capabilities.
const READONLY: [&str; 6] = [
    "/proc/sys",
    "/proc/sysrq-trigger",
    "/proc/irq",
    "/proc/bus",
    "/proc/fs",
    "/proc/mtrr",
];

/// What shows the machine's memory, keys or timers to an app that runs as root.
const MASKED: [&str; 7] = [
    "/proc/acpi",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
];

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    plan.mount("/proc", What::Proc);
    let present = |path: &&&str| input.host.kind(Path::new(**path)).is_some();
    plan.readonly_paths = READONLY.iter().filter(present).map(Into::into).collect();
    plan.masked_paths = MASKED.iter().filter(present).map(Into::into).collect();
    plan.dir("/sys", 0o755);
    for path in SYS {
        if input.host.kind(Path::new(path)) == Some(FileKind::Dir) {
            plan.bind(path, path, Access::ReadOnly, Reason::Sandbox);
        }
    }
    Ok(())
}
