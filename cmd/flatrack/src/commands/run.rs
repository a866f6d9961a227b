//! `flatrack run`.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::Outcome;

use crate::report;

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let mut request = match super::request::for_run(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    request.terminal = matches.get_flag("tty");
    match flatrack_launch::run(&request, &mut report::note) {
        Ok(end) => outcome(&end),
        Err(error) => report::error(&error),
    }
}

/// Tells what there is to tell and ends as the app ended.
pub(super) fn outcome(outcome: &Outcome) -> ExitCode {
    for line in &outcome.notes {
        report::note(line);
    }
    ExitCode::from(u8::try_from(outcome.code).unwrap_or(report::REFUSED))
}
