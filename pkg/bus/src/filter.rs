//! From rights to rules.

use flatrack_perms::{AppId, Bus, BusName, BusPolicy, Parts};
use serde::Deserialize;

/// What every app has; data, so that each row carries its reason.
const TABLE: &str = include_str!("../../../configs/bus/app.toml");

/// One thing that an app may do on a bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// a policy for a name, which may end in `.*`
    Name(BusPolicy, String),
    /// method calls to a name
    Call {
        /// the name
        name: String,
        /// `INTERFACE.METHOD@PATH` or a part of it
        rule: String,
    },
    /// signals from a name
    Broadcast {
        /// the name
        name: String,
        /// `INTERFACE.SIGNAL@PATH` or a part of it
        rule: String,
    },
}

/// Everything that an app may do on one bus. Rules only add up: nothing takes away what another one gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// the rules, the app's own name first
    pub rules: Vec<Rule>,
    /// changes of unique names are told, as assistive technologies need it
    pub sloppy_names: bool,
}

impl Filter {
    /// The rules for an app: what every app has, within the bounds of the node's policy, and its own permissions,
    /// which are within them already.
    #[must_use]
    pub fn new(bus: Bus, id: &AppId, parts: &Parts) -> Self {
        let mut rules = Vec::new();
        let mut messages = Vec::new();
        for row in table().rule.into_iter().filter(|row| row.bus == bus.word()) {
            let name = row.name.replace("{id}", id.as_str());
            let most = most(bus, &name, parts);
            let mut give = |policy: BusPolicy| {
                let policy = policy.min(most);
                if policy > BusPolicy::None {
                    rules.push(Rule::Name(policy, name.clone()));
                }
            };
            match row.kind {
                Kind::See => give(BusPolicy::See),
                Kind::Talk => give(BusPolicy::Talk),
                Kind::Own => give(BusPolicy::Own),
                // messages are more than to see a name
                Kind::Call | Kind::Broadcast if most < BusPolicy::Talk => {}
                Kind::Call => messages.push(Rule::Call {
                    name,
                    rule: row.rule,
                }),
                Kind::Broadcast => messages.push(Rule::Broadcast {
                    name,
                    rule: row.rule,
                }),
            }
        }
        rules.extend(
            parts
                .bus_names
                .iter()
                .filter(|(name, granted)| name.bus == bus && granted.value > BusPolicy::None)
                .map(|(name, granted)| Rule::Name(granted.value, name.name.to_string())),
        );
        rules.extend(messages);
        Self {
            rules,
            sloppy_names: bus == Bus::A11y,
        }
    }
}

/// The most that the policy leaves of a name. One that is no name is left nothing.
fn most(bus: Bus, name: &str, parts: &Parts) -> BusPolicy {
    let Ok(name) = BusName::parse(name) else {
        return BusPolicy::None;
    };
    let bounds = parts.bus_bounds.iter();
    bounds
        .filter(|(bounded, _)| bounded.bus == bus && bounded.name.overlaps(&name))
        .map(|(_, most)| most.value)
        .min()
        .unwrap_or(BusPolicy::Own)
}

