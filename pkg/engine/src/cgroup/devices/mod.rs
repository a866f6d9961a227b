//! Which devices may be used: the document's rules, by the devices controller of v1 or a program on a cgroup of v2.
//!
//! Of the rules that speak of a device and a kind of access the last one counts; what none speaks of is withheld.

mod program;
mod v1;

use std::fs::File;
use std::io;

use flatrack_sys::bpf::{self, Hook};
use oci_spec::runtime::{LinuxDeviceCgroup, LinuxDeviceType, LinuxResources};

use super::{Directory, Error, Result};

/// Making a node, as the kernel's `linux/bpf.h` has it.
const MAKE: u8 = 1;
const READ: u8 = 2;
const WRITE: u8 = 4;
const ALL: u8 = MAKE | READ | WRITE;

/// The two kinds of devices, as the kernel's `linux/bpf.h` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Block = 1,
    Character = 2,
}

/// One rule; nothing in a field stands for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    allow: bool,
    kind: Option<Kind>,
    major: Option<i32>,
    minor: Option<i32>,
    access: u8,
}

/// What every container may use, as with every other runtime: making nodes (opening them is another matter), the standard devices,
/// terminals.
const ALWAYS: [Rule; 11] = [
    always(Kind::Character, None, None, MAKE),
    always(Kind::Block, None, None, MAKE),
    always(Kind::Character, Some(1), Some(3), ALL),
    always(Kind::Character, Some(1), Some(5), ALL),
    always(Kind::Character, Some(1), Some(7), ALL),
    always(Kind::Character, Some(1), Some(8), ALL),
    always(Kind::Character, Some(1), Some(9), ALL),
    always(Kind::Character, Some(5), Some(0), ALL),
    always(Kind::Character, Some(5), Some(1), ALL),
    always(Kind::Character, Some(5), Some(2), ALL),
    always(Kind::Character, Some(136), None, ALL),
];

const fn always(kind: Kind, major: Option<i32>, minor: Option<i32>, access: u8) -> Rule {
    Rule {
        allow: true,
        kind: Some(kind),
        major,
        minor,
        access,
    }
}

/// The rules of a document and those of every container, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rules(Vec<Rule>);

impl Rules {
    /// The rules of a document; nothing if they withhold nothing.
    ///
    /// # Errors
    /// For what is no device, no access, or no number of a device.
    pub(super) fn of(resources: Option<&LinuxResources>) -> Result<Option<Self>> {
        let rules = resources.and_then(|resources| resources.devices().as_deref());
        let mut rules: Vec<Rule> = rules
            .unwrap_or_default()
            .iter()
            .map(rule)
            .collect::<Result<_>>()?;
        // what comes before a rule for everything does not count
        if let Some(last) = rules.iter().rposition(Rule::is_everything) {
            rules.drain(..last);
        }
        if rules.iter().all(|rule| rule.allow) && rules.first().is_none_or(Rule::is_everything) {
            return Ok(None);
        }
        rules.extend(ALWAYS);
        Ok(Some(Self(rules)))
    }

    /// The writes to files of v1, in order.
    ///
    /// # Errors
    /// For a refusal that v1 would not keep.
    pub(super) fn writes(&self) -> Result<Vec<(&'static str, String)>> {
        v1::writes(&self.0)
    }

    /// Puts the rules on a cgroup of v2, before anything runs in it. False if this process may not.
    pub(super) fn attach(&self, directory: &Directory) -> Result<bool> {
        let program =
            program::of(&self.0).ok_or_else(|| refuse("there are too many rules", None))?;
        let open = File::open(&directory.path).map_err(|source| Error::Io {
            what: "open",
            path: directory.path.clone(),
            source,
        })?;
        match bpf::attach(open, Hook::Device, &program) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && !is_root() => {
                Ok(false)
            }
            Err(source) => Err(refuse(
                "the kernel takes no program on the cgroup",
                Some(source),
            )),
        }
    }
}

impl Rule {
    fn is_everything(&self) -> bool {
        (self.kind, self.major, self.minor, self.access) == (None, None, None, ALL)
    }
}

fn rule(from: &LinuxDeviceCgroup) -> Result<Rule> {
    let number = |value: Option<i64>| match value {
        None | Some(-1) => Ok(None),
        Some(value) => i32::try_from(value)
            .ok()
            .filter(|value| *value >= 0)
            .map(Some)
            .ok_or_else(|| refuse(&format!("`{value}` is no number of a device"), None)),
    };
    let letters = from.access().as_deref().filter(|text| !text.is_empty());
    let mut access = 0;
    for letter in letters.unwrap_or("rwm").chars() {
        access |= match letter {
            'm' => MAKE,
            'r' => READ,
            'w' => WRITE,
            _ => return Err(refuse("an access is not of `r`, `w` and `m`", None)),
        };
    }
    Ok(Rule {
        allow: from.allow(),
        kind: match from.typ() {
            None | Some(LinuxDeviceType::A) => None,
            Some(LinuxDeviceType::B) => Some(Kind::Block),
            Some(LinuxDeviceType::C | LinuxDeviceType::U) => Some(Kind::Character),
            Some(LinuxDeviceType::P) => return Err(refuse("a pipe is no device", None)),
        },
        major: number(from.major())?,
        minor: number(from.minor())?,
        access,
    })
}

fn refuse(why: &str, source: Option<io::Error>) -> Error {
    Error::LimitNotEnforceable {
        limit: "devices".into(),
        why: why.into(),
        source,
    }
}

/// Whether this is the machine's root. The root of another user namespace, like every other user, can neither make device nodes nor use
/// those on what it mounts.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
        && std::fs::read_to_string("/proc/self/uid_map")
            .is_ok_and(|map| map.split_whitespace().eq(["0", "0", "4294967295"]))
}

#[cfg(test)]
mod tests;
