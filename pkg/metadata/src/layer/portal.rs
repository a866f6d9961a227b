//! Groups that only portals and dconf read: `[Policy X]`, `[USB Devices]`, `[X-DConf]`.

use flatrack_perms::vocabulary::Family;
use flatrack_perms::{Grant, ValueError};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;

pub(super) fn policy(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    let subsystem = group.name().strip_prefix("Policy ").unwrap_or_default();
    for value in group.values() {
        for item in value.list()? {
            let (text, allow) = match item.as_str().strip_prefix('!') {
                Some(text) => (text, false),
                None => (item.as_str(), true),
            };
            let key = format!("{subsystem}.{}={text}", value.key());
            reader.grant(
                value,
                Grant::NotYet {
                    family: Family::GenericPolicy,
                    key,
                    allow,
                },
            );
        }
    }
    Ok(())
}

/// Hidden queries come last: they win.
const USB_KEYS: [(&str, bool); 2] = [("enumerable-devices", true), ("hidden-devices", false)];

pub(super) fn usb(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for (key, allow) in USB_KEYS {
        let Some(value) = group.get(key) else {
            continue;
        };
        for item in value.list()? {
            match check_usb_query(item.as_str()) {
                Ok(()) => {
                    let key = item.as_str().to_ascii_lowercase();
                    reader.grant(
                        value,
                        Grant::NotYet {
                            family: Family::UsbQuery,
                            key,
                            allow,
                        },
                    );
                }
                Err(error) => {
                    let message = format!("{}; it is ignored", error.problem);
                    reader.warn(value.ignored(&item, message));
                }
            }
        }
    }
    Ok(())
}

/// Checks a USB query: `all`, or rules `cls:HH:HH`, `vnd:HHHH`, `dev:HHHH` joined by `+`.
pub(crate) fn check_usb_query(text: &str) -> Result<(), ValueError> {
    let wrong = || {
        ValueError::whole(text, "this is not a USB query")
            .hint("`all`, or `cls:HH:HH`, `vnd:HHHH` and `dev:HHHH` joined by `+`")
    };
    let is_hex = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_hexdigit());
    if text == "all" {
        return Ok(());
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
        false => Ok(()),
    }
}

const DCONF_KEYS: [&str; 2] = ["paths", "migrate-path"];

pub(super) fn dconf(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for value in DCONF_KEYS.iter().filter_map(|key| group.get(key)) {
        let allow = !value.list()?.is_empty();
        let key = value.key().to_owned();
        reader.grant(
            value,
            Grant::NotYet {
                family: Family::Dconf,
                key,
                allow,
            },
        );
    }
    Ok(())
}
