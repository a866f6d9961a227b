//! Ports and abstract sockets: `[X-Network]`, which narrows the shared network to what it lists.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::{Origin, ValueError};

/// Who begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// the app connects
    Connect,
    /// the app is connected to
    Bind,
}

impl Direction {
    /// Its key in `[X-Network]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Bind => "bind",
        }
    }
}

/// A protocol with ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// TCP
    Tcp,
    /// UDP
    Udp,
}

/// One item of a list: `tcp:443`, `udp:8000-8100`, `unix-abstract`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortRule {
    /// ports of one protocol, both ends included
    Ports {
        /// the protocol
        transport: Transport,
        /// the lowest port, at least 1
        first: u16,
        /// the highest port
        last: u16,
    },
    /// abstract sockets that something outside of the sandbox listens on
    UnixAbstract,
}

impl PortRule {
    /// Whether everything that `other` allows is allowed by this.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::UnixAbstract, Self::UnixAbstract) => true,
            (
                Self::Ports {
                    transport,
                    first,
                    last,
                },
                Self::Ports {
                    transport: of,
                    first: from,
                    last: to,
                },
            ) => transport == of && first <= from && to <= last,
            _ => false,
        }
    }

    /// What both allow.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        let (
            Self::Ports {
                transport,
                first,
                last,
            },
            Self::Ports {
                transport: of,
                first: from,
                last: to,
            },
        ) = (self, other)
        else {
            return (self == other).then_some(*self);
        };
        let (first, last) = (*first.max(from), *last.min(to));
        (transport == of && first <= last).then_some(Self::Ports {
            transport: *transport,
            first,
            last,
        })
    }

    /// The same in as few items as there can be: ranges that touch are one.
    pub(crate) fn merged(rules: &[Self]) -> Vec<Self> {
        let mut sorted = rules.to_vec();
        sorted.sort_unstable();
        let mut merged: Vec<Self> = Vec::new();
        for rule in sorted {
            match (merged.last_mut(), rule) {
                (
                    Some(Self::Ports {
                        transport,
                        last: end,
                        ..
                    }),
                    Self::Ports {
                        transport: of,
                        first,
                        last,
                    },
                ) if *transport == of && u32::from(first) <= u32::from(*end) + 1 => {
                    *end = (*end).max(last);
                }
                (Some(last), rule) if *last == rule => {}
                _ => merged.push(rule),
            }
        }
        merged
    }

    /// Reads an item for a direction.
    ///
    /// # Errors
    /// Another form; abstract sockets to listen on, which nothing can withhold.
    pub fn parse(direction: Direction, text: &str) -> Result<Self, ValueError> {
        let rule: Self = text.parse()?;
        match (direction, rule) {
            (Direction::Bind, Self::UnixAbstract) => Err(ValueError::whole(
                text,
                "the kernel withholds abstract sockets from who connects, not from who listens",
            )
            .hint("write it into `connect`")),
            _ => Ok(rule),
        }
    }
}

impl FromStr for PortRule {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        const FORM: &str = "`tcp:443`, `tcp:8000-8100`, `udp:53` or `unix-abstract`";
        if text == "unix-abstract" {
            return Ok(Self::UnixAbstract);
        }
        let Some((name, ports)) = text.split_once(':') else {
            return Err(ValueError::whole(text, "this names no port").hint(FORM));
        };
        let transport = match name {
            "tcp" => Transport::Tcp,
            "udp" => Transport::Udp,
            _ => {
                let problem = "this protocol is not known here";
                return Err(ValueError::part(0..name.len(), problem).hint(FORM));
            }
        };
        let at = name.len() + 1;
        let number = |text: &str, at: usize| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            match text.parse::<u16>() {
                Ok(port @ 1..) if plain => Ok(port),
                _ => Err(ValueError::part(
                    at..at + text.len(),
                    "a port is 1 to 65535",
                )),
            }
        };
        let (first, last) = match ports.split_once('-') {
            Some((first, last)) => (number(first, at)?, number(last, at + first.len() + 1)?),
            None => (number(ports, at)?, number(ports, at)?),
        };
        if first > last {
            return Err(ValueError::part(
                at..text.len(),
                "the range ends before it starts",
            ));
        }
        Ok(Self::Ports {
            transport,
            first,
            last,
        })
    }
}

