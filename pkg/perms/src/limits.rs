//! Resource limits: the words of `[X-Resources]` and their values.
//!
//! Names follow cgroup v2 (the kernel's `Documentation/admin-guide/cgroup-v2.rst`).

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::{Granted, ValueError};

/// A number of bytes, or no limit. Suffixes `K`, `M`, `G`, `T` are powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ByteLimit {
    /// at most this many bytes
    Bytes(u64),
    /// no limit (`max`)
    Max,
}

/// A number of things, or no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountLimit {
    /// at most this many
    Count(u64),
    /// no limit (`max`)
    Max,
}

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

/// A share relative to others, 1 to 10000; 100 is what everyone has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(u16);

/// CPUs by number, such as `0-2,4`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CpuList(String);

/// How readily the kernel kills this app when the whole machine is out of memory, -1000 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OomScore(i16);

/// A limit of setrlimit(2), soft and hard; `None` is `infinity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rlimit {
    /// the limit that counts
    pub soft: Option<u64>,
    /// how far a process may raise it
    pub hard: Option<u64>,
}

macro_rules! rlimits {
    ($($variant:ident $key:literal $oci:literal $doc:literal),* $(,)?) => {
        /// Which limit of setrlimit(2).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum RlimitKind { $(#[doc = $doc] $variant),* }

        impl RlimitKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The key in `[X-Resources]`.
            #[must_use]
            pub fn key(self) -> &'static str { match self { $(Self::$variant => $key),* } }

            /// The name in an OCI document.
            #[must_use]
            pub fn oci_name(self) -> &'static str { match self { $(Self::$variant => $oci),* } }

            /// One line for help texts.
            #[must_use]
            pub fn doc(self) -> &'static str { match self { $(Self::$variant => $doc),* } }
        }
    };
}

rlimits! {
    Core "core" "RLIMIT_CORE" "size of a core file in bytes",
    Cpu "cpu" "RLIMIT_CPU" "processor time of a process in seconds",
    Fsize "fsize" "RLIMIT_FSIZE" "size of a file in bytes",
    Memlock "memlock" "RLIMIT_MEMLOCK" "locked memory in bytes",
    Nofile "nofile" "RLIMIT_NOFILE" "open descriptors of a process",
    Nproc "nproc" "RLIMIT_NPROC" "processes of the user",
    Stack "stack" "RLIMIT_STACK" "size of a stack in bytes",
}

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
            Self::IoWeight(_) => "cgroup (io)",
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

const UNITS: [(char, u64); 4] = [
    ('K', 1 << 10),
    ('M', 1 << 20),
    ('G', 1 << 30),
    ('T', 1 << 40),
];

impl FromStr for ByteLimit {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let (digits, factor) = match text.char_indices().last() {
            Some((at, last)) => match UNITS.iter().find(|u| u.0 == last.to_ascii_uppercase()) {
                Some(unit) => (&text[..at], unit.1),
                None => (text, 1),
            },
            None => (text, 1),
        };
        let number = number(digits).map_err(|e| {
            ValueError {
                range: e.range,
                problem: "this is not a size".to_owned(),
                hint: None,
            }
            .hint("bytes, or a number with `K`, `M`, `G` or `T`, or `max`")
        })?;
        number
            .checked_mul(factor)
            .filter(|bytes| *bytes <= i64::MAX as u64)
            .map(Self::Bytes)
            .ok_or_else(|| ValueError::whole(text, "this size is larger than any machine has"))
    }
}

impl fmt::Display for ByteLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Bytes(bytes) = self else {
            return f.write_str("max");
        };
        match UNITS
            .iter()
            .rev()
            .find(|(_, factor)| *bytes > 0 && bytes % factor == 0)
        {
            Some((unit, factor)) => write!(f, "{}{unit}", bytes / factor),
            None => write!(f, "{bytes}"),
        }
    }
}

impl FromStr for CountLimit {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "max" {
            return Ok(Self::Max);
        }
        match number(text)? {
            0 => Err(ValueError::whole(text, "nothing can run with a limit of 0")),
            count => Ok(Self::Count(count)),
        }
    }
}

impl fmt::Display for CountLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Max => f.write_str("max"),
        }
    }
}

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

impl FromStr for Weight {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.parse::<u16>() {
            Ok(weight @ 1..=10_000) => Ok(Self(weight)),
            _ => Err(ValueError::whole(text, "a weight is 1 to 10000")),
        }
    }
}

