//! `/.flatpak-info`: what portals and libraries read to learn who the app is.

use std::collections::BTreeMap;

use flatrack_perms::vocabulary::Kind;
use flatrack_perms::{Bus, BusPolicy, FsAccess, FsRule, Parts, Permission, UsbQuery};

use crate::passes::{Input, PlanError, link_in_runtime_dir};
use crate::plan::{Content, Node, Plan};

/// Where it is inside, and for portals in the root directory of whoever calls them.
pub(crate) const PATH: &str = "/.flatpak-info";
/// Its name among the generated files.
const NAME: &str = "flatpak-info";

/// The Flatpak whose behaviour this follows.
const FLATPAK_VERSION: &str = "1.18.4";

pub(crate) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let content = render(input);
    // also below the mount: mounts of a process that ended are gone while a portal may still look at its root
    plan.nodes.push(Node::File {
        path: PATH.into(),
        mode: 0o600,
        content: content.clone(),
    });
    plan.file(NAME, PATH, content);
    link_in_runtime_dir(input, plan, NAME, "../../../.flatpak-info".to_owned());
    Ok(())
}

/// The text in a plan.
pub(crate) fn text(plan: &Plan) -> &str {
    let file = plan.files.iter().find(|file| file.name == NAME);
    match file.map(|file| &file.content) {
        Some(Content::Text(text)) => text,
        _ => "",
    }
}

fn render(input: &Input<'_>) -> String {
    let deployment = input.deployment;
    let mut file = Keyfile::default();
    let kind = if deployment.is_runtime {
        "Runtime"
    } else {
        "Application"
    };
    file.group(kind);
    file.value("name", deployment.id.as_str());
    file.value("runtime", &format!("runtime/{}", deployment.runtime));

    file.group("Instance");
    file.value("instance-id", &input.launch.instance.to_string());
    if let Some(data) = input.app_data() {
        file.value("instance-path", &data.to_string_lossy());
    }
    if let Some(app) = &deployment.app {
        file.value("app-path", &app.path.to_string_lossy());
        file.value("app-commit", &app.commit);
        file.value("app-extensions", &app.extension_list());
    }
    file.value("runtime-path", &deployment.usr.path.to_string_lossy());
    file.value("runtime-commit", &deployment.usr.commit);
    file.value("runtime-extensions", &deployment.usr.extension_list());
    file.value("branch", deployment.branch.as_str());
    file.value("arch", deployment.arch.as_str());
    file.value("flatpak-version", FLATPAK_VERSION);
    for (key, permission) in [
        ("session-bus-proxy", Permission::SessionBus),
        ("system-bus-proxy", Permission::SystemBus),
    ] {
        if !input.resolved.has(permission) {
            file.value(key, "true");
        }
    }
    if input.launch.build.is_some() {
        file.value("build", "true");
    }
    if input.resolved.has(Permission::Devel) {
        file.value("devel", "true");
    }
    if input.launch.sandbox {
        file.value("sandbox", "true");
    }
    file.list(
        "extra-args",
        input.launch.extra_args.iter().map(String::as_str),
    );

    let parts = input.resolved.parts();
    file.group("Context");
    for row in Kind::TABLE {
        let stated = parts.stated.iter().map(|(p, when)| (p.row(), when));
        let mut stated: Vec<_> = stated.filter(|(p, _)| p.kind == row.kind).collect();
        stated.sort_unstable_by_key(|(p, _)| p.name);
        // readers of before 1.17 take the plain name, newer ones the conditions behind it
        let items: Vec<String> = stated
            .into_iter()
            .flat_map(|(p, when)| {
                let conditional = when
                    .iter()
                    .map(|condition| format!("if:{}:{}", p.name, condition.as_str()));
                std::iter::once(p.name.to_owned()).chain(conditional)
            })
            .collect();
        file.list(row.key, items.iter().map(String::as_str));
    }
    let places: Vec<String> = parts
        .filesystems
        .iter()
        .filter(|(_, granted)| granted.value > FsAccess::Hidden)
        .map(|(place, granted)| FsRule::Show(place.clone(), granted.value).to_string())
        .collect();
    file.list("filesystems", places.iter().map(String::as_str));
    let persist: Vec<_> = parts
        .persist
        .keys()
        .map(|p| p.as_path().to_string_lossy())
        .collect();
    file.list("persistent", persist.iter().map(AsRef::as_ref));
    let unset = parts
        .environment
        .iter()
        .filter(|(_, g)| g.value.is_none())
        .map(|(name, _)| name.as_str());
    file.list("unset-environment", unset);

    for bus in Bus::ALL {
        // what is left of a name that was taken back is nothing
        let names = parts
            .bus_names
            .iter()
            .filter(|(name, granted)| name.bus == bus && granted.value != BusPolicy::None);
        file.group(bus.family().row().group);
        for (name, granted) in names {
            file.key_value(name.name.as_str(), granted.value.as_str());
        }
    }

    file.group("Environment");
    for (name, granted) in &parts.environment {
        file.key_value(name.as_str(), granted.value.as_deref().unwrap_or(""));
    }
    for_portals(&mut file, parts);
    file.text
}

/// What nobody enforces here: portals do.
fn for_portals(file: &mut Keyfile, parts: &Parts) {
    let mut policies: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for policy in &parts.policies {
        let item = &policy.value;
        let list = policies.entry((&item.subsystem, &item.key)).or_default();
        list.push(&item.value);
    }
    let mut last = "";
    for ((subsystem, key), values) in policies {
        if subsystem != last {
            file.group(&format!("Policy {subsystem}"));
            last = subsystem;
        }
        file.list(key, values.into_iter());
    }
    if !parts.usb.is_empty() || !parts.usb_hidden.is_empty() {
        file.group("USB Devices");
        file.list("enumerable-devices", parts.usb.keys().map(UsbQuery::as_str));
        file.list(
            "hidden-devices",
            parts.usb_hidden.keys().map(UsbQuery::as_str),
        );
    }
}

/// Writes a keyfile in which no value can start a line of its own.
#[derive(Default)]
struct Keyfile {
    text: String,
    /// a group that nothing was written into yet
    pending: Option<String>,
}

impl Keyfile {
    /// Begins a group. One without a key is left out.
    fn group(&mut self, name: &str) {
        self.pending = Some(name.to_owned());
    }

    fn line(&mut self, line: &str) {
        if let Some(group) = self.pending.take() {
            let gap = if self.text.is_empty() { "" } else { "\n" };
            self.text.push_str(&format!("{gap}[{group}]\n"));
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Left out when empty.
    fn value(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.key_value(key, value);
        }
    }

    fn key_value(&mut self, key: &str, value: &str) {
        // a name that is no key of a keyfile cannot be written at all
        if !key.is_empty() && !key.contains(['=', '[', ']', '\n', '\r', '#']) && key.trim() == key {
            self.line(&format!("{key}={}", escape(value, false)));
        }
    }

    /// Left out when empty.
    fn list<'a>(&mut self, key: &str, items: impl Iterator<Item = &'a str>) {
        let text: String = items.map(|item| escape(item, true) + ";").collect();
        if !text.is_empty() {
            self.line(&format!("{key}={text}"));
        }
    }
}

fn escape(text: &str, list: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' ' if at == 0 => out.push_str("\\s"),
            ';' if list => out.push_str("\\;"),
            c => out.push(c),
        }
    }
    out
}