impl fmt::Display for PortRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Ports {
            transport,
            first,
            last,
        } = self
        else {
            return f.write_str("unix-abstract");
        };
        let name = match transport {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        };
        match first == last {
            true => write!(f, "{name}:{first}"),
            false => write!(f, "{name}:{first}-{last}"),
        }
    }
}

impl Serialize for PortRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What of the shared network is left. As soon as one list has an item, what neither of them names is withheld.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ports {
    /// where the app may connect to
    pub connect: BTreeMap<PortRule, Origin>,
    /// where the app may listen
    pub bind: BTreeMap<PortRule, Origin>,
}

impl Ports {
    /// Whether nothing is withheld.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.connect.is_empty() && self.bind.is_empty()
    }

    /// The list of a direction.
    pub fn of(&self, direction: Direction) -> &BTreeMap<PortRule, Origin> {
        match direction {
            Direction::Connect => &self.connect,
            Direction::Bind => &self.bind,
        }
    }

    pub(crate) fn of_mut(&mut self, direction: Direction) -> &mut BTreeMap<PortRule, Origin> {
        match direction {
            Direction::Connect => &mut self.connect,
            Direction::Bind => &mut self.bind,
        }
    }

    /// Ranges of one protocol in one direction, in order and without overlap.
    #[must_use]
    pub fn ranges(&self, direction: Direction, wanted: Transport) -> Vec<(u16, u16)> {
        let mut ranges: Vec<(u16, u16)> = Vec::new();
        for rule in self.of(direction).keys() {
            let PortRule::Ports {
                transport,
                first,
                last,
            } = *rule
            else {
                continue;
            };
            if transport != wanted {
                continue;
            }
            match ranges.last_mut() {
                Some(before) if u32::from(first) <= u32::from(before.1) + 1 => {
                    before.1 = before.1.max(last);
                }
                _ => ranges.push((first, last)),
            }
        }
        ranges
    }

    /// Whether nothing here goes beyond `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let covered = |direction| {
            let theirs = other.of(direction);
            let by_one = |mine: &PortRule| theirs.keys().any(|rule| rule.covers(mine));
            self.of(direction).keys().all(by_one)
        };
        other.is_unlimited()
            || (!self.is_unlimited() && covered(Direction::Connect) && covered(Direction::Bind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn items_are_read_and_written_alike() {
        for text in [
            "tcp:443",
            "tcp:8000-8100",
            "udp:53",
            "unix-abstract",
            "udp:1-65535",
        ] {
            assert_eq!(text.parse::<PortRule>().unwrap().to_string(), text);
        }
        assert_eq!("tcp:5-5".parse::<PortRule>().unwrap().to_string(), "tcp:5");
    }

    #[test]
    fn what_is_not_a_port_is_refused() {
        for text in [
            "",
            "tcp",
            "tcp:",
            "tcp:0",
            "tcp:65536",
            "tcp:+5",
            "sctp:5",
            "tcp:9-8",
            "tcp:1-",
            "443",
            "tcp: 5",
            "unix-abstract:x",
        ] {
            assert!(text.parse::<PortRule>().is_err(), "{text}");
        }
        assert!(PortRule::parse(Direction::Bind, "unix-abstract").is_err());
    }

    #[test]
    fn ranges_are_merged() {
        let mut ports = Ports::default();
        for text in [
            "tcp:10-20",
            "tcp:15-30",
            "tcp:31",
            "tcp:40",
            "udp:35",
            "tcp:12",
        ] {
            ports
                .connect
                .insert(text.parse().unwrap(), Origin::of(Source::App));
        }
        assert_eq!(
            ports.ranges(Direction::Connect, Transport::Tcp),
            [(10, 31), (40, 40)]
        );
        assert!(ports.ranges(Direction::Bind, Transport::Tcp).is_empty());
    }
}
