//! Options to a keyfile, as `flatpak build-finish` and `flatpak override` write them.

use flatrack_perms::{FsRule, Kind, PolicyItem, ValueError};

use super::{Arg, Effect};
use crate::Diagnostic;
use crate::keyfile::{Keyfile, Writer};
use crate::layer::{NARROWING, Words};

/// Lists that are being put together, in the order of first mention.
#[derive(Debug, Default)]
struct Lists(Vec<(String, String, Vec<String>)>);

impl Lists {
    fn list(&mut self, group: &str, key: &str) -> &mut Vec<String> {
        let at = self.0.iter().position(|row| row.0 == group && row.1 == key);
        let at = at.unwrap_or_else(|| {
            self.0.push((group.to_owned(), key.to_owned(), Vec::new()));
            self.0.len() - 1
        });
        &mut self.0[at].2
    }

    fn forget(&mut self, group: &str, key: &str) {
        self.0.retain(|row| row.0 != group || row.1 != key);
    }
}

/// Metadata that is being written. A later option replaces an earlier one of the same name.
#[derive(Debug, Default)]
pub struct MetadataWriter {
    lists: Lists,
    writer: Writer,
}

impl MetadataWriter {
    /// Goes on where a keyfile ends.
    #[must_use]
    pub fn new(writer: Writer) -> Self {
        Self {
            lists: Lists::default(),
            writer,
        }
    }

    /// Changes a keyfile: what it says of other things stays, known or not.
    ///
    /// # Errors
    /// A list in it that cannot be read.
    pub fn change(keyfile: &Keyfile) -> Result<Self, Diagnostic> {
        let mut lists = Lists::default();
        for group in keyfile.groups() {
            for value in group.values().filter(|v| is_list(group.name(), v.key())) {
                let items = value.list()?;
                *lists.list(group.name(), value.key()) =
                    items.iter().map(|item| item.as_str().to_owned()).collect();
            }
        }
        let writer = Writer::of(keyfile);
        Ok(Self { lists, writer })
    }

    /// Writes one option, which [`super::OptionRow::parse`] has read.
    ///
    /// # Errors
    /// A value that a keyfile cannot hold.
    pub fn add(&mut self, arg: &Arg<'_>) -> Result<(), ValueError> {
        one(arg, &mut self.lists, &mut self.writer)?;
        // groups stand in the order of first mention, though lists are written last
        self.lists
            .0
            .iter()
            .for_each(|row| self.writer.add_group(&row.0));
        Ok(())
    }

    /// Writes one key.
    ///
    /// # Errors
    /// A name or value that a keyfile cannot hold.
    pub fn set(&mut self, group: &str, key: &str, value: &str) -> Result<(), ValueError> {
        self.lists.forget(group, key);
        self.writer.set(group, key, value)
    }

    /// The keyfile.
    ///
    /// # Errors
    /// A list that a keyfile cannot hold.
    pub fn finish(mut self) -> Result<Writer, ValueError> {
        for (group, key, items) in self.lists.0 {
            self.writer.set_list(&group, &key, &items)?;
        }
        Ok(self.writer)
    }
}

/// Whether options add to a key's list.
fn is_list(group: &str, key: &str) -> bool {
    let narrowing = || {
        NARROWING.iter().any(|row| {
            row.words == Words::List && row.family.row().group == group && row.key == key
        })
    };
    match group {
        "Context" => {
            Kind::TABLE.iter().any(|row| row.key == key)
                || ["filesystems", "persistent", "unset-environment"].contains(&key)
        }
        "USB Devices" => ["enumerable-devices", "hidden-devices"].contains(&key),
        _ => group.starts_with("Policy ") || narrowing(),
    }
}

