//! `flatrack exec`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::ExecRequest;

use crate::report;

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
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
