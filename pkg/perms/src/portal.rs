//! Grants that only portals act on: they are carried to `/.flatpak-info` and give nothing by themselves.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::ValueError;

/// One value of an opaque policy, `SUBSYSTEM.KEY=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyItem {
    /// the subsystem, which names the group `[Policy SUBSYSTEM]`
    pub subsystem: String,
    /// the key in that group
    pub key: String,
    /// the value, which means something to the subsystem only
    pub value: String,
}

impl PolicyItem {
    /// Reads `SUBSYSTEM.KEY=VALUE`.
    ///
    /// # Errors
    /// Another form, or a value that starts with `!`, which files use to take a value away.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::whole(text, "this is not a policy").hint("SUBSYSTEM.KEY=VALUE");
        let (left, value) = text.split_once('=').ok_or_else(wrong)?;
        let (subsystem, key) = left.split_once('.').ok_or_else(wrong)?;
        Self::new(subsystem, key, value).ok_or_else(wrong)
    }

    /// Puts the three parts together, if each has its form.
    #[must_use]
    pub fn new(subsystem: &str, key: &str, value: &str) -> Option<Self> {
        let is_name = |name: &str| {
            let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            !name.is_empty() && name.chars().all(good)
        };
        let good =
            is_name(subsystem) && is_name(key) && !value.is_empty() && !value.starts_with('!');
        good.then(|| Self {
            subsystem: subsystem.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl fmt::Display for PolicyItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}={}", self.subsystem, self.key, self.value)
    }
}

impl Serialize for PolicyItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// USB devices by class, vendor or product; in lower case, as Flatpak keeps them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UsbQuery(String);

impl UsbQuery {
    /// Reads `all`, or rules `cls:HH:HH`, `vnd:HHHH`, `dev:HHHH` joined by `+`.
    ///
    /// # Errors
    /// Another form, a rule that stands twice, or `dev:` without `vnd:`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let wrong = || {
            ValueError::whole(text, "this is not a USB query")
                .hint("`all`, or `cls:HH:HH`, `vnd:HHHH` and `dev:HHHH` joined by `+`")
        };
        let is_hex =
            |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit());
        if text == "all" {
            return Ok(Self(text.to_owned()));
        }
        let mut kinds = Vec::new();
        for rule in text.split('+') {
            let (kind, value) = rule.split_once(':').ok_or_else(wrong)?;
            let good = match kind {
                "cls" => value.split_once(':').is_some_and(|(class, subclass)| {
                    is_hex(class, 2) && (subclass == "*" || is_hex(subclass, 2))
                }),
                "vnd" | "dev" => is_hex(value, 4),
                _ => false,
            };
            if !good || kinds.contains(&kind) {
                return Err(wrong());
            }
            kinds.push(kind);
        }
        match kinds.contains(&"dev") && !kinds.contains(&"vnd") {
            true => Err(wrong().hint("`dev:` needs `vnd:`")),
            false => Ok(Self(text.to_ascii_lowercase())),
        }
    }

    /// The query as Flatpak writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
