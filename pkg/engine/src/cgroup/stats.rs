//! What a container uses, and other limits while it runs.

use oci_spec::runtime::LinuxResources;
use serde::Serialize;

use super::devices::Rules;
use super::facts::V1_NO_LIMIT;
use super::limits::{self, Setting};
use super::{Cgroup, Error, Pressure, Result, Version, files};

/// What a container uses. A number that the kernel does not keep here is `None`, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct Stats {
    /// Memory now, in bytes.
    pub memory_current: Option<u64>,
    /// The most memory so far, in bytes.
    pub memory_peak: Option<u64>,
    /// The memory limit, in bytes; `None` if there is none.
    pub memory_max: Option<u64>,
    /// Processes killed because the memory limit was reached.
    pub memory_kills: Option<u64>,
    /// Processor time so far, in µs.
    pub cpu_usage: Option<u64>,
    /// Processor time that it may use in a second, in µs; `None` if there is no limit.
    pub cpu_max: Option<u64>,
    /// Periods in which the container had to wait for processor time.
    pub cpu_throttled_periods: Option<u64>,
    /// Time it waited, in µs.
    pub cpu_throttled: Option<u64>,
    /// Processes and threads now.
    pub pids_current: Option<u64>,
    /// The most there may be; `None` if there is no limit.
    pub pids_max: Option<u64>,
    /// Bytes read from disks so far.
    pub io_read: Option<u64>,
    /// Bytes written to disks so far.
    pub io_written: Option<u64>,
    /// Waiting for what there is too little of.
    pub pressure: Pressure,
}

impl Cgroup {
    /// Reads the numbers.
    ///
    /// # Errors
    /// The container has no cgroup, or a file that is there cannot be read.
    pub fn stats(&self) -> Result<Stats> {
        if self.is_none() {
            return Err(Error::Absent { what: "statistics" });
        }
        let number = |controller: &str, v1: &str, v2: &str| match self.with(controller) {
            None => Ok(None),
            Some(directory) => files::number(&directory.path.join(match directory.version {
                Version::V1 => v1,
                Version::V2 => v2,
            })),
        };
        let keyed =
            |controller: &str, v1: (&str, &str), v2: (&str, &str)| match self.with(controller) {
                None => Ok(None),
                Some(directory) => {
                    let (file, key) = match directory.version {
                        Version::V1 => v1,
                        Version::V2 => v2,
                    };
                    files::keyed(&directory.path.join(file), key)
                }
            };
        let v1 = self
            .with("memory")
            .is_some_and(|directory| directory.version == Version::V1);
        let disk = self.disk()?;
        let nanoseconds = |time: Option<u64>| time.map(|time| if v1 { time / 1000 } else { time });
        Ok(Stats {
            memory_current: number("memory", "memory.usage_in_bytes", "memory.current")?,
            memory_peak: number("memory", "memory.max_usage_in_bytes", "memory.peak")?,
            memory_max: number("memory", "memory.limit_in_bytes", "memory.max")?
                .filter(|limit| *limit < V1_NO_LIMIT),
            memory_kills: keyed(
                "memory",
                ("memory.oom_control", "oom_kill"),
                ("memory.events", "oom_kill"),
            )?,
            cpu_usage: match self.with("cpuacct") {
                Some(directory) => {
                    files::number(&directory.path.join("cpuacct.usage"))?.map(|time| time / 1000)
                }
                // v2 counts it without the controller too
                None => match self.unified() {
                    Some(directory) => {
                        files::keyed(&directory.path.join("cpu.stat"), "usage_usec")?
                    }
                    None => None,
                },
            },
            cpu_throttled_periods: keyed(
                "cpu",
                ("cpu.stat", "nr_throttled"),
                ("cpu.stat", "nr_throttled"),
            )?,
            cpu_throttled: nanoseconds(keyed(
                "cpu",
                ("cpu.stat", "throttled_time"),
                ("cpu.stat", "throttled_usec"),
            )?),
            pids_current: number("pids", "pids.current", "pids.current")?,
            pids_max: number("pids", "pids.max", "pids.max")?,
            cpu_max: self.cpu_max()?,
            io_read: disk.map(|(read, _)| read),
            io_written: disk.map(|(_, written)| written),
            pressure: self.pressure()?,
        })
    }

    /// µs of processor time in each second.
    fn cpu_max(&self) -> Result<Option<u64>> {
        let Some(directory) = self.with("cpu") else {
            return Ok(None);
        };
        let text = match directory.version {
            Version::V2 => files::read(&directory.path.join("cpu.max"))?,
            Version::V1 => {
                let read = |name: &str| files::read(&directory.path.join(name));
                format!(
                    "{} {}",
                    read("cpu.cfs_quota_us")?,
                    read("cpu.cfs_period_us")?
                )
            }
        };
        // `max` of v2 and -1 of v1 are no numbers
        let mut numbers = text.split(' ').map(|word| word.parse::<u64>().ok());
        let (quota, period) = (numbers.next().flatten(), numbers.next().flatten());
        Ok(quota
            .zip(period)
            .map(|(quota, period)| quota.saturating_mul(1_000_000) / period.max(1)))
    }

    /// Puts other limits into force while the container runs; each is read back. What the resources do not
    /// name stays as it is.
    ///
    /// # Errors
    /// [`Error::LimitNotEnforceable`]; limits that were written before it stay.
    pub fn update(&self, resources: &LinuxResources) -> Result<()> {
        if self.directories.is_empty() {
            return Err(Error::Absent { what: "limits" });
        }
        if Rules::of(Some(resources))?.is_some() {
            return Err(Error::LimitNotEnforceable {
                limit: "devices".into(),
                why: "it cannot be changed while the container runs".into(),
                source: None,
            });
        }
        let settings = limits::settings(resources, &|name| self.version_of(name))?;
        // first, so that the scope is never the tighter one by mistake: it leaves room
        if let Some(scope) = &self.scope {
            scope.set(&settings)?;
        }
        // v1 wants memory+swap never below memory: raised first, lowered last
        let in_order = self.apply_all(settings.iter());
        match in_order {
            Err(_) => self.apply_all(settings.iter().rev()),
            Ok(()) => Ok(()),
        }
    }

    fn apply_all<'a>(&self, mut settings: impl Iterator<Item = &'a Setting>) -> Result<()> {
        settings.try_for_each(|setting| self.apply(setting))
    }
}
