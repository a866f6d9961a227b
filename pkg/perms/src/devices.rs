//! Single devices: `[X-Devices]`, by path, by pattern, or by CDI name.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::ValueError;

/// What may be done with a device; at least one is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceAccess {
    /// it is read from
    pub read: bool,
    /// it is written to
    pub write: bool,
    /// nodes of its number may be made (which no app without privileges can)
    pub make: bool,
}

impl DeviceAccess {
    /// What both give; `None` where that is nothing.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        let both = Self {
            read: self.read && other.read,
            write: self.write && other.write,
            make: self.make && other.make,
        };
        (both.read || both.write || both.make).then_some(both)
    }

    /// What is given where nothing is said.
    pub const READ_WRITE: Self = Self {
        read: true,
        write: true,
        make: false,
    };

    /// Whether this gives nothing that `other` does not.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        (!self.read || other.read) && (!self.write || other.write) && (!self.make || other.make)
    }

    /// Reads `r`, `w` and `m` in any order, each once.
    #[must_use]
    pub fn parse(letters: &str) -> Option<Self> {
        let mut access = Self {
            read: false,
            write: false,
            make: false,
        };
        for letter in letters.chars() {
            let on = match letter {
                'r' => &mut access.read,
                'w' => &mut access.write,
                'm' => &mut access.make,
                _ => return None,
            };
            if std::mem::replace(on, true) {
                return None;
            }
        }
        (!letters.is_empty()).then_some(access)
    }
}

impl fmt::Display for DeviceAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [(self.read, "r"), (self.write, "w"), (self.make, "m")];
        letters
            .iter()
            .filter(|(on, _)| *on)
            .try_for_each(|(_, letter)| f.write_str(letter))
    }
}

impl Serialize for DeviceAccess {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Which device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceName {
    /// A path below `/dev`; `*` and `?` stand for letters of one component, and are resolved at the start.
    Node(String),
    /// A name of the Container Device Interface.
    Cdi(CdiName),
}

impl DeviceName {
    /// Whether every device that `other` names is named by this.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Node(pattern), Self::Node(path)) if !path.contains(['*', '?']) => {
                let (patterns, names) = (pattern.split('/'), path.split('/'));
                pattern.matches('/').count() == path.matches('/').count()
                    && patterns
                        .zip(names)
                        .all(|(pattern, name)| Self::matches(pattern, name))
            }
            _ => self == other,
        }
    }

    /// Whether a name is of the form of a pattern: `*` is any letters, `?` one. Goes back to the last `*` only, so the time is bounded.
    #[must_use]
    pub fn matches(pattern: &str, name: &str) -> bool {
        let (pattern, name): (Vec<char>, Vec<char>) =
            (pattern.chars().collect(), name.chars().collect());
        let (mut p, mut n) = (0, 0);
        let mut star = None;
        while n < name.len() {
            match pattern.get(p) {
                Some('*') => {
                    star = Some((p, n));
                    p += 1;
                }
                Some(wanted) if *wanted == '?' || *wanted == name[n] => {
                    p += 1;
                    n += 1;
                }
                _ => match star {
                    Some((at, taken)) => {
                        star = Some((at, taken + 1));
                        p = at + 1;
                        n = taken + 1;
                    }
                    None => return false,
                },
            }
        }
        pattern[p..].iter().all(|letter| *letter == '*')
    }
}

/// `vendor.com/class=name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CdiName {
    /// the vendor
    pub vendor: String,
    /// the class of devices
    pub class: String,
    /// the device
    pub name: String,
}

impl CdiName {
    /// Checks `vendor/class`, as specs write it.
    #[must_use]
    pub fn kind(text: &str) -> Option<(&str, &str)> {
        let (vendor, class) = text.split_once('/')?;
        let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
        (starts(vendor) && is_word(vendor, "-_.") && starts(class) && is_word(class, "-_."))
            .then_some((vendor, class))
    }

    /// Whether a device may have this name.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        is_word(text, "-_.:")
    }
}

/// Letters and digits, with some others between them.
fn is_word(text: &str, others: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(plain)
        && text.ends_with(plain)
        && text.chars().all(|c| plain(c) || others.contains(c))
}

impl FromStr for CdiName {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let parts = text.split_once('=').and_then(|(kind, name)| {
            let (vendor, class) = Self::kind(kind)?;
            Self::is_name(name).then_some((vendor, class, name))
        });
        let Some((vendor, class, name)) = parts else {
            return Err(
                ValueError::whole(text, "this is not the CDI name of a device")
                    .hint("`vendor.com/class=name`"),
            );
        };
        Ok(Self {
            vendor: vendor.to_owned(),
            class: class.to_owned(),
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for CdiName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}={}", self.vendor, self.class, self.name)
    }
}

