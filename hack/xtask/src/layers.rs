//! `layers`: the crates use each other as `hack/layers.toml` says, and in no other way.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::workspace::{Metadata, Package, files, root};
use crate::{Result, policy};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    packages: BTreeMap<String, Vec<String>>,
    tests: TestEdges,
    #[serde(rename = "unsafe")]
    unsafe_code: UnsafeCode,
    pure: Pure,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TestEdges {
    may_use: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct UnsafeCode {
    allowed_in: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pure {
    directories: Vec<String>,
}

/// Checks edges, lints, purity and the policy files; tells everything that is wrong at once.
pub(crate) fn run() -> Result {
    let table: Table = toml::from_str(&fs::read_to_string(root().join("hack/layers.toml"))?)?;
    let packages = Metadata::load()?.packages;
    let mut wrong = Vec::new();
    for package in &packages {
        wrong.extend(edges(&table, package));
        wrong.extend(lints(&table, package)?);
    }
    for dir in &table.pure.directories {
        if !root().join(dir).join("clippy.toml").is_file() {
            wrong.push(format!(
                "`{dir}` is a pure crate but has no clippy.toml that says so"
            ));
        }
    }
    wrong.extend(policy::check(&root().join("configs"))?);
    if wrong.is_empty() {
        println!(
            "layers: {} packages use each other as the table says",
            packages.len()
        );
        return Ok(());
    }
    Err(format!(
        "{}\nhint: the table of layers is hack/layers.toml",
        wrong.join("\n       ")
    )
    .into())
}

/// Edges to our own packages that the table does not allow.
fn edges(table: &Table, package: &Package) -> Vec<String> {
    let Some(allowed) = table.packages.get(&package.name) else {
        return vec![format!("`{}` is not in the table of layers", package.name)];
    };
    package
        .dependencies
        .iter()
        .filter(|edge| edge.path.is_some() && !allowed.contains(&edge.name))
        .filter(|edge| {
            edge.kind.as_deref() != Some("dev") || !table.tests.may_use.contains(&edge.name)
        })
        .map(|edge| format!("`{}` may not use `{}`", package.name, edge.name))
        .collect()
}

/// The workspace's lints are on in every package, and only the named ones switch `unsafe_code` on again.
fn lints(table: &Table, package: &Package) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let manifest: toml::Table = toml::from_str(&fs::read_to_string(&package.manifest_path)?)?;
    let inherited = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"));
    if inherited.and_then(toml::Value::as_bool) != Some(true) {
        wrong.push(format!(
            "`{}` does not inherit the workspace's lints",
            package.name
        ));
    }
    if table.unsafe_code.allowed_in.contains(&package.name) {
        return Ok(wrong);
    }
    for file in files(package.dir(), &["rs"])? {
        if allows_unsafe(&fs::read_to_string(&file)?) {
            wrong.push(format!("`{}` allows unsafe code", file.display()));
        }
    }
    Ok(wrong)
}

/// Whether a source text switches the lint off, in whatever list and spacing.
fn allows_unsafe(text: &str) -> bool {
    let dense: String = text.split_whitespace().collect();
    let mut attributes = ["#[", "#!["]
        .into_iter()
        .flat_map(|open| dense.split(open).skip(1));
    attributes.any(|attribute| {
        let list = attribute.split(']').next().unwrap_or_default();
        ["allow(", "expect(", "warn("].iter().any(|level| {
            list.split_once(level).is_some_and(|(_, lints)| {
                lints
                    .split([',', ')'])
                    .any(|lint| lint == concat!("unsafe", "_code"))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        toml::from_str(
            "[packages]\na = []\nb = ['a']\n[tests]\nmay-use = ['bed']\n[unsafe]\nallowed-in = []\n\
             [pure]\ndirectories = []",
        )
        .unwrap()
    }

    fn package(name: &str, edges: &[(&str, Option<&str>)]) -> Package {
        let dependency = |(name, kind): &(&str, Option<&str>)| serde_json::json!({ "name": name, "kind": kind, "path": "/x" });
        let dependencies: Vec<_> = edges.iter().map(dependency).collect();
        let value = serde_json::json!({ "name": name, "manifest_path": "/x/Cargo.toml", "dependencies": dependencies });
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn only_edges_of_the_table_pass() {
        assert!(
            edges(
                &table(),
                &package("b", &[("a", None), ("bed", Some("dev"))])
            )
            .is_empty()
        );
        assert_eq!(
            edges(&table(), &package("a", &[("b", None)])),
            ["`a` may not use `b`"]
        );
        assert_eq!(
            edges(&table(), &package("a", &[("b", Some("dev"))])),
            ["`a` may not use `b`"]
        );
        assert_eq!(
            edges(&table(), &package("b", &[("bed", None)])),
            ["`b` may not use `bed`"]
        );
        assert_eq!(
            edges(&table(), &package("c", &[])),
            ["`c` is not in the table of layers"]
        );
    }

    #[test]
    fn every_way_to_allow_unsafe_is_seen() {
        let lint = concat!("unsafe", "_code");
        for level in ["allow", "expect", "warn"] {
            assert!(allows_unsafe(&format!("#![{level}({lint})]")));
            assert!(allows_unsafe(&format!(
                "#[{level}(\n    dead_code,\n    {lint},\n)]\nfn a() {{}}"
            )));
            assert!(allows_unsafe(&format!(
                "#[cfg_attr(test, {level}({lint}))]"
            )));
        }
        assert!(!allows_unsafe(&format!("#![forbid({lint})]")));
        assert!(!allows_unsafe(&format!("// nobody may allow({lint}) here")));
    }
}
