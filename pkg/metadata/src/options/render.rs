//! A layer back to options.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{Bus, BusPolicy, Direction, FsAccess, FsRule, Grant, Layer, Narrowing};

use super::{Effect, OptionRow, table};
use crate::layer::NARROWING;

/// The options that say what a layer says, in its order; reading them gives the same layer.
///
/// What no option can say is left out: a bus name that may be seen and not talked to, and dconf paths.
#[must_use]
pub fn render(layer: &Layer) -> Vec<String> {
    layer
        .entries
        .iter()
        .flat_map(|entry| options(&entry.grant))
        .collect()
}

fn options(grant: &Grant) -> Vec<String> {
    let (name, value) = match grant {
        Grant::Permission {
            permission,
            allow,
            condition,
        } => {
            let row = permission.row();
            let kind = row.kind.row();
            match (allow, condition) {
                (false, _) => (kind.deny, row.name.to_owned()),
                (true, None) => (kind.allow, row.name.to_owned()),
                (true, Some(condition)) => (
                    kind.allow_if,
                    format!("{}:{}", row.name, condition.as_str()),
                ),
            }
        }
        Grant::Filesystem(FsRule::Reset) => ("nofilesystem", "host:reset".to_owned()),
        Grant::Filesystem(FsRule::Show(place, FsAccess::Hidden)) => {
            ("nofilesystem", place.to_string())
        }
        Grant::Filesystem(rule) => ("filesystem", rule.to_string()),
        Grant::Persist(path) => ("persist", path.as_path().display().to_string()),
        Grant::Env {
            name,
            value: Some(value),
        } => ("env", format!("{}={value}", name.as_str())),
        Grant::Env { name, value: None } => ("unset-env", name.as_str().to_owned()),
        Grant::Limit(limit) => (limit.key().key(), limit.value()),
        Grant::AppArmor(grant) => match grant.as_written() {
            ("profile", value) => ("apparmor", value),
            ("mode", value) => ("apparmor-mode", value),
            (_, value) => ("apparmor-stack", value),
        },
        Grant::Narrow(how, path) => (
            match how {
                Narrowing::ReadOnly => "landlock-read-only",
                Narrowing::NoAccess => "landlock-no-access",
            },
            path.as_ref()
                .map_or_else(String::new, |path| path.as_str().to_owned()),
        ),
        Grant::Device(rule) => (
            "device-node",
            rule.as_ref().map_or_else(String::new, ToString::to_string),
        ),
        Grant::Port { direction, rule } => (
            match direction {
                Direction::Connect => "allow-connect",
                Direction::Bind => "allow-bind",
            },
            rule.map_or_else(String::new, |rule| rule.to_string()),
        ),
        Grant::Policy { item, allow } => (
            if *allow {
                "add-policy"
            } else {
                "remove-policy"
            },
            item.to_string(),
        ),
        Grant::Usb { query, listed } => (
            if *listed { "usb" } else { "nousb" },
            query.as_str().to_owned(),
        ),
        Grant::BusName { name, policy } => match bus_option(name.bus, *policy) {
            Some(option) => (option, name.name.to_string()),
            None => return Vec::new(),
        },
        // neither Flatpak nor we have an option for it
        Grant::Dconf(_) | Grant::DconfMigrate(_) => return Vec::new(),
        Grant::NotYet {
            family,
            key,
            values,
            ..
        } => return carried(*family, key, values),
    };
    vec![format!("--{name}={value}")]
}

/// The option that says this of a name. Neither Flatpak nor we have one for `see`, nor for taking back a name of
/// the accessibility bus.
fn bus_option(bus: Bus, policy: BusPolicy) -> Option<&'static str> {
    let is_it = |row: &&OptionRow| row.effect == Effect::Bus(bus, policy);
    table().iter().find(is_it).map(|row| row.name)
}

/// The options of a family that nothing enforces yet.
fn carried(family: Family, key: &str, values: &[String]) -> Vec<String> {
    let first = values.first().map(String::as_str).unwrap_or_default();
    match family {
        Family::Resources => vec![format!("--{key}={first}")],
        _ => {
            let row = NARROWING
                .iter()
                .find(|row| row.family == family && row.key == key);
            let Some(row) = row else {
                return Vec::new();
            };
            match values {
                [] => vec![format!("--{}=", row.option)],
                values => values
                    .iter()
                    .map(|value| format!("--{}={value}", row.option))
                    .collect(),
            }
        }
    }
}
