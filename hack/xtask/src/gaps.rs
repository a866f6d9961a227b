//! `gaps`: a test marked `#[ignore = "gap: …"]` documents what does not work yet, so it must still fail.

use std::process::Command;

use crate::workspace::{self, files};
use crate::{Result, tool};

/// How such a test begins.
const MARK: &str = "#[ignore = \"gap:";

/// Runs each of them; one that passes is an error.
pub(crate) fn run() -> Result {
    let mut closed = Vec::new();
    let mut open = 0;
    for package in workspace::Metadata::load()?.packages {
        for file in files(package.dir(), &["rs"])? {
            for name in marked(&std::fs::read_to_string(&file)?) {
                if passes(&package.name, &name)? {
                    closed.push(format!("`{name}` in {}", file.display()));
                } else {
                    open += 1;
                }
            }
        }
    }
    println!("gaps: {open} open");
    if closed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "no gap any more: {}\nhint: remove their #[ignore]",
        closed.join(", ")
    )
    .into())
}

/// Names of the functions that carry the mark as an attribute; a mark within a text is none.
fn marked(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut lines = text.lines().map(str::trim_start);
    while lines.by_ref().any(|line| line.starts_with(MARK)) {
        let function = lines
            .by_ref()
            .find_map(|line| line.split_once("fn ")?.1.split_once('('));
        names.extend(function.map(|(name, _)| name.to_owned()));
    }
    names
}

/// Runs the tests of that name; a test that is not found is an error, not a pass.
fn passes(package: &str, name: &str) -> Result<bool> {
    let listed = tool::output(&mut cargo_test(package, name, &["--list", "--ignored"]))?;
    if !listed.contains(&format!("{name}: test")) {
        return Err(format!("`{name}` of `{package}` is marked as a gap but is no test").into());
    }
    Ok(cargo_test(package, name, &["--ignored"])
        .output()?
        .status
        .success())
}

fn cargo_test(package: &str, name: &str, args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["test", "--quiet", "--package", package, "--", name])
        .args(args);
    command.current_dir(workspace::root());
    command
}

#[cfg(test)]
mod tests {
    use super::{MARK, marked};

    #[test]
    fn a_marked_test_is_found_by_its_name() {
        let text =
            format!("#[test]\n{MARK} no portals\"]\nfn opens_a_link() {{}}\nfn other() {{}}");
        assert_eq!(marked(&text), ["opens_a_link"]);
    }
}
