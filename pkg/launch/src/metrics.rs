//! What running apps use, for Prometheus: OpenMetrics text (the OpenMetrics 1.0 specification), from one table.

mod serve;

use flatrack_engine::cgroup::{Stall, Stats};

use crate::{Error, StatsRow, stats};

pub use serve::{MAX_REQUEST, MetricsServer};

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Whole(u64),
    /// µs, written in seconds
    Micros(u64),
    /// millionths, written as a fraction
    Millionths(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gauge,
    Counter,
}

struct Family {
    name: &'static str,
    unit: &'static str,
    kind: Kind,
    help: &'static str,
    value: fn(&Stats) -> Option<Value>,
}

const fn family(
    name: &'static str,
    unit: &'static str,
    kind: Kind,
    help: &'static str,
    value: fn(&Stats) -> Option<Value>,
) -> Family {
    Family {
        name,
        unit,
        kind,
        help,
        value,
    }
}

fn whole(value: Option<u64>) -> Option<Value> {
    value.map(Value::Whole)
}

fn stalled(stall: Option<Stall>) -> Option<Value> {
    stall.map(|stall| Value::Micros(stall.some_total))
}

/// Every family. A number that the kernel does not keep is absent, never 0.
const FAMILIES: [Family; 16] = [
    family(
        "flatrack_memory_bytes",
        "bytes",
        Kind::Gauge,
        "Memory in use.",
        |s| whole(s.memory_current),
    ),
    family(
        "flatrack_memory_peak_bytes",
        "bytes",
        Kind::Gauge,
        "The most memory that was in use.",
        |s| whole(s.memory_peak),
    ),
    family(
        "flatrack_memory_limit_bytes",
        "bytes",
        Kind::Gauge,
        "The memory limit; absent without one.",
        |s| whole(s.memory_max),
    ),
    family(
        "flatrack_memory_kills",
        "",
        Kind::Counter,
        "Processes that the kernel killed at the memory limit.",
        |s| whole(s.memory_kills),
    ),
    family(
        "flatrack_cpu_seconds",
        "seconds",
        Kind::Counter,
        "Processor time used.",
        |s| s.cpu_usage.map(Value::Micros),
    ),
    family(
        "flatrack_cpu_limit_cpus",
        "cpus",
        Kind::Gauge,
        "Processors that may be used at a time; absent without a limit.",
        |s| s.cpu_max.map(Value::Millionths),
    ),
    family(
        "flatrack_cpu_throttled_periods",
        "periods",
        Kind::Counter,
        "Periods in which the processor limit was reached.",
        |s| whole(s.cpu_throttled_periods),
    ),
    family(
        "flatrack_cpu_throttled_seconds",
        "seconds",
        Kind::Counter,
        "Time held back by the processor limit.",
        |s| s.cpu_throttled.map(Value::Micros),
    ),
    family(
        "flatrack_tasks",
        "",
        Kind::Gauge,
        "Processes and threads.",
        |s| whole(s.pids_current),
    ),
    family(
        "flatrack_tasks_limit",
        "",
        Kind::Gauge,
        "The most processes and threads; absent without a limit.",
        |s| whole(s.pids_max),
    ),
    family(
        "flatrack_io_read_bytes",
        "bytes",
        Kind::Counter,
        "Bytes read from disks.",
        |s| whole(s.io_read),
    ),
    family(
        "flatrack_io_written_bytes",
        "bytes",
        Kind::Counter,
        "Bytes written to disks.",
        |s| whole(s.io_written),
    ),
    family(
        "flatrack_cpu_waiting_seconds",
        "seconds",
        Kind::Counter,
        "Time in which some process waited for a processor.",
        |s| stalled(s.pressure.cpu),
    ),
    family(
        "flatrack_memory_waiting_seconds",
        "seconds",
        Kind::Counter,
        "Time in which some process waited for memory.",
        |s| stalled(s.pressure.memory),
    ),
    family(
        "flatrack_io_waiting_seconds",
        "seconds",
        Kind::Counter,
        "Time in which some process waited for disks.",
        |s| stalled(s.pressure.io),
    ),
    family(
        "flatrack_up",
        "",
        Kind::Gauge,
        "1 for each app that runs.",
        |_| Some(Value::Whole(1)),
    ),
];

/// OpenMetrics text about every running app.
///
/// # Errors
/// As [`stats`].
pub fn metrics() -> Result<String, Error> {
    Ok(text(&stats(None)?))
}

fn text(rows: &[StatsRow]) -> String {
    let mut out = String::new();
    for family in &FAMILIES {
        let (kind, suffix) = match family.kind {
            Kind::Gauge => ("gauge", ""),
            Kind::Counter => ("counter", "_total"),
        };
        let (name, help) = (family.name, family.help);
        out += &format!("# TYPE {name} {kind}\n");
        if !family.unit.is_empty() {
            out += &format!("# UNIT {name} {}\n", family.unit);
        }
        out += &format!("# HELP {name} {help}\n");
        for row in rows {
            if let Some(value) = (family.value)(&row.stats) {
                let app = escaped(&row.app);
                let instance = row.instance;
                let value = number(value);
                out +=
                    &format!("{name}{suffix}{{app=\"{app}\",instance=\"{instance}\"}} {value}\n");
            }
        }
    }
    out + "# EOF\n"
}

fn number(value: Value) -> String {
    match value {
        Value::Whole(number) => number.to_string(),
        Value::Micros(number) | Value::Millionths(number) => {
            format!("{}.{:06}", number / 1_000_000, number % 1_000_000)
        }
    }
}

/// A label's value, as the specification wants it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_its_family_and_absent_ones_have_none() {
        let stats = Stats {
            memory_current: Some(5),
            cpu_usage: Some(1_500_000),
            cpu_max: Some(500_000),
            ..Stats::default()
        };
        let row = StatsRow {
            instance: 7,
            app: "org.x.\"A\\".to_owned(),
            stats,
        };
        let text = text(&[row]);
        let labels = r#"{app="org.x.\"A\\",instance="7"}"#;
        for line in [
            format!("flatrack_memory_bytes{labels} 5"),
            format!("flatrack_cpu_seconds_total{labels} 1.500000"),
            format!("flatrack_cpu_limit_cpus{labels} 0.500000"),
            format!("flatrack_up{labels} 1"),
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
        assert!(!text.contains("flatrack_memory_limit_bytes{"), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }

    /// A unit is the end of its family's name, as the specification demands.
    #[test]
    fn units_end_names() {
        for family in &FAMILIES {
            let unit = family.unit;
            assert!(
                unit.is_empty() || family.name.ends_with(&format!("_{unit}")),
                "{}",
                family.name
            );
        }
    }
}
