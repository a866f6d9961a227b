//! `events`: what a container uses, in runc's form.

use std::time::Duration;

use clap::Args;
use flatrack_engine::cgroup::Stats;
use flatrack_engine::{ContainerId, Error, Info, StateDir, Status};
use serde::Serialize;
use serde_json::{Value, json};

use super::Context;
use crate::failure::{Failure, Result};
use crate::output;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Time between two lines, such as `5s` or `1m`
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = interval)]
    interval: Duration,
    /// One line, at once
    #[arg(long)]
    stats: bool,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let (state, id) = (context.state()?, &arguments.id);
    if info(&state, id)?.is_none_or(|info| info.status == Status::Stopped) {
        return Err(Failure::new(format!(
            "container with id `{id}` is not running"
        )));
    }
    let mut kills = read(&state, id)?.memory_kills;
    if arguments.stats {
        return output::json_line(&event("stats", id, data(&read(&state, id)?)));
    }
    loop {
        let now = match read(&state, id) {
            Ok(stats) => stats,
            // it ended between the question and the answer
            Err(_) if ended(&state, id)? => return Ok(()),
            Err(failure) => return Err(failure),
        };
        if now.memory_kills > kills {
            output::json_line(&event("oom", id, Value::Null))?;
        }
        kills = now.memory_kills;
        output::json_line(&event("stats", id, data(&now)))?;
        std::thread::sleep(arguments.interval);
        if ended(&state, id)? {
            return Ok(());
        }
    }
}

fn info(state: &StateDir, id: &ContainerId) -> Result<Option<Info>> {
    flatrack_engine::info(state, id)
        .map(Some)
        .map_err(Into::into)
}

fn ended(state: &StateDir, id: &ContainerId) -> Result<bool> {
    match flatrack_engine::info(state, id) {
        Err(Error::NotFound(_)) => Ok(true),
        other => Ok(other?.status == Status::Stopped),
    }
}

fn read(state: &StateDir, id: &ContainerId) -> Result<Stats> {
    let cgroup = flatrack_engine::cgroup_of(state, id)?;
    Ok(cgroup.stats().map_err(Error::from)?)
}

/// One line; engines look for the kind and the name at its beginning.
#[derive(Debug, Serialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a ContainerId,
    #[serde(skip_serializing_if = "Value::is_null")]
    data: Value,
}

fn event<'a>(kind: &'a str, id: &'a ContainerId, data: Value) -> Event<'a> {
    Event { kind, id, data }
}

/// runc's fields; what the kernel does not keep here is left out.
fn data(stats: &Stats) -> Value {
    const NANOSECONDS: u64 = 1000;
    let mut data = json!({
        "cpu": {
            "usage": {"total": stats.cpu_usage.map(|time| time * NANOSECONDS)},
            "throttling": {
                "throttledPeriods": stats.cpu_throttled_periods,
                "throttledTime": stats.cpu_throttled.map(|time| time * NANOSECONDS),
            },
        },
        "memory": {
            "usage": {
                "usage": stats.memory_current,
                "max": stats.memory_peak,
                "limit": stats.memory_max,
            },
        },
        "pids": {"current": stats.pids_current, "limit": stats.pids_max},
        "blkio": {"ioServiceBytesRecursive": [
            {"op": "Read", "value": stats.io_read},
            {"op": "Write", "value": stats.io_written},
        ]},
    });
    leave_out_nothing(&mut data);
    data
}

fn leave_out_nothing(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(leave_out_nothing);
            fields.retain(|_, field| !field.is_null());
        }
        Value::Array(items) => {
            items.iter_mut().for_each(leave_out_nothing);
            items.retain(|item| item.get("value").is_some());
        }
        _ => {}
    }
}

/// A number with `ms`, `s`, `m` or `h`; one without is in seconds.
fn interval(text: &str) -> std::result::Result<Duration, String> {
    const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    let found = UNITS
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let (digits, factor) = found.unwrap_or((text, 1000));
    let number: Option<u64> = digits.parse().ok();
    number
        .and_then(|number| number.checked_mul(factor))
        .filter(|milliseconds| *milliseconds > 0)
        .map(Duration::from_millis)
        .ok_or_else(|| format!("`{}` is no time", text.escape_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(interval("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(interval("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(interval("1m"), Ok(Duration::from_secs(60)));
        for text in ["", "0s", "s", "-1s", "1d"] {
            assert!(interval(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_zero() {
        let stats = Stats {
            memory_current: Some(1),
            ..Stats::default()
        };
        let data = data(&stats);
        assert_eq!(data["memory"]["usage"], json!({"usage": 1}));
        assert_eq!(data["pids"], json!({}));
    }
}
