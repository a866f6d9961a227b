//! The rights of an app as a list, for everyone who shows them.

use serde::Serialize;

use crate::vocabulary::Family;
use crate::{FsRule, Origin, Parts};

/// One right in the words of the metadata, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Right {
    /// the permission, as written
    pub what: String,
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
            filesystems,
            persist,
            environment,
            limits,
            apparmor,
        } = self;
        let right = |what: String, enforced_by, origin: &Origin| Right {
            what,
            origin: origin.clone(),
            enforced_by,
        };
        let by = |family: Family| family.row().enforced_by;
        let mut rights: Vec<Right> = permissions
            .iter()
            .map(|(p, origin)| right(p.to_string(), p.row().enforced_by, origin))
            .collect();
        for (place, granted) in filesystems {
            let what = format!("filesystems={}", FsRule::Show(place.clone(), granted.value));
            rights.push(right(what, by(Family::Filesystem), &granted.origin));
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
            rights.push(right(what, by(Family::Environment), &granted.origin));
        }
        for limit in limits.list() {
            rights.push(right(
                limit.value.to_string(),
                limit.value.enforced_by(),
                &limit.origin,
            ));
        }
        for (grant, origin) in apparmor.list() {
            let (key, value) = grant.as_written();
            let what = format!("[{}] {key}={value}", Family::AppArmor.row().group);
            rights.push(right(what, by(Family::AppArmor), origin));
        }
        rights
    }
}
