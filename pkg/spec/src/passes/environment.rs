//! The environment of the first process.

use serde::Deserialize;

use super::{Input, PlanError, linker};
use crate::Plan;
use crate::plan::Env;

/// The default table; data, so that each row carries its reason.
const TABLE: &str = include_str!("../../../../configs/environment/app.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    set: Vec<Set>,
    unset: Vec<Unset>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    name: String,
    value: String,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unset {
    names: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// Kept for programs inside that look for the host's own directories.
const XDG_HOMES: [(&str, &str); 4] = [
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", ".local/state"),
];

/// Where libraries are looked for first. Present in every sandbox, if only empty, as in Flatpak's.
const LIBRARIES: &str = "LD_LIBRARY_PATH";

/// The prompt of shells that have none.
const PROMPT: &str = "[📦 $FLATPAK_ID \\W]\\$ ";

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let environment = &mut plan.environment;
    let plain = |value: &str| Env {
        value: value.to_owned(),
        origin: None,
    };
    if input.launch.clear_env {
        // a fact of the sandbox, which has this directory
        let home = input.facts.user.home.to_string_lossy();
        environment.insert("HOME".to_owned(), plain(&home));
    } else {
        let inherited = &input.facts.environment;
        environment.extend(
            inherited
                .iter()
                .map(|(name, value)| (name.clone(), plain(value))),
        );
    }
    let table = table();
    for name in table.unset.iter().flat_map(|row| &row.names) {
        environment.remove(name);
    }
    for row in &table.set {
        environment.insert(row.name.clone(), plain(&row.value));
    }
    if let Some(path) = linker::first_path(input) {
        environment.insert(LIBRARIES.to_owned(), plain(path));
    }
    for (name, granted) in &input.resolved.parts().environment {
        match &granted.value {
            Some(value) => environment.insert(
                name.as_str().to_owned(),
                Env {
                    value: value.clone(),
                    origin: Some(granted.origin.clone()),
                },
            ),
            None => environment.remove(name.as_str()),
        };
    }
    let libraries = environment.entry(LIBRARIES.to_owned());
    let libraries = libraries.or_insert_with(|| plain(""));
    libraries.value = linker::paths(input, &libraries.value);
    // another value can be asked for; none at all cannot, as in Flatpak
    let runtime_dir = format!("/run/user/{}", input.facts.user.uid);
    for (name, value) in [
        ("XDG_RUNTIME_DIR", runtime_dir.as_str()),
        ("container", "flatpak"),
    ] {
        environment
            .entry(name.to_owned())
            .or_insert_with(|| plain(value));
    }
    environment.insert("FLATPAK_ID".to_owned(), plain(input.deployment.id.as_str()));
    environment
        .entry("PS1".to_owned())
        .or_insert_with(|| plain(PROMPT));
    if !input.deployment.is_runtime {
        let home = &input.facts.user.home;
        let own = home.join(".var/app").join(input.deployment.id.as_str());
        environment.insert(
            "FLATPAK_SANDBOX_DIR".to_owned(),
            plain(&own.join("sandbox").to_string_lossy()),
        );
    }
    if let Some(data) = input.app_data() {
        for (name, below) in XDG_HOMES {
            if let Some(host) = input.facts.env(name) {
                environment.insert(format!("HOST_{name}"), plain(host));
            }
            environment.insert(name.to_owned(), plain(&data.join(below).to_string_lossy()));
        }
    }
    if let Some(build) = &input.launch.build {
        environment.insert("FLATPAK_DEST".to_owned(), plain("/app"));
        environment.insert(
            "FLATPAK_ARCH".to_owned(),
            plain(input.deployment.arch.as_str()),
        );
        let inside = build.inside.to_string_lossy();
        environment.insert("FLATPAK_BUILDER_BUILDDIR".to_owned(), plain(&inside));
    }
    Ok(())
}

fn table() -> Table {
    match toml::from_str(TABLE) {
        Ok(table) => table,
        // the table is compiled in and a test reads it
        Err(error) => unreachable!("configs/environment/app.toml: {error}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_can_be_read_and_every_row_has_a_reason() {
        let table = super::table();
        assert!(table.set.iter().all(|row| !row._why.is_empty()));
        assert!(table.unset.iter().all(|row| !row._why.is_empty()));
    }
}
