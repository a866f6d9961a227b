//! Disk traffic, device by device.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::amount::ByteLimit;
use super::written::serialize_as_written;
use crate::ValueError;

/// The most traffic of each device named.
///
/// Written `/dev/sda rbps=10M wiops=100`, several with `;` between. The keys are those of cgroup v2's `io.max`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IoMax(BTreeMap<IoDevice, IoRates>);

/// A disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IoDevice {
    /// by number, `MAJOR:MINOR`
    Number(u32, u32),
    /// by the absolute path of a node, or of anything else on it
    Path(String),
}

/// Traffic in a second; what is `None` has no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct IoRates {
    /// bytes read
    pub rbps: Option<u64>,
    /// bytes written
    pub wbps: Option<u64>,
    /// read operations
    pub riops: Option<u64>,
    /// write operations
    pub wiops: Option<u64>,
}

impl IoRates {
    /// Each rate with its name.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<u64>); 4] {
        [
            ("rbps", self.rbps),
            ("wbps", self.wbps),
            ("riops", self.riops),
            ("wiops", self.wiops),
        ]
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<u64>> {
        match name {
            "rbps" => Some(&mut self.rbps),
            "wbps" => Some(&mut self.wbps),
            "riops" => Some(&mut self.riops),
            "wiops" => Some(&mut self.wiops),
            _ => None,
        }
    }

    /// The lower of each rate.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let least = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).min();
        Self {
            rbps: least(self.rbps, other.rbps),
            wbps: least(self.wbps, other.wbps),
            riops: least(self.riops, other.riops),
            wiops: least(self.wiops, other.wiops),
        }
    }
}

impl IoMax {
    /// The devices with their rates, in order.
    pub fn devices(&self) -> impl Iterator<Item = (&IoDevice, &IoRates)> {
        self.0.iter()
    }

    /// What both allow. Two names of one disk stay apart here; the kernel is told of the lower one.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = self.0.clone();
        for (device, rates) in &other.0 {
            let own = both.entry(device.clone()).or_default();
            *own = own.and(*rates);
        }
        Self(both)
    }
}

impl FromStr for IoMax {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut devices = BTreeMap::new();
        for part in text.split(';').filter(|part| !part.trim().is_empty()) {
            let (device, rates) = one(text, part)?;
            if devices.insert(device, rates).is_some() {
                return Err(ValueError::part(
                    place(text, part),
                    "this device was named before",
                ));
            }
        }
        if devices.is_empty() {
            return Err(form(ValueError::whole(text, "no device is named")));
        }
        Ok(Self(devices))
    }
}

fn one(text: &str, part: &str) -> Result<(IoDevice, IoRates), ValueError> {
    let mut words = part.split_whitespace();
    let name = words.next().unwrap_or_default();
    let device = IoDevice::parse(name).ok_or_else(|| {
        form(ValueError::part(
            place(text, name),
            "this is neither an absolute path nor `MAJOR:MINOR`",
        ))
    })?;
    let mut rates = IoRates::default();
    let mut any = false;
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let slot = rates
            .slot(key)
            .ok_or_else(|| form(ValueError::part(place(text, word), "there is no such rate")))?;
        *slot = match value.parse::<ByteLimit>() {
            // nothing could run that waits for its first byte for ever
            Ok(ByteLimit::Bytes(rate)) if rate > 0 => Some(rate),
            Ok(ByteLimit::Max) => None,
            _ => {
                return Err(form(ValueError::part(
                    place(text, word),
                    "this is not a rate",
                )));
            }
        };
        any = true;
    }
    match any {
        true => Ok((device, rates)),
        false => Err(form(ValueError::part(
            place(text, part),
            "no rate is named",
        ))),
    }
}

fn form(error: ValueError) -> ValueError {
    error.hint("`DEVICE` and one or more of `rbps=`, `wbps=` (bytes in a second), `riops=`, `wiops=` (operations)")
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> std::ops::Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + part.len()
}

impl IoDevice {
    fn parse(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return Some(Self::Path(text.to_owned()));
        }
        let (major, minor) = text.split_once(':')?;
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        Some(Self::Number(number(major)?, number(minor)?))
    }
}

impl fmt::Display for IoDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(major, minor) => write!(f, "{major}:{minor}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

impl fmt::Display for IoMax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (device, rates)) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { "; " };
            write!(f, "{between}{device}")?;
            let mut named = rates.named().into_iter().filter(|(_, rate)| rate.is_some());
            let first = named.next().unwrap_or(("rbps", None));
            for (name, rate) in std::iter::once(first).chain(named) {
                let rate = rate.map_or(ByteLimit::Max, ByteLimit::Bytes);
                write!(f, " {name}={rate}")?;
            }
        }
        Ok(())
    }
}

serialize_as_written!(IoMax);
