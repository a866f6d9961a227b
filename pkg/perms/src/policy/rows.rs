//! A bound as a list, for everyone who shows it.

use serde::Serialize;

use super::{OnExcess, Policy};
use crate::{FsAccess, Origin};

/// One thing that a policy says, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// the key, as written in the file; a table's name stands before its keys
    pub key: String,
    /// the value
    pub value: String,
    /// where it was written
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Policy {
    /// Everything it says, in the words of a policy file.
    #[must_use]
    pub fn bounds(&self) -> Vec<Bound> {
        let Self {
            deny,
            filesystem,
            devices,
            ceilings,
            apparmor,
            on_excess,
        } = self;
        let bound = |key: &str, value: String, origin: &Origin| Bound {
            key: key.to_owned(),
            value,
            origin: Some(origin.clone()),
        };
        let mut all = Vec::new();
        for denied in deny {
            all.push(bound("deny", denied.0.value.to_string(), &denied.0.origin));
        }
        if let Some(most) = filesystem {
            let word = match most.value {
                FsAccess::Hidden => "none",
                FsAccess::ReadOnly => "ro",
                FsAccess::ReadWrite | FsAccess::Create => "rw",
            };
            all.push(bound("filesystem", word.to_owned(), &most.origin));
        }
        for list in devices {
            all.push(bound("device-nodes", joined(&list.rules), &list.origin));
        }
        for ceiling in ceilings {
            let key = format!("limits.{}", ceiling.value.key());
            all.push(bound(&key, ceiling.value.value(), &ceiling.origin));
        }
        for (key, value, origin) in apparmor.list() {
            all.push(bound(&format!("apparmor.{key}"), value, origin));
        }
        if *on_excess == OnExcess::Refuse {
            all.push(Bound {
                key: "on-excess".to_owned(),
                value: "refuse".to_owned(),
                origin: None,
            });
        }
        all
    }
}

/// The items of a list; an empty one leaves nothing, which should be seen.
fn joined<T: ToString>(items: &[T]) -> String {
    match items {
        [] => "nothing".to_owned(),
        items => items
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}