impl Filter {
    /// Whether some call to that name passes because of a rule about messages.
    #[must_use]
    pub fn reaches(&self, name: &str) -> bool {
        self.rules.iter().any(|rule| match rule {
            Rule::Call { name: to, .. } => to == name,
            Rule::Name(..) | Rule::Broadcast { .. } => false,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rule: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    bus: String,
    kind: Kind,
    name: String,
    #[serde(default)]
    rule: String,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    See,
    Talk,
    Own,
    Call,
    Broadcast,
}

fn table() -> Table {
    match toml::from_str(TABLE) {
        Ok(table) => table,
        // the table is compiled in and a test reads it
        Err(error) => unreachable!("configs/bus/app.toml: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flatrack_perms::{Granted, NameOnBus, Origin, Source};

    fn parts(names: &[(Bus, &str, BusPolicy)]) -> Parts {
        let mut parts = Parts::default();
        for (bus, name, policy) in names {
            let name = NameOnBus {
                bus: *bus,
                name: BusName::parse(name).unwrap(),
            };
            let origin = Origin::of(Source::App);
            parts.bus_names.insert(
                name,
                Granted {
                    value: *policy,
                    origin,
                },
            );
        }
        parts
    }

    #[test]
    fn the_table_names_buses_that_exist_and_gives_reasons() {
        for row in table().rule {
            assert!(
                Bus::ALL.iter().any(|bus| bus.word() == row.bus),
                "{}",
                row.bus
            );
            assert!(!row._why.is_empty());
            let message = matches!(row.kind, Kind::Call | Kind::Broadcast);
            assert_eq!(message, !row.rule.is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn every_app_has_its_own_name_and_the_portals_and_nothing_else() {
        let id = AppId::parse("org.example.App").unwrap();
        let filter = Filter::new(Bus::Session, &id, &Parts::default());
        let own = |name: &str| Rule::Name(BusPolicy::Own, name.to_owned());
        assert_eq!(
            filter.rules[..2],
            [
                own("org.example.App.*"),
                own("org.mpris.MediaPlayer2.org.example.App.*"),
            ]
        );
        for rule in &filter.rules[2..] {
            let (Rule::Call { name, .. } | Rule::Broadcast { name, .. }) = rule else {
                panic!("{rule:?}");
            };
            assert!(name.starts_with("org.freedesktop.portal."), "{name}");
            // each would give what starts apps outside of their limits
            assert!(!name.ends_with("Flatpak") && !name.contains('*'), "{name}");
        }
        assert!(
            Filter::new(Bus::System, &id, &Parts::default())
                .rules
                .is_empty()
        );
    }

    #[test]
    fn a_name_of_one_bus_is_no_name_of_another_and_none_gives_nothing() {
        let id = AppId::parse("org.example.App").unwrap();
        let parts = parts(&[
            (Bus::System, "org.a.B", BusPolicy::Talk),
            (Bus::System, "org.a.C", BusPolicy::None),
            (Bus::Session, "org.a.D", BusPolicy::See),
        ]);
        let system = Filter::new(Bus::System, &id, &parts);
        assert_eq!(
            system.rules,
            [Rule::Name(BusPolicy::Talk, "org.a.B".into())]
        );
        let session = Filter::new(Bus::Session, &id, &parts);
        assert!(
            session
                .rules
                .contains(&Rule::Name(BusPolicy::See, "org.a.D".into()))
        );
    }

    #[test]
    fn a_bound_holds_for_what_every_app_has() {
        let id = AppId::parse("org.example.App").unwrap();
        let bounded = |name: &str, most| {
            let mut parts = Parts::default();
            let name = BusName::parse(name).unwrap();
            let bus = Bus::Session;
            parts.bus_bounds.insert(
                NameOnBus { bus, name },
                Granted {
                    value: most,
                    origin: Origin::of(Source::Policy),
                },
            );
            Filter::new(Bus::Session, &id, &parts)
        };
        let desktop = "org.freedesktop.portal.Desktop";
        for name in [desktop, "org.freedesktop.portal.*"] {
            let filter = bounded(name, BusPolicy::See);
            let about = |rule: &&Rule| format!("{rule:?}").contains(desktop);
            assert_eq!(filter.rules.iter().find(about), None, "{name}");
        }
        assert!(bounded("org.example.Other", BusPolicy::None).reaches(desktop));
        let own = |filter: &Filter| filter.rules[0].clone();
        let name = |policy| Rule::Name(policy, "org.example.App.*".to_owned());
        let talk = bounded("org.example.App.Part", BusPolicy::Talk);
        assert_eq!(own(&talk), name(BusPolicy::Talk));
        let none = bounded("org.example.App", BusPolicy::None);
        assert_ne!(own(&none), name(BusPolicy::Own));
    }
}