impl Weight {
    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
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

impl FromStr for OomScore {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.parse::<i16>() {
            Ok(score @ -1000..=1000) => Ok(Self(score)),
            _ => Err(ValueError::whole(text, "the score is -1000 to 1000")),
        }
    }
}

impl OomScore {
    /// The number.
    #[must_use]
    pub fn get(self) -> i16 {
        self.0
    }
}

impl fmt::Display for OomScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Rlimit {
    type Err = ValueError;

    /// `LIMIT` for both, or `SOFT:HARD`; each a number with an optional `K`, `M`, `G`, or `infinity`.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let one = |part: &str| -> Result<Option<u64>, ValueError> {
            match part {
                "infinity" | "unlimited" => Ok(None),
                part => match part.parse::<ByteLimit>() {
                    Ok(ByteLimit::Bytes(number)) => Ok(Some(number)),
                    _ => Err(ValueError::whole(part, "this is not a number")
                        .hint("a number, `SOFT:HARD`, or `infinity`")),
                },
            }
        };
        let (soft, hard) = match text.split_once(':') {
            Some((soft, hard)) => (
                one(soft)?,
                one(hard).map_err(|e| e.shifted(soft.len() + 1))?,
            ),
            None => (one(text)?, one(text)?),
        };
        if hard.is_some_and(|hard| soft.is_none_or(|soft| soft > hard)) {
            return Err(ValueError::whole(
                text,
                "the soft limit is above the hard one",
            ));
        }
        Ok(Self { soft, hard })
    }
}

impl fmt::Display for Rlimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |limit: Option<u64>| limit.map_or("infinity".to_owned(), |l| l.to_string());
        if self.soft == self.hard {
            f.write_str(&one(self.soft))
        } else {
            write!(f, "{}:{}", one(self.soft), one(self.hard))
        }
    }
}

macro_rules! serialize_as_written {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}
serialize_as_written!(
    ByteLimit, CountLimit, CpuMax, Weight, CpuList, OomScore, Rlimit, LimitKey
);

impl fmt::Display for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

fn number(text: &str) -> Result<u64, ValueError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ValueError::whole(text, "this is not a number"));
    }
    text.parse()
        .map_err(|_| ValueError::whole(text, "this number is too large"))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn round(key: &str, value: &str) -> Result<String, String> {
        let key = LimitKey::find(key).unwrap();
        key.parse(value).map(|l| l.value()).map_err(|e| e.problem)
    }

    #[test]
    fn values_are_read_and_written_in_their_shortest_form() {
        for (key, value, written) in [
            ("memory-max", "64M", "64M"),
            ("memory-max", "65536k", "64M"),
            ("memory-max", "1000", "1000"),
            ("memory-max", "0", "0"),
            ("memory-max", "max", "max"),
            ("cpu-max", "50%", "50%"),
            ("cpu-max", "1.5", "150%"),
            ("cpu-max", "12.5%", "12500 100000"),
            ("cpu-max", "20000 50000", "20000 50000"),
            ("cpu-weight", "100", "100"),
            ("cpuset", "0-2,4", "0-2,4"),
            ("pids-max", "64", "64"),
            ("nofile", "1024:4K", "1024:4096"),
            ("core", "infinity", "infinity"),
            ("oom-score-adj", "-5", "-5"),
        ] {
            assert_eq!(round(key, value), Ok(written.to_owned()), "{key}={value}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for (key, value) in [
            ("memory-max", ""),
            ("memory-max", "-1"),
            ("memory-max", "64Q"),
            ("memory-max", "64 M"),
            ("memory-max", "1e9"),
            ("memory-max", "99999999999999999999"),
            ("memory-max", "9999999999T"),
            ("cpu-max", "0"),
            ("cpu-max", "half"),
            ("cpu-max", "10 5"),
            ("cpu-weight", "0"),
            ("cpu-weight", "10001"),
            ("cpuset", "3-1"),
            ("cpuset", ""),
            ("pids-max", "0"),
            ("nofile", "4096:1024"),
            ("oom-score-adj", "1001"),
        ] {
            assert!(round(key, value).is_err(), "{key}={value}");
        }
    }

    #[test]
    fn every_key_is_found_by_its_name() {
        for key in LimitKey::all() {
            assert_eq!(LimitKey::find(key.key()), Some(key));
            assert!(!key.doc().is_empty());
        }
    }
}
