//! Processor time, and which processors.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::amount::number;
use super::written::serialize_as_written;
use crate::ValueError;

/// Processor time in each period, both in µs.
///
/// Written `50%` of one CPU, `1.5` CPUs, `QUOTA PERIOD` in µs, or `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CpuMax {
    /// µs in each period; `None` is no limit
    pub quota: Option<u64>,
    /// the period's length in µs (1000 to 1000000)
    pub period: u64,
}

/// CPUs by number, such as `0-2,4`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CpuList(String);

/// µs; the kernel's own default.
const DEFAULT_PERIOD: u64 = 100_000;

impl FromStr for CpuMax {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let wrong = || {
            ValueError::whole(text, "this is not an amount of processor time")
                .hint("`50%` of one CPU, `1.5` CPUs, `QUOTA PERIOD` in µs, or `max`")
        };
        if text == "max" {
            return Ok(Self {
                quota: None,
                period: DEFAULT_PERIOD,
            });
        }
        if let Some((quota, period)) = text.split_once(' ') {
            let period: u64 = period.parse().map_err(|_| wrong())?;
            if !(1_000..=1_000_000).contains(&period) {
                return Err(ValueError::part(
                    quota.len() + 1..text.len(),
                    "a period is 1000 to 1000000 µs",
                ));
            }
            let quota = match quota {
                "max" => None,
                quota => Some(quota.parse().map_err(|_| wrong())?),
            };
            return Self { quota, period }.checked(text);
        }
        let (digits, unit) = match text.strip_suffix('%') {
            Some(digits) => (digits, DEFAULT_PERIOD / 100),
            None => (text, DEFAULT_PERIOD),
        };
        let amount = decimal(digits, unit).ok_or_else(wrong)?;
        Self {
            quota: Some(amount),
            period: DEFAULT_PERIOD,
        }
        .checked(text)
    }
}

impl CpuMax {
    fn checked(self, text: &str) -> Result<Self, ValueError> {
        match self.quota {
            // the kernel's own least, sched/core.c min_cfs_quota_period
            Some(quota) if quota < 1_000 => Err(ValueError::whole(
                text,
                "the least that the kernel gives is 1% of a CPU",
            )),
            Some(quota) if quota > 1_000_000 * 1_000_000 => {
                Err(ValueError::whole(text, "no machine has so many CPUs"))
            }
            _ => Ok(self),
        }
    }
}

impl fmt::Display for CpuMax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quota {
            None if self.period == DEFAULT_PERIOD => f.write_str("max"),
            None => write!(f, "max {}", self.period),
            Some(quota) if self.period == DEFAULT_PERIOD && quota % 1_000 == 0 => {
                write!(f, "{}%", quota / 1_000)
            }
            Some(quota) => write!(f, "{quota} {}", self.period),
        }
    }
}

/// `12.5` times `unit`, exactly; up to six decimals.
fn decimal(text: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.len() > 6 {
        return None;
    }
    let whole = number(whole).ok()?.checked_mul(unit)?;
    let fraction =
        number(fraction).ok()?.checked_mul(unit)? / 10u64.pow(u32::try_from(fraction.len()).ok()?);
    whole.checked_add(fraction)
}

impl FromStr for CpuList {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut start = 0;
        for part in text.split(',') {
            let ends = match part.split_once('-') {
                Some((low, high)) => (low.parse::<u16>(), high.parse::<u16>()),
                None => (part.parse::<u16>(), part.parse::<u16>()),
            };
            if !matches!(ends, (Ok(low), Ok(high)) if low <= high) {
                return Err(ValueError::part(
                    start..start + part.len(),
                    "this is not a CPU or a range of CPUs",
                )
                .hint("numbers and ranges, such as `0-2,4`"));
            }
            start += part.len() + 1;
        }
        Ok(Self(text.to_owned()))
    }
}

impl CpuList {
    /// Each CPU by its number.
    pub(crate) fn cpus(&self) -> BTreeSet<u16> {
        let number = |text: &str| text.parse::<u16>().ok();
        let range = |part: &str| {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            Some(number(low)?..=number(high)?)
        };
        // checked when it was read
        self.0.split(',').filter_map(range).flatten().collect()
    }

    /// The CPUs that are in both lists, if any are.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        let (mine, theirs) = (self.cpus(), other.cpus());
        let mut ranges: Vec<(u16, u16)> = Vec::new();
        for cpu in mine.intersection(&theirs).copied() {
            match ranges.last_mut() {
                Some(last) if last.1.checked_add(1) == Some(cpu) => last.1 = cpu,
                _ => ranges.push((cpu, cpu)),
            }
        }
        let written = |(low, high): &(u16, u16)| match low == high {
            true => low.to_string(),
            false => format!("{low}-{high}"),
        };
        let parts: Vec<String> = ranges.iter().map(written).collect();
        (!parts.is_empty()).then(|| Self(parts.join(",")))
    }

    /// The list, as the kernel reads it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CpuList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serialize_as_written!(CpuMax, CpuList);
