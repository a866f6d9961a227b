//! `/.flatpak-info`: what portals and libraries read to learn who the app is.

use flatrack_perms::vocabulary::Kind;
use flatrack_perms::{FsAccess, FsRule};

use crate::passes::{Input, PlanError};
use crate::plan::Plan;

/// The Flatpak whose behaviour this follows.
const FLATPAK_VERSION: &str = "1.18.4";

pub(crate) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let content = render(input);
    plan.file("flatpak-info", "/.flatpak-info", content);
    Ok(())
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
    }
    file.value("runtime-path", &deployment.usr.path.to_string_lossy());
    file.value("runtime-commit", &deployment.usr.commit);
    file.value("branch", deployment.branch.as_str());
    file.value("arch", deployment.arch.as_str());
    file.value("flatpak-version", FLATPAK_VERSION);
    file.value("session-bus-proxy", "true");
    file.value("system-bus-proxy", "true");
    if input.launch.build.is_some() {
        file.value("build", "true");
    }
    if input.resolved.has(flatrack_perms::Permission::Devel) {
        file.value("devel", "true");
    }
    file.list(
        "extra-args",
        input.launch.extra_args.iter().map(String::as_str),
    );

    let parts = input.resolved.parts();
    file.group("Context");
    for row in Kind::TABLE {
        let names = parts
            .permissions
            .keys()
            .map(|p| p.row())
            .filter(|p| p.kind == row.kind)
            .map(|p| p.name);
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        file.list(row.key, names.into_iter());
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

    file.group("Environment");
    for (name, granted) in &parts.environment {
        file.key_value(name.as_str(), granted.value.as_deref().unwrap_or(""));
    }
    file.text
}

/// Writes a keyfile in which no value can start a line of its own.
#[derive(Default)]
struct Keyfile {
    text: String,
    /// a group that nothing was written into yet
    pending: Option<&'static str>,
}

impl Keyfile {
    /// Begins a group. One without a key is left out.
    fn group(&mut self, name: &'static str) {
        self.pending = Some(name);
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
