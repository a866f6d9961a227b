//! `flatrack exec`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::ExecRequest;

use crate::report;

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    // a command that the app chose may be this program itself, and then runs in the app from the host's file
    if let Err(error) = flatrack_launch::protect_own_program() {
        let message = format!("the app cannot be kept from this program's own file: {error}");
        return report::fail(&message, None);
    }
    let many = |name: &str| {
        matches
            .get_many::<String>(name)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    };
    let request = ExecRequest {
        instance: matches
            .get_one::<String>("INSTANCE")
            .cloned()
            .unwrap_or_default(),
        command: many("COMMAND"),
        env: many("env"),
        cwd: matches.get_one::<String>("cwd").map(PathBuf::from),
        terminal: matches.get_flag("tty"),
    };
    match flatrack_launch::exec(&request) {
        Ok(outcome) => super::run::outcome(&outcome),
        Err(error) => report::error(&error),
    }
}
