//! Limits of the OCI spec as writes to cgroup files: one table for what is a single number, one function for each of the rest.

use oci_spec::runtime::LinuxResources;

use super::{Error, Result, Version};

/// One write to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// The OCI field, for messages.
    pub(super) limit: String,
    pub(super) controller: String,
    pub(super) file: String,
    pub(super) value: String,
    /// How the file must read afterwards.
    pub(super) check: Check,
    /// It takes a limit away rather than setting one: if the file is missing, there is nothing to take away.
    pub(super) unlimited: bool,
}

/// What reading a file back may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// The same number.
    Number,
    /// The same number, rounded down to pages.
    Bytes,
    /// The file shows something else than was written (several lines, ranges, a default).
    Skip,
}

/// A limit that is one number in one file.
struct Row {
    limit: &'static str,
    controller: &'static str,
    v1: Option<&'static str>,
    v2: Option<&'static str>,
    value: fn(&LinuxResources) -> Option<i64>,
    /// From the OCI number to the text for v2; v1 takes the number as it is.
    convert: fn(i64) -> String,
    check: Check,
}

const TABLE: &[Row] = &[
    Row {
        limit: "memory.limit",
        controller: "memory",
        v1: Some("memory.limit_in_bytes"),
        v2: Some("memory.max"),
        value: |r| r.memory().as_ref()?.limit(),
        convert: or_max,
        check: Check::Bytes,
    },
    Row {
        limit: "memory.reservation",
        controller: "memory",
        v1: Some("memory.soft_limit_in_bytes"),
        v2: Some("memory.low"),
        value: |r| r.memory().as_ref()?.reservation(),
        convert: or_max,
        check: Check::Bytes,
    },
    Row {
        limit: "memory.swappiness",
        controller: "memory",
        v1: Some("memory.swappiness"),
        v2: None,
        value: |r| r.memory().as_ref()?.swappiness().map(|value| value as i64),
        convert: plain,
        check: Check::Number,
    },
    Row {
        limit: "memory.disableOOMKiller",
        controller: "memory",
        v1: Some("memory.oom_control"),
        v2: None,
        value: |r| {
            r.memory()
                .as_ref()?
                .disable_oom_killer()
                .filter(|on| *on)
                .map(i64::from)
        },
        convert: plain,
        check: Check::Skip,
    },
    Row {
        limit: "cpu.shares",
        controller: "cpu",
        v1: Some("cpu.shares"),
        v2: Some("cpu.weight"),
        value: |r| {
            r.cpu()
                .as_ref()?
                .shares()
                .filter(|shares| *shares != 0)
                .map(|value| value as i64)
        },
        convert: shares_to_weight,
        check: Check::Number,
    },
    Row {
        limit: "cpu.idle",
        controller: "cpu",
        v1: Some("cpu.idle"),
        v2: Some("cpu.idle"),
        value: |r| r.cpu().as_ref()?.idle(),
        convert: plain,
        check: Check::Number,
    },
    Row {
        limit: "pids.limit",
        controller: "pids",
        v1: Some("pids.max"),
        v2: Some("pids.max"),
        value: |r| r.pids().as_ref().map(|pids| pids.limit()),
        convert: or_max,
        check: Check::Number,
    },
    Row {
        limit: "blockIO.weight",
        controller: "blkio",
        v1: Some("blkio.weight"),
        v2: Some("io.weight"),
        value: |r| {
            r.block_io()
                .as_ref()?
                .weight()
                .filter(|weight| *weight != 0)
                .map(i64::from)
        },
        convert: weight_to_v2,
        check: Check::Skip,
    },
];

/// The name that v2 has for a v1 controller.
fn on_v2(controller: &str) -> &str {
    if controller == "blkio" {
        "io"
    } else {
        controller
    }
}

fn plain(value: i64) -> String {
    value.to_string()
}

fn or_max(value: i64) -> String {
    if value < 0 {
        "max".into()
    } else {
        value.to_string()
    }
}

/// 2..=262144 to 1..=10000, as every runtime does it.
fn shares_to_weight(shares: i64) -> String {
    (1 + (shares.clamp(2, 262_144) - 2) * 9999 / 262_142).to_string()
}

/// 10..=1000 to 1..=10000.
fn weight_to_v2(weight: i64) -> String {
    (1 + (weight.clamp(10, 1000) - 10) * 9999 / 990).to_string()
}

