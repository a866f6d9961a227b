//! Limits that are more than one number in one file, a function for each family.

use oci_spec::runtime::LinuxResources;

use super::table::on_v1;
use super::{Check, Result, Setting, Version, VersionOf, push, refuse};

/// OCI and v1 count memory and swap together, v2 swap alone. Written after the memory limit, which must not be above it.
pub(super) fn swap(
    resources: &LinuxResources,
    version: Version,
    settings: &mut Vec<Setting>,
) -> Result<()> {
    let Some(memory) = resources.memory() else {
        return Ok(());
    };
    let Some(swap) = memory.swap() else {
        return Ok(());
    };
    let (file, value) = match (version, swap, memory.limit()) {
        (Version::V1, ..) => ("memory.memsw.limit_in_bytes", swap.to_string()),
        (Version::V2, ..0, _) => ("memory.swap.max", "max".into()),
        (Version::V2, _, Some(limit)) if limit <= swap => {
            ("memory.swap.max", (swap - limit.max(0)).to_string())
        }
        (Version::V2, ..) => {
            return Err(refuse(
                "memory.swap",
                "it must not be below the limit of memory, which it includes",
            ));
        }
    };
    let check = if swap < 0 { Check::Skip } else { Check::Bytes };
    settings.push(Setting {
        limit: "memory.swap".into(),
        controller: "memory".into(),
        file: file.into(),
        value,
        check,
        unlimited: swap < 0,
    });
    Ok(())
}

pub(super) fn cpu(
    resources: &LinuxResources,
    version: Version,
    settings: &mut Vec<Setting>,
) -> Result<()> {
    let Some(cpu) = resources.cpu() else {
        return Ok(());
    };
    if cpu.realtime_runtime().is_some_and(|value| value != 0)
        || cpu.realtime_period().is_some_and(|value| value != 0)
    {
        return Err(refuse(
            "cpu.realtimeRuntime",
            "real-time scheduling groups are not supported",
        ));
    }
    let (quota, period) = (
        cpu.quota().filter(|quota| *quota != 0),
        cpu.period().filter(|period| *period != 0),
    );
    match version {
        Version::V1 => {
            if let Some(period) = period {
                push(
                    settings,
                    "cpu.period",
                    "cpu",
                    "cpu.cfs_period_us".into(),
                    period.to_string(),
                    Check::Number,
                );
            }
            if let Some(quota) = quota {
                push(
                    settings,
                    "cpu.quota",
                    "cpu",
                    "cpu.cfs_quota_us".into(),
                    quota.max(-1).to_string(),
                    Check::Number,
                );
            }
        }
        Version::V2 if quota.is_some() || period.is_some() => {
            let quota = quota
                .filter(|quota| *quota > 0)
                .map_or_else(|| "max".into(), |quota| quota.to_string());
            let value = format!("{quota} {}", period.unwrap_or(100_000));
            push(
                settings,
                "cpu.quota",
                "cpu",
                "cpu.max".into(),
                value,
                Check::Skip,
            );
        }
        Version::V2 => {}
    }
    if let Some(burst) = cpu.burst().filter(|burst| *burst != 0) {
        let file = if version == Version::V1 {
            "cpu.cfs_burst_us"
        } else {
            "cpu.max.burst"
        };
        push(
            settings,
            "cpu.burst",
            "cpu",
            file.into(),
            burst.to_string(),
            Check::Number,
        );
    }
    for (limit, file, value) in [
        ("cpu.cpus", "cpuset.cpus", cpu.cpus()),
        ("cpu.mems", "cpuset.mems", cpu.mems()),
    ] {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            push(
                settings,
                limit,
                "cpuset",
                file.into(),
                value.clone(),
                Check::Skip,
            );
        }
    }
    Ok(())
}

pub(super) fn throttle(resources: &LinuxResources, version: Version, settings: &mut Vec<Setting>) {
    let Some(block) = resources.block_io() else {
        return;
    };
    let kinds = [
        ("read_bps", "rbps", block.throttle_read_bps_device()),
        ("write_bps", "wbps", block.throttle_write_bps_device()),
        ("read_iops", "riops", block.throttle_read_iops_device()),
        ("write_iops", "wiops", block.throttle_write_iops_device()),
    ];
    for (v1, v2, devices) in kinds {
        for device in devices.iter().flatten() {
            let (number, rate) = (
                format!("{}:{}", device.major(), device.minor()),
                device.rate(),
            );
            let limit = format!("blockIO.throttle {v1} {number}");
            let (controller, file, value) = match version {
                Version::V1 => (
                    "blkio",
                    format!("blkio.throttle.{v1}_device"),
                    format!("{number} {rate}"),
                ),
                Version::V2 => ("io", "io.max".into(), format!("{number} {v2}={rate}")),
            };
            push(settings, &limit, controller, file, value, Check::Skip);
        }
    }
}

pub(super) fn huge_pages(
    resources: &LinuxResources,
    version: Version,
    settings: &mut Vec<Setting>,
) {
    for entry in resources.hugepage_limits().iter().flatten() {
        let suffix = if version == Version::V1 {
            "limit_in_bytes"
        } else {
            "max"
        };
        let file = format!("hugetlb.{}.{suffix}", entry.page_size());
        push(
            settings,
            &format!("hugepageLimits {}", entry.page_size()),
            "hugetlb",
            file,
            entry.limit().to_string(),
            Check::Skip,
        );
    }
}

/// Raw v2 settings, last because they refine the others.
pub(super) fn unified(
    resources: &LinuxResources,
    version_of: VersionOf<'_>,
    settings: &mut Vec<Setting>,
) -> Result<()> {
    let Some(unified) = resources.unified() else {
        return Ok(());
    };
    let mut entries: Vec<_> = unified.iter().collect();
    entries.sort();
    for (file, value) in entries {
        let Some((controller, _)) = file.split_once('.').filter(|_| !file.contains('/')) else {
            return Err(refuse(file, "it is not the name of a cgroup file"));
        };
        if version_of(on_v1(controller)) == Version::V1 {
            return Err(refuse(
                file,
                "this machine has that controller on cgroup v1",
            ));
        }
        push(
            settings,
            file,
            controller,
            file.clone(),
            value.clone(),
            Check::Skip,
        );
    }
    Ok(())
}

/// Fields that no runtime can honour any more, or that this one does not.
pub(super) fn refuse_the_rest(resources: &LinuxResources) -> Result<()> {
    if resources
        .network()
        .as_ref()
        .is_some_and(|network| network.class_id().is_some() || network.priorities().is_some())
    {
        return Err(refuse(
            "network",
            "network classes and priorities are not supported",
        ));
    }
    if resources
        .rdma()
        .as_ref()
        .is_some_and(|rdma| !rdma.is_empty())
    {
        return Err(refuse("rdma", "RDMA limits are not supported"));
    }
    if let Some(block) = resources.block_io() {
        let weights = block.weight_device().iter().flatten().next().is_some();
        if weights || block.leaf_weight().is_some_and(|weight| weight != 0) {
            return Err(refuse(
                "blockIO.weightDevice",
                "weights of single devices and leaves are not supported",
            ));
        }
    }
    Ok(())
}
