//! Each permission: who granted it, what enforces it; and what is withheld.

use flatrack_perms::vocabulary::{NAMES, Support};
use flatrack_perms::{Origin, Parts, Permission, Resolved, Untrusted, Warning};
use serde::Serialize;

use crate::pipeline::{confinement, resolve};
use crate::{Error, ExtensionRow, Machine, Request, load};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// the permission, as written in metadata
    pub what: String,
    /// who granted it, or why it is withheld
    pub granted_by: String,
    /// the kernel mechanism
    pub enforced_by: String,
    /// where it was written
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What an app may do and what not, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// the app
    pub app: String,
    /// what it may do
    pub granted: Vec<Row>,
    /// the AppArmor label that a start would have, or why there is none
    pub apparmor: String,
    /// what every app is denied unless granted
    pub withheld: Vec<Row>,
    /// extensions of the app and its runtime, mounted or not
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<ExtensionRow>,
    /// what of the metadata and the overrides is ignored, with its place
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// Explains an app's permissions.
///
/// # Errors
/// As for a run, bar what needs a start.
pub fn explain(request: &Request) -> Result<Explanation, Error> {
    let machine = Machine::probe()?;
    let app = load::load(request, &machine)?;
    let (resolved, lowered) = resolve(&app, &machine)?;
    Ok(Explanation {
        app: app.deployment.id.to_string(),
        granted: granted(resolved.parts()),
        withheld: withheld(resolved.parts(), &lowered),
        apparmor: apparmor(&app, &resolved, &machine),
        extensions: app.extensions,
        ignored: app.warnings.iter().map(ToString::to_string).collect(),
    })
}

fn apparmor(app: &load::App, resolved: &Resolved, machine: &Machine) -> String {
    match confinement(app, resolved, machine) {
        Err(error) => format!("refused: {error}"),
        Ok(confinement) => {
            let lacks = confinement.lacks.join("; ");
            let label = confinement.label(&app.deployment.id);
            let mode = confinement.mode.as_str();
            match (label, confinement.without) {
                (Some(label), _) if lacks.is_empty() => format!("{label} ({mode})"),
                (Some(label), _) => format!("degraded: {label} ({mode}): {lacks}"),
                (None, _) if !lacks.is_empty() => format!("degraded: none: {lacks}"),
                (None, Some(why)) => format!("none: {why}"),
                (None, None) => "none: `unconfined` was asked for".to_owned(),
            }
        }
    }
}

fn granted(parts: &Parts) -> Vec<Row> {
    let row = |right: flatrack_perms::Right| Row {
        what: right.what,
        granted_by: right.origin.to_string(),
        enforced_by: right.enforced_by.to_owned(),
        origin: Some(right.origin),
    };
    parts.rights().into_iter().map(row).collect()
}

/// What no app has, whatever it asks for.
const NEVER: [(&str, &str); 4] = [
    ("capabilities", "five empty sets"),
    ("new privileges (setuid, file capabilities)", "no_new_privs"),
    ("other processes", "PID namespace"),
    ("mounts, namespaces, keyrings, kernel log", "seccomp"),
];

/// Nobody granted it, or only under conditions that do not hold.
fn why_withheld(parts: &Parts, lowered: &[Warning], permission: Permission) -> String {
    let name = permission.to_string();
    if let Some(taken) = lowered.iter().find(|warning| warning.asked == name) {
        return format!("taken away by {}", taken.by);
    }
    let Some(conditions) = parts.stated.get(&permission) else {
        return "not granted".to_owned();
    };
    let conditions: Vec<String> = conditions
        .iter()
        .map(|condition| Untrusted(condition.as_str()).to_string())
        .collect();
    match conditions.as_slice() {
        [] => "only where there is no Wayland".to_owned(),
        conditions => format!("only if {}", conditions.join(" or ")),
    }
}

fn withheld(parts: &Parts, lowered: &[Warning]) -> Vec<Row> {
    let row = |what: &str, why: &str, by: &str| Row {
        what: what.to_owned(),
        granted_by: why.to_owned(),
        enforced_by: by.to_owned(),
        origin: None,
    };
    let never = NEVER
        .iter()
        .map(|(what, by)| row(what, "no app has it", by));
    let not_granted = NAMES
        .iter()
        .filter(|name| {
            name.support == Support::Built && !parts.permissions.contains_key(&name.permission)
        })
        .map(|name| {
            row(
                &name.permission.to_string(),
                &why_withheld(parts, lowered, name.permission),
                name.enforced_by,
            )
        });
    let forbidden = parts.bus_bounds.iter().map(|(name, most)| {
        let what = format!("{name}, beyond `{}`", most.value.as_str());
        let by = name.bus.family().row().enforced_by;
        row(&what, &format!("bounded by {}", most.origin), by)
    });
    never.chain(not_granted).chain(forbidden).collect()
}