/// All writes that `resources` ask for, in the order in which they must be made.
pub(super) fn settings(resources: &LinuxResources, version: Version) -> Result<Vec<Setting>> {
    let mut settings = Vec::new();
    for row in TABLE {
        let Some(number) = (row.value)(resources) else {
            continue;
        };
        // The spec's "no limit" for processes is zero or less; a limit of zero would be no container at all.
        let number = if row.limit == "pids.limit" && number <= 0 {
            -1
        } else {
            number
        };
        let (file, value) = match version {
            Version::V1 => (
                row.v1,
                if row.controller == "pids" {
                    or_max(number)
                } else {
                    number.to_string()
                },
            ),
            Version::V2 => (row.v2, (row.convert)(number)),
        };
        let Some(file) = file else {
            return Err(refuse(row.limit, "cgroup v2 has no such limit"));
        };
        let controller = if version == Version::V2 {
            on_v2(row.controller)
        } else {
            row.controller
        };
        settings.push(Setting {
            limit: row.limit.into(),
            controller: controller.into(),
            file: file.into(),
            value,
            check: if number < 0 { Check::Skip } else { row.check },
            unlimited: number < 0,
        });
    }
    swap(resources, version, &mut settings)?;
    cpu(resources, version, &mut settings)?;
    throttle(resources, version, &mut settings);
    huge_pages(resources, version, &mut settings);
    unified(resources, version, &mut settings)?;
    refuse_the_rest(resources)?;
    Ok(settings)
}

fn refuse(limit: &str, why: &str) -> Error {
    Error::LimitNotEnforceable {
        limit: limit.into(),
        why: why.into(),
        source: None,
    }
}

fn push(
    settings: &mut Vec<Setting>,
    limit: &str,
    controller: &str,
    file: String,
    value: String,
    check: Check,
) {
    settings.push(Setting {
        limit: limit.into(),
        controller: controller.into(),
        file,
        value,
        check,
        unlimited: false,
    });
}

/// OCI and v1 count memory and swap together, v2 swap alone. Written after the memory limit, which must not be above it.
fn swap(resources: &LinuxResources, version: Version, settings: &mut Vec<Setting>) -> Result<()> {
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

fn cpu(resources: &LinuxResources, version: Version, settings: &mut Vec<Setting>) -> Result<()> {
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

fn throttle(resources: &LinuxResources, version: Version, settings: &mut Vec<Setting>) {
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

fn huge_pages(resources: &LinuxResources, version: Version, settings: &mut Vec<Setting>) {
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
fn unified(
    resources: &LinuxResources,
    version: Version,
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
        if version == Version::V1 {
            return Err(refuse(
                file,
                "this machine has its controllers on cgroup v1",
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
fn refuse_the_rest(resources: &LinuxResources) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn resources(json: &str) -> LinuxResources {
        serde_json::from_str(json).unwrap()
    }

    fn writes(json: &str, version: Version) -> Vec<(String, String)> {
        settings(&resources(json), version)
            .unwrap()
            .into_iter()
            .map(|setting| (setting.file, setting.value))
            .collect()
    }

    #[test]
    fn the_same_limits_for_both_versions() {
        let json = r#"{"memory":{"limit":1048576,"swap":2097152},"cpu":{"quota":50000,"period":100000,"shares":1024,"cpus":"0"},"pids":{"limit":7}}"#;
        let pair = |file: &str, value: &str| (file.to_owned(), value.to_owned());
        assert_eq!(
            writes(json, Version::V1),
            [
                pair("memory.limit_in_bytes", "1048576"),
                pair("cpu.shares", "1024"),
                pair("pids.max", "7"),
                pair("memory.memsw.limit_in_bytes", "2097152"),
                pair("cpu.cfs_period_us", "100000"),
                pair("cpu.cfs_quota_us", "50000"),
                pair("cpuset.cpus", "0"),
            ]
        );
        assert_eq!(
            writes(json, Version::V2),
            [
                pair("memory.max", "1048576"),
                pair("cpu.weight", "39"),
                pair("pids.max", "7"),
                pair("memory.swap.max", "1048576"),
                pair("cpu.max", "50000 100000"),
                pair("cpuset.cpus", "0"),
            ]
        );
    }

    #[test]
    fn no_limit_has_its_own_spelling() {
        let json = r#"{"memory":{"limit":-1},"pids":{"limit":0}}"#;
        assert_eq!(
            writes(json, Version::V2),
            [
                ("memory.max".into(), "max".into()),
                ("pids.max".into(), "max".into())
            ]
        );
        assert!(
            settings(&resources(json), Version::V1)
                .unwrap()
                .iter()
                .all(|setting| setting.unlimited)
        );
    }

    #[test]
    fn what_cannot_be_done_is_an_error() {
        for (json, version) in [
            (r#"{"unified":{"memory.high":"1M"}}"#, Version::V1),
            (r#"{"unified":{"../memory.high":"1M"}}"#, Version::V2),
            (r#"{"memory":{"swappiness":10}}"#, Version::V2),
            (r#"{"memory":{"limit":10,"swap":5}}"#, Version::V2),
            (r#"{"cpu":{"realtimeRuntime":10}}"#, Version::V1),
        ] {
            assert!(
                matches!(
                    settings(&resources(json), version),
                    Err(Error::LimitNotEnforceable { .. })
                ),
                "{json}"
            );
        }
    }
}
