//! Limits, and the cgroup they are set on.

use std::collections::BTreeMap;
use std::path::Path;

use flatrack_perms::{IoDevice, IoMax, IoRates, Limits};

use super::{Input, PlanError};
use crate::plan::{DiskPlan, ResourcePlan};
use crate::{CgroupVersion, Host, Plan};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let limits = &input.resolved.parts().limits;
    plan.resources = ResourcePlan {
        cgroup: input.launch.cgroup.clone(),
        ..ResourcePlan::new(limits, input.facts.cgroups, input.host)?
    };
    Ok(())
}

impl ResourcePlan {
    /// Limits as this machine can enforce them; without a cgroup.
    ///
    /// # Errors
    /// A limit that its version of cgroups does not have, or a disk that is not there.
    pub fn new(
        limits: &Limits,
        cgroups: CgroupVersion,
        host: &dyn Host,
    ) -> Result<Self, PlanError> {
        if cgroups == CgroupVersion::V1 {
            only_on_v2(limits)?;
        }
        let disks = match &limits.io_max {
            Some(granted) => disks(&granted.value, host)?,
            None => Vec::new(),
        };
        Ok(Self {
            limits: limits.clone(),
            disks,
            cgroup: None,
        })
    }
}

fn only_on_v2(limits: &Limits) -> Result<(), PlanError> {
    let refuse = |limit: String, why| Err(PlanError::Limit { limit, why });
    if let Some(high) = &limits.memory_high {
        return refuse(
            format!("memory-high={}", high.value),
            "only cgroup v2 slows an app down before it is killed",
        );
    }
    if limits.memory_swap_max.is_some() && limits.memory_max.is_none() {
        return refuse(
            "memory-swap-max".to_owned(),
            "cgroup v1 limits swap only together with memory-max",
        );
    }
    if limits.oom_group.as_ref().is_some_and(|it| it.value.get()) {
        return refuse(
            "oom-group=true".to_owned(),
            "only cgroup v2 kills all processes of an app together",
        );
    }
    Ok(())
}

/// Two names of one disk, or two of its partitions, are that disk with the lower of each rate.
fn disks(max: &IoMax, host: &dyn Host) -> Result<Vec<DiskPlan>, PlanError> {
    let mut disks = BTreeMap::<(u32, u32), IoRates>::new();
    for (device, rates) in max.devices() {
        let disk = match device {
            IoDevice::Number(major, minor) => host.whole_disk(*major, *minor),
            IoDevice::Path(path) => host.disk(Path::new(path)),
        };
        let disk = disk.ok_or_else(|| PlanError::Limit {
            limit: format!("io-max={device}"),
            why: "there is no such disk, nor a file there that lies on one disk alone",
        })?;
        let all = disks.entry((disk.major, disk.minor)).or_default();
        *all = all.and(*rates);
    }
    let plan = |((major, minor), rates)| DiskPlan {
        major,
        minor,
        rates,
    };
    Ok(disks.into_iter().map(plan).collect())
}
