//! Limits, and the cgroup they are set on.

use super::{Input, PlanError};
use crate::plan::ResourcePlan;
use crate::{CgroupVersion, Plan};

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let limits = input.resolved.parts().limits.clone();
    let v1 = input.facts.cgroups == CgroupVersion::V1;
    if let Some(high) = limits.memory_high.as_ref().filter(|_| v1) {
        return Err(PlanError::Limit {
            limit: format!("memory-high={}", high.value),
            why: "only cgroup v2 slows an app down before it is killed",
        });
    }
    if v1 && limits.memory_swap_max.is_some() && limits.memory_max.is_none() {
        return Err(PlanError::Limit {
            limit: "memory-swap-max".to_owned(),
            why: "cgroup v1 limits swap only together with memory-max",
        });
    }
    plan.resources = ResourcePlan {
        limits,
        cgroup: input.launch.cgroup.clone(),
    };
    Ok(())
}
