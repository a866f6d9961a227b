//! `flatrack bundle`.

use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;

use crate::report;

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let text = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    let mut request = match super::request::with_target(matches, text("TARGET")) {
        Ok(request) => request,
        Err(code) => return code,
    };
    request.args = matches
        .get_many::<String>("ARGS")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    match flatrack_launch::bundle(&request, Path::new(&text("DIR"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::error(&error),
    }
}
