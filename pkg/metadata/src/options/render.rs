//! A layer back to options.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{FsAccess, FsRule, Grant, Layer};

/// The options that say what a layer says, in its order.
///
/// A bus name that may be owned is rendered as one to talk to, and a key of our own groups that nothing
/// enforces yet is left out: the layer does not hold their values.
#[must_use]
pub fn render(layer: &Layer) -> Vec<String> {
    layer
        .entries
        .iter()
        .filter_map(|entry| option(&entry.grant))
        .collect()
}

fn option(grant: &Grant) -> Option<String> {
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
        Grant::NotYet { family, key, allow } => (carried(*family, *allow)?, key.clone()),
    };
    Some(format!("--{name}={value}"))
}

/// The option of a family whose value is the grant's key.
fn carried(family: Family, allow: bool) -> Option<&'static str> {
    let row = family.row();
    match family {
        Family::SessionBusName
        | Family::SystemBusName
        | Family::A11yBusName
        | Family::GenericPolicy
        | Family::UsbQuery => {
            Some(if allow { row.allow } else { row.deny }).filter(|name| !name.is_empty())
        }
        _ => None,
    }
}
