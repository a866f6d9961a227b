//! A bound as a list, for everyone who shows it.

use serde::Serialize;

use super::{OnExcess, Policy};
use crate::{Direction, FsAccess, IfUnavailable, NameOnBus, Origin};

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
            ports,
            bus_names,
            ceilings,
            default_limits,
            runtimes,
            origins,
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
        for one in ports {
            for (direction, list) in [
                (Direction::Connect, &one.connect),
                (Direction::Bind, &one.bind),
            ] {
                all.push(bound(direction.key(), joined(list), &one.origin));
            }
        }
        for (NameOnBus { bus, name }, most) in bus_names {
            let key = format!("{}-bus.{name}", bus.word());
            all.push(bound(&key, most.value.as_str().to_owned(), &most.origin));
        }
        for (table, limits) in [("limits", ceilings), ("default-limits", default_limits)] {
            for limit in limits {
                let key = format!("{table}.{}", limit.value.key());
                all.push(bound(&key, limit.value.value(), &limit.origin));
            }
        }
        for list in runtimes {
            all.push(bound("runtimes", joined(&list.items), &list.origin));
        }
        for list in origins {
            all.push(bound("origins", joined(&list.items), &list.origin));
        }
        for (key, mut value, by) in apparmor.list() {
            if by.if_unavailable == IfUnavailable::Degrade {
                value.push_str(", if it can be had");
            }
            all.push(bound(&format!("apparmor.{key}"), value, &by.origin));
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
