//! Resource limits: the words of `[X-Resources]` in one table; the forms of their values are in the files below.
//!
//! Names follow cgroup v2 (the kernel's `Documentation/admin-guide/cgroup-v2.rst`).

mod amount;
mod cpu;
mod io;
mod order;
mod rlimit;
mod share;
#[cfg(test)]
mod tests;
mod written;

use std::fmt;

use serde::Serialize;

pub use self::amount::{ByteLimit, CountLimit};
pub use self::cpu::{CpuList, CpuMax};
pub use self::io::{IoDevice, IoMax, IoRates};
pub use self::rlimit::{Rlimit, RlimitKind};
pub use self::share::{Nice, OomGroup, OomScore, Weight};
use self::written::serialize_as_written;
use crate::{Granted, ValueError};

macro_rules! limits {
    ($($variant:ident $field:ident $key:literal $type:ty, $doc:literal;)*) => {
        /// The name of a limit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LimitKey {
            $(#[doc = $doc] $variant,)*
            /// a limit of setrlimit(2)
            Rlimit(RlimitKind),
        }

        /// A limit and its value.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Limit {
            $(#[doc = $doc] $variant($type),)*
            /// a limit of setrlimit(2)
            Rlimit(RlimitKind, Rlimit),
        }

        /// The limits in force, each with the one who set it. An absent limit is not set.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub struct Limits {
            $(#[doc = $doc]
              #[serde(skip_serializing_if = "Option::is_none")]
              pub $field: Option<Granted<$type>>,)*
            /// limits of setrlimit(2)
            #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
            pub rlimits: std::collections::BTreeMap<RlimitKind, Granted<Rlimit>>,
        }

        impl LimitKey {
            const SCALARS: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$variant, $key, $doc)),*];

            /// Reads a value for this key.
            ///
            /// # Errors
            /// A value that is not of the key's form.
            pub fn parse(self, value: &str) -> Result<Limit, ValueError> {
                match self {
                    $(Self::$variant => value.parse().map(Limit::$variant),)*
                    Self::Rlimit(kind) => value.parse().map(|limit| Limit::Rlimit(kind, limit)),
                }
            }
        }

        impl Limit {
            /// The limit's name.
            #[must_use]
            pub fn key(&self) -> LimitKey {
                match self {
                    $(Self::$variant(_) => LimitKey::$variant,)*
                    Self::Rlimit(kind, _) => LimitKey::Rlimit(*kind),
                }
            }

            /// The value, as it would be written.
            #[must_use]
            pub fn value(&self) -> String {
                match self {
                    $(Self::$variant(value) => value.to_string(),)*
                    Self::Rlimit(_, value) => value.to_string(),
                }
            }
        }

        impl Limits {
            /// Sets one limit; the last one set counts.
            pub fn set(&mut self, limit: Granted<Limit>) {
                let Granted { value, origin } = limit;
                match value {
                    $(Limit::$variant(value) => self.$field = Some(Granted { value, origin }),)*
                    Limit::Rlimit(kind, value) => {
                        self.rlimits.insert(kind, Granted { value, origin });
                    }
                }
            }

            /// Every limit that is set, in the vocabulary's order.
            #[must_use]
            pub fn list(&self) -> Vec<Granted<Limit>> {
                let mut all = Vec::new();
                $(if let Some(g) = &self.$field {
                    all.push(Granted { value: Limit::$variant(g.value.clone()), origin: g.origin.clone() });
                })*
                all.extend(self.rlimits.iter().map(|(kind, g)| Granted {
                    value: Limit::Rlimit(*kind, g.value), origin: g.origin.clone(),
                }));
                all
            }
        }
    };
}

limits! {
    MemoryMax memory_max "memory-max" ByteLimit, "most memory; beyond it the kernel kills";
    MemoryHigh memory_high "memory-high" ByteLimit, "memory beyond which the app is slowed (cgroup v2)";
    MemoryLow memory_low "memory-low" ByteLimit, "memory that is spared when the machine runs short";
    MemorySwapMax memory_swap_max "memory-swap-max" ByteLimit, "most swap";
    CpuMax cpu_max "cpu-max" CpuMax, "most processor time: `50%` of a CPU, `1.5` CPUs, or `QUOTA PERIOD` in µs";
    CpuWeight cpu_weight "cpu-weight" Weight, "share of processor time against others, 1 to 10000";
    Cpuset cpuset "cpuset" CpuList, "the CPUs to run on, such as `0-1,3`";
    PidsMax pids_max "pids-max" CountLimit, "most processes and threads";
    IoWeight io_weight "io-weight" Weight, "share of disk time against others, 1 to 10000";
    IoMax io_max "io-max" IoMax, "most disk traffic in a second: `/dev/sda rbps=10M wiops=100`, more disks after `;`";
    Hugetlb64K hugetlb_64k "hugetlb-64KB-max" ByteLimit, "most memory in huge pages of 64 KiB";
    Hugetlb2M hugetlb_2m "hugetlb-2MB-max" ByteLimit, "most memory in huge pages of 2 MiB";
    Hugetlb32M hugetlb_32m "hugetlb-32MB-max" ByteLimit, "most memory in huge pages of 32 MiB";
    Hugetlb1G hugetlb_1g "hugetlb-1GB-max" ByteLimit, "most memory in huge pages of 1 GiB";
    OomGroup oom_group "oom-group" OomGroup, "whether the kernel kills all processes of the app together (cgroup v2)";
    Nice nice "nice" Nice, "priority of processes, -20 (first) to 19 (last)";
    OomScoreAdj oom_score_adj "oom-score-adj" OomScore, "how readily the kernel kills the app, -1000 to 1000";
}

impl LimitKey {
    /// Every key that this program can enforce.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::SCALARS
            .iter()
            .map(|row| row.0)
            .chain(RlimitKind::ALL.iter().map(|kind| Self::Rlimit(*kind)))
    }

    /// The key in `[X-Resources]` and, with `--` before it, the option.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Rlimit(kind) => kind.key(),
            key => Self::SCALARS
                .iter()
                .find(|row| row.0 == key)
                .map_or("", |row| row.1),
        }
    }

    /// One line for help texts.
    #[must_use]
    pub fn doc(self) -> &'static str {
        match self {
            Self::Rlimit(kind) => kind.doc(),
            key => Self::SCALARS
                .iter()
                .find(|row| row.0 == key)
                .map_or("", |row| row.2),
        }
    }

    /// The key of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|key| key.key() == name)
    }
}

impl Limit {
    /// The kernel mechanism that enforces it.
    #[must_use]
    pub fn enforced_by(&self) -> &'static str {
        match self {
            Self::MemoryMax(_)
            | Self::MemoryHigh(_)
            | Self::MemoryLow(_)
            | Self::MemorySwapMax(_) => "cgroup (memory)",
            Self::CpuMax(_) | Self::CpuWeight(_) => "cgroup (cpu)",
            Self::Cpuset(_) => "cgroup (cpuset)",
            Self::PidsMax(_) => "cgroup (pids)",
            Self::IoWeight(_) | Self::IoMax(_) => "cgroup (io)",
            Self::Hugetlb64K(_) | Self::Hugetlb2M(_) | Self::Hugetlb32M(_) | Self::Hugetlb1G(_) => {
                "cgroup (hugetlb)"
            }
            Self::OomGroup(_) => "cgroup (memory)",
            Self::Nice(_) => "setpriority",
            Self::OomScoreAdj(_) => "/proc/self/oom_score_adj",
            Self::Rlimit(..) => "setrlimit",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key().key(), self.value())
    }
}

impl fmt::Display for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

serialize_as_written!(LimitKey);
