//! The limits that are one number in one file.

use oci_spec::runtime::LinuxResources;

use super::Check;

/// A limit that is one number in one file.
pub(super) struct Row {
    pub(super) limit: &'static str,
    pub(super) controller: &'static str,
    pub(super) v1: Option<&'static str>,
    pub(super) v2: Option<&'static str>,
    pub(super) value: fn(&LinuxResources) -> Option<i64>,
    /// From the OCI number to the text for v2; v1 takes the number as it is.
    pub(super) convert: fn(i64) -> String,
    pub(super) check: Check,
}

pub(super) const TABLE: &[Row] = &[
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
pub(in crate::cgroup) fn on_v2(controller: &str) -> &str {
    if controller == "blkio" {
        "io"
    } else {
        controller
    }
}

/// The name that v1 has for a v2 controller.
pub(super) fn on_v1(controller: &str) -> &str {
    if controller == "io" {
        "blkio"
    } else {
        controller
    }
}

fn plain(value: i64) -> String {
    value.to_string()
}

pub(super) fn or_max(value: i64) -> String {
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