/// One item of the list: `/dev/ttyUSB0:rw`, `/dev/i2c-*:r:optional`, `vendor.com/gpu=0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRule {
    /// which
    pub name: DeviceName,
    /// what may be done with it
    pub access: DeviceAccess,
    /// without it the app starts all the same
    pub optional: bool,
}

impl FromStr for DeviceRule {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if !text.starts_with('/') {
            let name = DeviceName::Cdi(text.parse()?);
            return Ok(Self {
                name,
                access: DeviceAccess::READ_WRITE,
                optional: false,
            });
        }
        let (mut path, mut access, mut optional) = (text, None, false);
        // names in /dev may have colons in them, so only what is known is taken off the end
        while let Some((rest, word)) = path.rsplit_once(':') {
            let at = rest.len() + 1..path.len();
            match DeviceAccess::parse(word) {
                Some(found) if access.is_none() => access = Some(found),
                None if word == "optional" && !optional => optional = true,
                None if word.contains(|c: char| !c.is_ascii_alphabetic()) => break,
                _ => {
                    return Err(ValueError::part(at, "this is no access")
                        .hint("`r`, `w` and `m`, or `optional`"));
                }
            }
            path = rest;
        }
        check(path)?;
        Ok(Self {
            name: DeviceName::Node(path.to_owned()),
            access: access.unwrap_or(DeviceAccess::READ_WRITE),
            optional,
        })
    }
}

fn check(path: &str) -> Result<(), ValueError> {
    let Some(below) = path.strip_prefix("/dev/") else {
        return Err(ValueError::whole(path, "devices are below /dev"));
    };
    if below.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(ValueError::whole(
            path,
            "this path has an empty part, `.` or `..` in it",
        ));
    }
    match path.find(|c: char| c.is_control()) {
        Some(at) => Err(ValueError::part(
            at..at + 1,
            "a control character stands here",
        )),
        None => Ok(()),
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(path) => f.write_str(path),
            Self::Cdi(name) => write!(f, "{name}"),
        }
    }
}

impl Serialize for CdiName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for DeviceName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for DeviceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if matches!(self.name, DeviceName::Node(_)) {
            write!(f, ":{}", self.access)?;
        }
        match self.optional {
            true => f.write_str(":optional"),
            false => Ok(()),
        }
    }
}

impl Serialize for DeviceRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_and_written_alike() {
        for (text, written) in [
            ("/dev/ttyUSB0", "/dev/ttyUSB0:rw"),
            ("/dev/i2c-*:r", "/dev/i2c-*:r"),
            ("/dev/snd/pcm?:wr:optional", "/dev/snd/pcm?:rw:optional"),
            ("/dev/x:optional:rwm", "/dev/x:rwm:optional"),
            (
                "/dev/disk/by-path/pci-0000:00:01.1",
                "/dev/disk/by-path/pci-0000:00:01.1:rw",
            ),
            ("vendor.com/gpu=0", "vendor.com/gpu=0"),
        ] {
            assert_eq!(text.parse::<DeviceRule>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_names_no_device_is_refused() {
        for text in [
            "",
            "ttyUSB0",
            "/etc/passwd",
            "/dev/../etc",
            "/dev/",
            "/dev//x",
            "/dev/x:rx",
            "/dev/x:rr",
            "/dev/x:r:w",
            "/dev/x\n",
            "vendor.com/gpu",
            "1vendor/gpu=0",
            "vendor/=0",
            "vendor/gpu=-",
            "v/g=a/b",
        ] {
            assert!(text.parse::<DeviceRule>().is_err(), "{text}");
        }
    }

    #[test]
    fn patterns_match_within_a_name() {
        for (pattern, name, wanted) in [
            ("ttyUSB*", "ttyUSB0", true),
            ("ttyUSB*", "ttyUSB", true),
            ("ttyUSB?", "ttyUSB10", false),
            ("*c-?", "i2c-1", true),
            ("*", "ü", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXbY", false),
        ] {
            assert_eq!(
                DeviceName::matches(pattern, name),
                wanted,
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn a_pattern_covers_what_it_matches() {
        let name = |text: &str| text.parse::<DeviceRule>().unwrap().name;
        for (pattern, asked, covered) in [
            ("/dev/ttyUSB*", "/dev/ttyUSB0", true),
            ("/dev/ttyUSB*", "/dev/ttyUSB*", true),
            ("/dev/ttyUSB*", "/dev/tty*", false),
            ("/dev/*", "/dev/snd/x", false),
            ("v/c=d", "v/c=d", true),
            ("/dev/*", "v/c=d", false),
        ] {
            assert_eq!(
                name(pattern).covers(&name(asked)),
                covered,
                "{pattern} {asked}"
            );
        }
    }
}
