//! Limits as properties of a unit, so that systemd shows them and puts no others in their place. One table by cgroup file.

use super::super::limits::Setting;
use super::wire::Writer;

/// A property's value; the cases are the D-Bus types that systemd's properties have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Flag(bool),
    Number(u64),
    Bytes(Vec<u8>),
    Pids(Vec<u32>),
}

/// systemd's "no limit".
const INFINITY: u64 = u64::MAX;

/// Room in the scope for the process of ours that is in it beside the container, and waits for it. The limit that was asked for is
/// that of the container's own cgroup, to the byte.
const PROCESSES: u64 = 16;
/// As much for their memory, in bytes.
const MEMORY: u64 = 32 << 20;

/// What v2 writes have a property for. The scope is around the cgroup that has the limit, so nothing is lost by what has none.
pub(super) fn of(settings: &[Setting]) -> Vec<(&'static str, Value)> {
    let each = settings
        .iter()
        .map(|setting| one(&setting.file, &setting.value));
    each.flatten().flatten().collect()
}

fn one(file: &str, value: &str) -> Option<Vec<(&'static str, Value)>> {
    let number = |name, more: u64| {
        let value = number(value)?;
        Some(vec![(name, Value::Number(value.saturating_add(more)))])
    };
    match file {
        "memory.max" => number("MemoryMax", MEMORY),
        "memory.high" => number("MemoryHigh", MEMORY),
        "memory.low" => number("MemoryLow", 0),
        "memory.swap.max" => number("MemorySwapMax", 0),
        "pids.max" => number("TasksMax", PROCESSES),
        "cpu.weight" => number("CPUWeight", 0),
        "cpu.max" => quota(value),
        "io.weight" => {
            let weight = value.strip_prefix("default ").unwrap_or(value);
            Some(vec![("IOWeight", Value::Number(weight.parse().ok()?))])
        }
        "cpuset.cpus" => Some(vec![("AllowedCPUs", Value::Bytes(bits(value)?))]),
        "cpuset.mems" => Some(vec![("AllowedMemoryNodes", Value::Bytes(bits(value)?))]),
        _ => None,
    }
}

fn number(value: &str) -> Option<u64> {
    if value == "max" {
        Some(INFINITY)
    } else {
        value.parse().ok()
    }
}

/// `QUOTA PERIOD` to time a second. systemd keeps whole percents: rounded up, so that the cgroup below is the tighter one.
fn quota(value: &str) -> Option<Vec<(&'static str, Value)>> {
    let (quota, period) = value.split_once(' ')?;
    let period: u64 = period.parse().ok()?;
    let per_second = match number(quota)? {
        INFINITY => INFINITY,
        quota => quota
            .checked_mul(1_000_000)?
            .div_ceil(period.max(1))
            .checked_next_multiple_of(10_000)?,
    };
    Some(vec![
        ("CPUQuotaPerSecUSec", Value::Number(per_second)),
        ("CPUQuotaPeriodUSec", Value::Number(period)),
    ])
}

/// `0-2,5` as a set of bits. A number no machine has is left to the cgroup file, which refuses it.
fn bits(list: &str) -> Option<Vec<u8>> {
    const MOST: usize = 8192;
    let mut bytes = Vec::new();
    for range in list.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (usize, usize) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if last >= MOST {
            return None;
        }
        for bit in first..=last {
            bytes.resize(bytes.len().max(bit / 8 + 1), 0);
            bytes[bit / 8] |= 1 << (bit % 8);
        }
    }
    Some(bytes)
}

/// `a(sv)`.
pub(super) fn write(writer: &mut Writer, properties: &[(&str, Value)]) {
    writer.array(8, |writer| {
        for (name, value) in properties {
            writer.align(8);
            writer.string(name);
            match value {
                Value::Text(text) => {
                    writer.signature("s");
                    writer.string(text);
                }
                Value::Flag(on) => {
                    writer.signature("b");
                    writer.u32(u32::from(*on));
                }
                Value::Number(number) => {
                    writer.signature("t");
                    writer.u64(*number);
                }
                Value::Bytes(bytes) => {
                    writer.signature("ay");
                    writer.array(1, |writer| bytes.iter().for_each(|byte| writer.byte(*byte)));
                }
                Value::Pids(pids) => {
                    writer.signature("au");
                    writer.array(4, |writer| pids.iter().for_each(|pid| writer.u32(*pid)));
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_property() {
        let number = |name, value| vec![(name, Value::Number(value))];
        for (file, value, wanted) in [
            (
                "memory.max",
                "1048576",
                number("MemoryMax", 1_048_576 + MEMORY),
            ),
            ("memory.high", "max", number("MemoryHigh", INFINITY)),
            ("pids.max", "7", number("TasksMax", 7 + PROCESSES)),
            ("pids.max", "max", number("TasksMax", INFINITY)),
            ("cpu.weight", "39", number("CPUWeight", 39)),
            ("io.weight", "default 50", number("IOWeight", 50)),
            (
                "cpuset.cpus",
                "0-1,9",
                vec![("AllowedCPUs", Value::Bytes(vec![3, 2]))],
            ),
        ] {
            assert_eq!(one(file, value), Some(wanted), "{file} {value}");
        }
        assert_eq!(one("io.max", "8:0 rbps=1"), None);
        assert_eq!(one("cpuset.cpus", "99999999999"), None);
    }

    #[test]
    fn a_quota_is_never_tighter_for_systemd_than_for_the_cgroup() {
        let per_second = |value| match &one("cpu.max", value).unwrap()[0] {
            (_, Value::Number(number)) => *number,
            other => panic!("{other:?}"),
        };
        assert_eq!(per_second("50000 100000"), 500_000);
        assert_eq!(per_second("1234 100000"), 20_000);
        assert_eq!(per_second("max 100000"), INFINITY);
    }
}
