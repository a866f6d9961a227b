//! `check`: what a change has to pass.

use crate::tool::{Tools, cargo, cargo_with};
use crate::{Result, changelog, generate, layers};

/// Runs every step in order of cost; the first failure ends it.
pub(crate) fn run(tools: &Tools) -> Result {
    cargo("fmt --all --check")?;
    cargo("clippy --workspace --all-targets -- -D warnings")?;
    layers::run()?;
    // the tests of the command line call the built binaries
    cargo("build --workspace")?;
    generate::run(&generate::Options { check: true })?;
    tests(tools)?;
    cargo("test --workspace --doc")?;
    changelog::run()
}

fn tests(tools: &Tools) -> Result {
    // a snapshot is accepted by a person, never by a run of the tests
    let strictly = [("INSTA_UPDATE", "no")];
    if tools.has("nextest")? {
        return cargo_with("nextest run --workspace", &strictly);
    }
    cargo_with("test --workspace --lib --bins --tests", &strictly)
}