fn one(arg: &Arg<'_>, lists: &mut Lists, writer: &mut Writer) -> Result<(), ValueError> {
    let value = arg.value;
    match arg.row.effect {
        Effect::Allow(kind) => {
            replace(
                lists.list("Context", kind.row().key),
                value,
                value.to_owned(),
            );
        }
        Effect::Deny(kind) => {
            replace(
                lists.list("Context", kind.row().key),
                value,
                format!("!{value}"),
            );
        }
        Effect::AllowIf(kind) => {
            let list = lists.list("Context", kind.row().key);
            let name = value.split(':').next().unwrap_or_default();
            let conditional = format!("if:{name}:");
            let given = list.iter().any(|item| item == name);
            if given && !list.iter().any(|item| item.starts_with(&conditional)) {
                // who has it anyway does not need it under a condition
                return Ok(());
            }
            // the plain name is what Flatpak before 1.17 understands; newer ones pass over it
            if !given {
                list.push(name.to_owned());
            }
            list.push(format!("if:{value}"));
        }
        Effect::Show => filesystem(lists, FsRule::parse(value)?),
        Effect::Hide => filesystem(lists, FsRule::parse(&format!("!{value}"))?),
        Effect::Persist => add(lists.list("Context", "persistent"), value),
        Effect::SetEnv => {
            let (name, text) = value.split_once('=').unwrap_or((value, ""));
            lists
                .list("Context", "unset-environment")
                .retain(|item| item != name);
            writer.set("Environment", name, text)?;
        }
        Effect::UnsetEnv => {
            writer.remove("Environment", value);
            add(lists.list("Context", "unset-environment"), value);
        }
        Effect::Bus(bus, policy) => {
            writer.set(bus.family().row().group, value, policy.as_str())?;
        }
        Effect::Policy(added) => {
            let item = PolicyItem::parse(value)?;
            let list = lists.list(&format!("Policy {}", item.subsystem), &item.key);
            list.retain(|old| old.strip_prefix('!').unwrap_or(old) != item.value);
            list.push(if added {
                item.value
            } else {
                format!("!{}", item.value)
            });
        }
        Effect::Usb(listed) => {
            for item in value.split(';').filter(|item| !item.is_empty()) {
                let hidden = item
                    .strip_prefix('!')
                    .filter(|_| arg.row.name == "usb-list");
                let (query, listed) = hidden.map_or((item, listed), |query| (query, false));
                let key = if listed {
                    "enumerable-devices"
                } else {
                    "hidden-devices"
                };
                add(lists.list("USB Devices", key), &query.to_ascii_lowercase());
            }
        }
        Effect::Limit(key) => {
            writer.set("X-Resources", key.key(), &key.parse(value)?.value())?;
        }
        Effect::Word(family, key) => {
            let row = NARROWING
                .iter()
                .find(|row| row.family == family && row.key == key);
            match row.is_some_and(|row| row.words == Words::List) && !value.is_empty() {
                true => add(lists.list(family.row().group, key), value),
                false => {
                    lists.forget(family.row().group, key);
                    writer.set(family.row().group, key, value)?;
                }
            }
        }
    }
    Ok(())
}

fn add(list: &mut Vec<String>, item: &str) {
    if !list.iter().any(|old| old == item) {
        list.push(item.to_owned());
    }
}

/// Takes out everything said about a name and says this.
fn replace(list: &mut Vec<String>, name: &str, item: String) {
    list.retain(|old| {
        let old = old.strip_prefix('!').unwrap_or(old);
        let old = old
            .strip_prefix("if:")
            .map_or(old, |rest| rest.split(':').next().unwrap_or(rest));
        old != name
    });
    list.push(item);
}

fn filesystem(lists: &mut Lists, rule: FsRule) {
    let list = lists.list("Context", "filesystems");
    let same = |old: &String| match (FsRule::parse(old), &rule) {
        (Ok(FsRule::Show(old, _)), FsRule::Show(new, _)) => old == *new,
        (Ok(old), new) => old == *new,
        (Err(_), _) => false,
    };
    list.retain(|old| !same(old));
    list.push(rule.to_string());
}
