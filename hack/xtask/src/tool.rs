//! Running other programs: one line before each, its own output after it.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Result, workspace};

/// How missing tools are taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tools {
    pub(crate) strict: bool,
}

impl Tools {
    /// Whether `cargo NAME` is there. A missing one is a line, or an error with `--strict`.
    pub(crate) fn has(self, name: &str) -> Result<bool> {
        let found = Command::new("cargo")
            .args([name, "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?
            .success();
        if found {
            return Ok(true);
        }
        if self.strict {
            return Err(format!("`cargo {name}` is missing\nhint: install cargo-{name}").into());
        }
        println!("skipped: install cargo-{name}");
        Ok(false)
    }
}

/// Runs `cargo` with these words, in the workspace.
pub(crate) fn cargo(words: &str) -> Result {
    cargo_with(words, &[])
}

/// The same with further variables.
pub(crate) fn cargo_with(words: &str, variables: &[(&str, &str)]) -> Result {
    println!("\n── cargo {words}");
    let mut command = Command::new("cargo");
    command
        .args(words.split_whitespace())
        .current_dir(workspace::root());
    command.envs(variables.iter().copied());
    succeed(&mut command)
}

/// Runs a command to its end; anything but success is an error.
pub(crate) fn succeed(command: &mut Command) -> Result {
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", name(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed: {status}", name(command)).into())
    }
}

/// Runs a command and gives its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{}: {error}", name(command)))?;
    if !output.status.success() {
        return Err(format!("`{}` failed: {}", name(command), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).display().to_string();
    let args = command
        .get_args()
        .map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(program)
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ")
}
