//! The rights of an app as a list, for everyone who shows them.

use serde::Serialize;

use crate::vocabulary::Family;
use crate::{AppArmorGrant, BusPolicy, Direction, FsRule, Origin, Parts};

/// One right in the words of the metadata, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Right {
    /// the permission, as written
    pub what: String,
    /// the part of it that stays the same when there is more or less of it
    #[serde(skip)]
    pub subject: String,
    /// who granted it
    pub origin: Origin,
    /// the kernel mechanism that enforces it
    pub enforced_by: &'static str,
}

impl Parts {
    /// Every right, in the vocabulary's order.
    #[must_use]
    pub fn rights(&self) -> Vec<Right> {
        let Self {
            permissions,
            // what is stated and on is among the permissions
            stated: _,
            filesystems,
            persist,
            environment,
            bus_names,
            // what is left within them is among the names
            bus_bounds: _,
            limits,
            policies,
            usb,
            usb_hidden,
            dconf,
            dconf_migrate,
            devices,
            narrowed,
            ports,
            apparmor,
        } = self;
        let about = |subject: String, what: String, enforced_by, origin: &Origin| Right {
            what,
            subject,
            origin: origin.clone(),
            enforced_by,
        };
        let right = |what: String, enforced_by, origin: &Origin| {
            about(what.clone(), what, enforced_by, origin)
        };
        let by = |family: Family| family.row().enforced_by;
        let mut rights: Vec<Right> = permissions
            .iter()
            .map(|(p, origin)| right(p.to_string(), p.row().enforced_by, origin))
            .collect();
        for (place, granted) in filesystems {
            let what = format!("filesystems={}", FsRule::Show(place.clone(), granted.value));
            let subject = format!("filesystems={place}");
            rights.push(about(
                subject,
                what,
                by(Family::Filesystem),
                &granted.origin,
            ));
        }
        for (path, origin) in persist {
            rights.push(right(
                format!("persistent={}", path.as_path().display()),
                by(Family::Persist),
                origin,
            ));
        }
        for (name, granted) in environment {
            let what = match &granted.value {
                Some(value) => format!("env={}={value}", name.as_str()),
                None => format!("unset-env={}", name.as_str()),
            };
            let subject = format!("env={}", name.as_str());
            rights.push(about(
                subject,
                what,
                by(Family::Environment),
                &granted.origin,
            ));
        }
        for (name, granted) in bus_names {
            if granted.value > BusPolicy::None {
                let what = format!("{name}={}", granted.value.as_str());
                let subject = name.to_string();
                rights.push(about(subject, what, by(name.bus.family()), &granted.origin));
            }
        }
        for limit in limits.list() {
            rights.push(about(
                limit.value.key().to_string(),
                limit.value.to_string(),
                limit.value.enforced_by(),
                &limit.origin,
            ));
        }
        for policy in policies {
            let what = format!("policy {}", policy.value);
            rights.push(right(what, by(Family::GenericPolicy), &policy.origin));
        }
        for (key, list) in [("enumerable", usb), ("hidden", usb_hidden)] {
            for (query, origin) in list {
                let what = format!("{key}-devices={}", query.as_str());
                rights.push(right(what, by(Family::UsbQuery), origin));
            }
        }
        for (path, origin) in dconf {
            let what = format!("dconf paths={}", path.as_str());
            rights.push(right(what, by(Family::Dconf), origin));
        }
        if let Some(granted) = dconf_migrate {
            let what = format!("dconf migrate-path={}", granted.value.as_str());
            rights.push(right(what, by(Family::Dconf), &granted.origin));
        }
        for granted in devices.values() {
            let what = format!("device-node={}", granted.value);
            let subject = format!("device-node={}", granted.value.name);
            rights.push(about(
                subject,
                what,
                by(Family::DeviceNode),
                &granted.origin,
            ));
        }
        for (path, granted) in narrowed {
            let what = format!("{}={}", granted.value.key(), path.as_str());
            let subject = format!("narrowed={}", path.as_str());
            rights.push(about(subject, what, by(Family::Landlock), &granted.origin));
        }
        for direction in [Direction::Connect, Direction::Bind] {
            for (rule, origin) in ports.of(direction) {
                let what = format!("{}={rule}", direction.key());
                rights.push(right(what, by(Family::Ports), origin));
            }
        }
        for (grant, origin) in apparmor.list() {
            let (key, value) = grant.as_written();
            let what = format!("[{}] {key}={value}", Family::AppArmor.row().group);
            let subject = match grant {
                AppArmorGrant::Stack(_) => what.clone(),
                AppArmorGrant::Profile(_) | AppArmorGrant::Mode(_) => key.to_owned(),
            };
            rights.push(about(subject, what, by(Family::AppArmor), origin));
        }
        rights
    }
}
