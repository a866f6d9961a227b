//! Which tests run in the machine: the lines of `hack/vm/suites`, as the command for the guest.

use std::collections::BTreeMap;
use std::process::Command;

use clap::ValueEnum as _;
use serde::Deserialize;

use super::SecondStage;
use crate::{Result, tool, workspace};

/// A line of cargo's JSON, as far as it tells of test programs.
#[derive(Deserialize)]
struct Message {
    executable: Option<String>,
    #[serde(default)]
    package_id: String,
    target: Option<Target>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// `hack/vm/tests`, with a user, a program and a pattern for each suite. Builds the programs.
pub(super) fn command(second_stage: SecondStage) -> Result<Vec<String>> {
    let programs = programs(&built()?)?;
    let table = std::fs::read_to_string(super::guest_file("suites"))?;
    let mut words = vec![
        "bash".to_owned(),
        super::guest_file("tests").display().to_string(),
    ];
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [package, target, user, stage, pattern] = fields[..] else {
            return Err(format!("hack/vm/suites: `{line}` has not five fields").into());
        };
        if SecondStage::from_str(stage, false)? != second_stage {
            continue;
        }
        let program = programs
            .get(&(package.to_owned(), target.to_owned()))
            .ok_or_else(|| format!("hack/vm/suites: no test program `{target}` in `{package}`"))?;
        words.extend([user.to_owned(), program.clone(), pattern.to_owned()]);
    }
    Ok(words)
}

/// The whole workspace, as for the other tests: fewer packages would be other features, and a build of their own.
fn built() -> Result<String> {
    tool::output(
        Command::new("cargo")
            .args(
                "test --workspace --lib --bins --tests --no-run --quiet --message-format=json"
                    .split(' '),
            )
            .current_dir(workspace::root()),
    )
}

/// Package and target to program.
fn programs(messages: &str) -> Result<BTreeMap<(String, String), String>> {
    let mut found = BTreeMap::new();
    for line in messages.lines() {
        let message: Message = serde_json::from_str(line)?;
        if let (Some(program), Some(target), Some(Profile { test: true })) =
            (message.executable, message.target, message.profile)
        {
            found.insert(
                (package(&message.package_id).to_owned(), target.name),
                program,
            );
        }
    }
    Ok(found)
}

/// The name in `path+file:///…/DIRECTORY#NAME@VERSION`, or in `…/NAME#VERSION`.
fn package(id: &str) -> &str {
    let (path, rest) = id.rsplit_once('#').unwrap_or(("", id));
    match rest.split_once('@') {
        Some((name, _)) => name,
        None => path.rsplit('/').next().unwrap_or(path),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn test_programs_are_found_in_cargos_messages() {
        let id = "path+file:///x/pkg/engine#flatrack-engine@0.1.0";
        let line = |executable: &str, test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","package_id":"{id}","target":{{"name":"engine"}},"profile":{{"test":{test}}},"executable":{executable}}}"#
            )
        };
        let text = [
            line("null", true),
            line("\"/t/other\"", false),
            line("\"/t/engine\"", true),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
        ];
        let found = super::programs(&text.join("\n")).unwrap();
        let key = ("flatrack-engine".to_owned(), "engine".to_owned());
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [(key, "/t/engine".to_owned())]
        );
        assert_eq!(super::package("path+file:///x/xtask#0.1.0"), "xtask");
    }
}
