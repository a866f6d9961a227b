//! Limits as the document holds them.

use std::collections::HashMap;

use flatrack_perms::{ByteLimit, CountLimit, IoRates, Limits};
use oci_spec::runtime::{
    LinuxBlockIo, LinuxBlockIoBuilder, LinuxCpu, LinuxCpuBuilder, LinuxDeviceCgroupBuilder,
    LinuxHugepageLimit, LinuxHugepageLimitBuilder, LinuxMemoryBuilder, LinuxPidsBuilder,
    LinuxResources, LinuxResourcesBuilder, LinuxThrottleDeviceBuilder,
};

use super::RenderError;
use crate::CgroupVersion;
use crate::plan::ResourcePlan;

/// A limit that OCI writes as a signed number, with -1 for none.
fn bytes(limit: ByteLimit) -> Result<i64, RenderError> {
    match limit {
        ByteLimit::Max => Ok(-1),
        ByteLimit::Bytes(bytes) => {
            i64::try_from(bytes).map_err(|_| RenderError::Limit(limit.to_string()))
        }
    }
}

/// A start's limits, or those that are changed while an app runs.
///
/// # Errors
/// See [`RenderError`].
pub fn resources(
    plan: &ResourcePlan,
    cgroups: CgroupVersion,
) -> Result<LinuxResources, RenderError> {
    let limits = &plan.limits;
    let v2 = cgroups == CgroupVersion::V2;
    let mut unified = HashMap::new();
    let mut resources = LinuxResourcesBuilder::default()
        // nodes are withheld by the mount tree; nothing inside can make one
        .devices(vec![
            LinuxDeviceCgroupBuilder::default()
                .allow(true)
                .access("rwm")
                .build()?,
        ]);

    let mut memory = LinuxMemoryBuilder::default();
    let mut any = false;
    if let Some(max) = &limits.memory_max {
        memory = memory.limit(bytes(max.value)?);
        any = true;
    }
    if let Some(low) = &limits.memory_low {
        memory = memory.reservation(bytes(low.value)?);
        any = true;
    }
    match (&limits.memory_swap_max, &limits.memory_max) {
        // OCI counts memory and swap together
        (Some(swap), Some(max)) => {
            let both = match (swap.value, max.value) {
                (ByteLimit::Bytes(swap), ByteLimit::Bytes(max)) => {
                    bytes(ByteLimit::Bytes(swap.saturating_add(max)))?
                }
                _ => -1,
            };
            memory = memory.swap(both);
        }
        (Some(swap), None) => {
            unified.insert("memory.swap.max".to_owned(), number(swap.value));
        }
        _ => {}
    }
    if any {
        resources = resources.memory(memory.build()?);
    }
    if let Some(high) = &limits.memory_high {
        unified.insert("memory.high".to_owned(), number(high.value));
    }
    if let Some(cpu) = cpu(limits, v2, &mut unified)? {
        resources = resources.cpu(cpu);
    }
    if let Some(pids) = &limits.pids_max {
        let limit = match pids.value {
            CountLimit::Max => -1,
            CountLimit::Count(count) => {
                i64::try_from(count).map_err(|_| RenderError::Limit(format!("pids-max={count}")))?
            }
        };
        resources = resources.pids(LinuxPidsBuilder::default().limit(limit).build()?);
    }
    // v1 never kills them together, so there is nothing to say to it
    if let Some(group) = limits.oom_group.as_ref().filter(|it| v2 || it.value.get()) {
        let number = u8::from(group.value.get());
        unified.insert("memory.oom.group".to_owned(), number.to_string());
    }
    if let Some(block_io) = block_io(plan, v2, &mut unified)? {
        resources = resources.block_io(block_io);
    }
    let pages = huge_pages(limits)?;
    if !pages.is_empty() {
        resources = resources.hugepage_limits(pages);
    }
    if !unified.is_empty() {
        resources = resources.unified(unified);
    }
    Ok(resources.build()?)
}

fn cpu(
    limits: &Limits,
    v2: bool,
    unified: &mut HashMap<String, String>,
) -> Result<Option<LinuxCpu>, RenderError> {
    let mut cpu = LinuxCpuBuilder::default();
    let mut any = false;
    if let Some(max) = &limits.cpu_max {
        let quota = match max.value.quota {
            None => -1,
            Some(quota) => {
                i64::try_from(quota).map_err(|_| RenderError::Limit(max.value.to_string()))?
            }
        };
        cpu = cpu.quota(quota).period(max.value.period);
        any = true;
    }
    if let Some(weight) = &limits.cpu_weight {
        if v2 {
            unified.insert("cpu.weight".to_owned(), weight.value.to_string());
        } else {
            // 100 is everyone's weight in v2, 1024 in v1
            cpu = cpu.shares((u64::from(weight.value.get()) * 1024 / 100).max(2));
            any = true;
        }
    }
    if let Some(list) = &limits.cpuset {
        cpu = cpu.cpus(list.value.as_str());
        any = true;
    }
    Ok(if any { Some(cpu.build()?) } else { None })
}

fn block_io(
    plan: &ResourcePlan,
    v2: bool,
    unified: &mut HashMap<String, String>,
) -> Result<Option<LinuxBlockIo>, RenderError> {
    let mut block_io = LinuxBlockIoBuilder::default();
    let mut any = false;
    if let Some(weight) = &plan.limits.io_weight {
        if v2 {
            unified.insert("io.weight".to_owned(), format!("default {}", weight.value));
        } else {
            // 100 is everyone's weight in v2, 500 in v1, where the range is 10 to 1000
            let weight = (u32::from(weight.value.get()) * 5).clamp(10, 1000);
            block_io = block_io.weight(u16::try_from(weight).unwrap_or(1000));
            any = true;
        }
    }
    let throttled = |rate: fn(&IoRates) -> Option<u64>| {
        let disks = plan.disks.iter();
        let devices = disks.filter_map(|disk| {
            Some(
                LinuxThrottleDeviceBuilder::default()
                    .major(disk.major)
                    .minor(disk.minor)
                    .rate(rate(&disk.rates)?)
                    .build(),
            )
        });
        devices.collect::<Result<Vec<_>, _>>()
    };
    if !plan.disks.is_empty() {
        block_io = block_io
            .throttle_read_bps_device(throttled(|rates| rates.rbps)?)
            .throttle_write_bps_device(throttled(|rates| rates.wbps)?)
            .throttle_read_iops_device(throttled(|rates| rates.riops)?)
            .throttle_write_iops_device(throttled(|rates| rates.wiops)?);
        any = true;
    }
    Ok(if any { Some(block_io.build()?) } else { None })
}

fn huge_pages(limits: &Limits) -> Result<Vec<LinuxHugepageLimit>, RenderError> {
    let sizes = [
        ("64KB", &limits.hugetlb_64k),
        ("2MB", &limits.hugetlb_2m),
        ("32MB", &limits.hugetlb_32m),
        ("1GB", &limits.hugetlb_1g),
    ];
    let limited = sizes
        .into_iter()
        .filter_map(|(size, limit)| Some((size, limit.as_ref()?)));
    limited
        .map(|(size, limit)| {
            let page = LinuxHugepageLimitBuilder::default()
                .page_size(size)
                .limit(bytes(limit.value)?)
                .build()?;
            Ok(page)
        })
        .collect()
}

fn number(limit: ByteLimit) -> String {
    match limit {
        ByteLimit::Max => "max".to_owned(),
        ByteLimit::Bytes(bytes) => bytes.to_string(),
    }
}
