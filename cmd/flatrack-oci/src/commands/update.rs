//! `update`: other limits while the container runs.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use flatrack_engine::ContainerId;
use flatrack_engine::oci::LinuxResources;
use flatrack_launch::pod;
use serde_json::{Value, json};

use super::Context;
use crate::failure::{Doing, Failure, Result};

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// File with the `resources` of the OCI document, `-` for standard input; no other option counts then
    #[arg(short, long, value_name = "FILE")]
    resources: Option<PathBuf>,
    /// Weight of disk traffic, 10 to 1000
    #[arg(long, value_name = "WEIGHT")]
    blkio_weight: Option<u64>,
    /// Length of a period, in µs
    #[arg(long, value_name = "TIME")]
    cpu_period: Option<u64>,
    /// Processor time in a period, in µs
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    cpu_quota: Option<i64>,
    /// Processor time that may be saved up, in µs
    #[arg(long, value_name = "TIME")]
    cpu_burst: Option<u64>,
    /// Share of processor time, 2 to 262144
    #[arg(long, visible_alias = "cpu-shares", value_name = "SHARE")]
    cpu_share: Option<u64>,
    /// Length of a period of real-time tasks, in µs
    #[arg(long, value_name = "TIME")]
    cpu_rt_period: Option<u64>,
    /// Processor time of real-time tasks in a period, in µs
    #[arg(long, value_name = "TIME")]
    cpu_rt_runtime: Option<i64>,
    /// Run only where nothing else wants to: 1
    #[arg(long, value_name = "0|1")]
    cpu_idle: Option<i64>,
    /// Processors
    #[arg(long, value_name = "LIST")]
    cpuset_cpus: Option<String>,
    /// Memory nodes
    #[arg(long, value_name = "LIST")]
    cpuset_mems: Option<String>,
    /// Most memory, in bytes; a number with k, m, g; -1 for no limit
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true, value_parser = bytes)]
    memory: Option<i64>,
    /// Memory that is taken back first above it
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true, value_parser = bytes)]
    memory_reservation: Option<i64>,
    /// Most memory and swap together
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true, value_parser = bytes)]
    memory_swap: Option<i64>,
    /// Most processes and threads; -1 for no limit
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pids_limit: Option<i64>,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let state = context.state()?;
    let mut resources = resources(arguments)?;
    free_swap_with_memory(&mut resources);
    // engines hand over all that the container was made with; the devices stay what they are, as with runc
    resources.set_devices(None);
    let document = state.spec(&arguments.id).ok().filter(pod::is_app);
    if let Some(document) = document {
        resources = pod::change(&document, &resources)?;
    }
    let cgroup = flatrack_engine::cgroup_of(&state, &arguments.id)?;
    if flatrack_engine::info(&state, &arguments.id)?.pid == 0 {
        return Err(Failure::new("container not running"));
    }
    cgroup
        .update(&resources)
        .map_err(|error| flatrack_engine::Error::from(error).into())
}

fn resources(arguments: &Arguments) -> Result<LinuxResources> {
    let Some(path) = &arguments.resources else {
        return serde_json::from_value(from_options(arguments)).doing("understand the limits");
    };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes).map(drop))
    }
    .at("read", path)?;
    serde_json::from_slice(&bytes).at("understand", path)
}

/// Memory without a limit is not to stop at the old limit of memory and swap together.
fn free_swap_with_memory(resources: &mut LinuxResources) {
    if let Some(memory) = resources.memory_mut()
        && memory.limit() == Some(-1)
        && memory.swap().is_none_or(|swap| swap == 0)
    {
        memory.set_swap(Some(-1));
    }
}

/// The options as the document has them.
fn from_options(arguments: &Arguments) -> Value {
    let table = [
        ("blockIO", "weight", arguments.blkio_weight.map(Value::from)),
        ("cpu", "period", arguments.cpu_period.map(Value::from)),
        ("cpu", "quota", arguments.cpu_quota.map(Value::from)),
        ("cpu", "burst", arguments.cpu_burst.map(Value::from)),
        ("cpu", "shares", arguments.cpu_share.map(Value::from)),
        (
            "cpu",
            "realtimePeriod",
            arguments.cpu_rt_period.map(Value::from),
        ),
        (
            "cpu",
            "realtimeRuntime",
            arguments.cpu_rt_runtime.map(Value::from),
        ),
        ("cpu", "idle", arguments.cpu_idle.map(Value::from)),
        (
            "cpu",
            "cpus",
            arguments.cpuset_cpus.clone().map(Value::from),
        ),
        (
            "cpu",
            "mems",
            arguments.cpuset_mems.clone().map(Value::from),
        ),
        ("memory", "limit", arguments.memory.map(Value::from)),
        (
            "memory",
            "reservation",
            arguments.memory_reservation.map(Value::from),
        ),
        ("memory", "swap", arguments.memory_swap.map(Value::from)),
        ("pids", "limit", arguments.pids_limit.map(Value::from)),
    ];
    let mut document = json!({});
    for (family, field, value) in table {
        if let Some(value) = value {
            document[family][field] = value;
        }
    }
    document
}

/// `64m` and the like; -1 for no limit.
fn bytes(text: &str) -> std::result::Result<i64, String> {
    let wrong = || format!("`{}` is no number of bytes", text.escape_default());
    if text == "-1" {
        return Ok(-1);
    }
    let lower = text.to_ascii_lowercase();
    let short = lower.strip_suffix('b').unwrap_or(&lower);
    let units = [('k', 10), ('m', 20), ('g', 30), ('t', 40)];
    let unit = units.into_iter().find(|(unit, _)| short.ends_with(*unit));
    let digits = short.trim_end_matches(|letter| unit.is_some_and(|(unit, _)| unit == letter));
    let number: i64 = digits.parse().map_err(|_| wrong())?;
    let factor = 1i64 << unit.map_or(0, |(_, shift)| shift);
    number
        .checked_mul(factor)
        .filter(|number| *number >= 0)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_have_units() {
        for (text, number) in [
            ("1024", 1024),
            ("64m", 64 << 20),
            ("1G", 1 << 30),
            ("2kb", 2048),
            ("-1", -1),
        ] {
            assert_eq!(bytes(text), Ok(number), "{text}");
        }
        for text in ["", "m", "-2", "1x", "99999999999g"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
