//! Rules that do not come from mounts: data under `configs/apparmor`.

use serde::Deserialize;

use super::{Rule, label};
use crate::{NamespaceKind, Plan, Reason, What};

const APP: &str = include_str!("../../../../configs/apparmor/app.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    rule: Vec<BaseRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseRule {
    rule: String,
    when: Option<Condition>,
    why: String,
}

/// What a rule may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Condition {
    /// the host's network is shared
    Network,
    /// the network is the app's own
    NoNetwork,
    /// debugging is allowed
    Devel,
    /// Bluetooth sockets are allowed
    Bluetooth,
    /// CAN sockets are allowed
    Canbus,
    /// `/dev` is not the host's
    OwnDev,
}

impl Condition {
    fn holds(self, plan: &Plan) -> bool {
        match self {
            Self::Network => !plan.namespaces.contains(&NamespaceKind::Network),
            Self::NoNetwork => plan.namespaces.contains(&NamespaceKind::Network),
            Self::Devel => plan.seccomp.contains("devel"),
            Self::Bluetooth => plan.seccomp.contains("bluetooth"),
            Self::Canbus => plan.seccomp.contains("canbus"),
            Self::OwnDev => plan.mounts.iter().any(|mount| mount.what == What::Dev),
        }
    }
}

/// A whole bus is mediated by the bus daemon itself, which asks for the label of its peer.
const BUSES: [(&str, &str); 2] = [
    ("sockets=session-bus", "dbus bus=session"),
    ("sockets=system-bus", "dbus bus=system"),
];

pub(super) fn rules(plan: &Plan, name: &str) -> Vec<Rule> {
    let base: Base = match toml::from_str(APP) {
        Ok(base) => base,
        // the file is compiled in and a test reads it
        Err(error) => unreachable!("configs/apparmor/app.toml: {error}"),
    };
    let own = label::patterns(name);
    let mut rules: Vec<Rule> = base
        .rule
        .into_iter()
        .filter(|rule| rule.when.is_none_or(|when| when.holds(plan)))
        .map(|rule| Rule {
            text: rule.rule.replace("@SELF@", &own),
            why: rule.why,
        })
        .collect();
    for (permission, rule) in BUSES {
        let granted = plan.mounts.iter().any(
            |mount| matches!(&mount.reason, Reason::Granted { permission: by, .. } if by == permission),
        );
        if granted {
            rules.push(Rule {
                text: rule.to_owned(),
                why: permission.to_owned(),
            });
        }
    }
    rules
}
