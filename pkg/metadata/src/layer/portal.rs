//! Groups that only portals and dconf read: `[Policy X]`, `[USB Devices]`, `[X-DConf]`.

use flatrack_perms::{DconfPath, Grant, PolicyItem, UsbQuery};

use super::Reader;
use crate::Diagnostic;
use crate::keyfile::GroupRef;

pub(super) fn policy(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    let subsystem = group.name().strip_prefix("Policy ").unwrap_or_default();
    for value in group.values() {
        for text in value.list()? {
            let (item, allow) = match text.as_str().strip_prefix('!') {
                Some(item) => (item, false),
                None => (text.as_str(), true),
            };
            match PolicyItem::new(subsystem, value.key(), item) {
                Some(item) => reader.grant(value, Grant::Policy { item, allow }),
                None => {
                    let message = "this is not a value of a policy; it is ignored";
                    reader.warn(value.ignored(&text, message));
                }
            }
        }
    }
    Ok(())
}

/// Hidden queries come last: they win.
const USB_KEYS: [(&str, bool); 2] = [("enumerable-devices", true), ("hidden-devices", false)];

pub(super) fn usb(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for (key, listed) in USB_KEYS {
        let Some(value) = group.get(key) else {
            continue;
        };
        for item in value.list()? {
            match UsbQuery::parse(item.as_str()) {
                Ok(query) => reader.grant(value, Grant::Usb { query, listed }),
                Err(error) => {
                    let message = format!("{}; it is ignored", error.problem);
                    reader.warn(value.ignored(&item, message));
                }
            }
        }
    }
    Ok(())
}

type DconfGrant = fn(Option<DconfPath>) -> Grant;

const DCONF: [(&str, DconfGrant); 2] = [
    ("paths", Grant::Dconf),
    ("migrate-path", Grant::DconfMigrate),
];

/// What dconf has no such path for is ignored, as in Flatpak: settings are no protection.
pub(super) fn dconf(reader: &mut Reader, group: GroupRef<'_>) -> Result<(), Diagnostic> {
    for (key, grant) in DCONF {
        let Some(value) = group.get(key) else {
            continue;
        };
        let items = value.list()?;
        if items.is_empty() {
            reader.grant(value, grant(None));
        }
        for item in &items {
            match DconfPath::parse(item.as_str()) {
                Ok(path) => reader.grant(value, grant(Some(path))),
                Err(error) => {
                    let message = format!("{}; it is ignored", error.problem);
                    reader.warn(value.ignored(item, message));
                }
            }
        }
    }
    Ok(())
}
