//! `flatrack spec`.

use std::process::ExitCode;

use clap::ArgMatches;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    match super::request::for_run(matches) {
        Err(code) => code,
        Ok(request) => match flatrack_launch::spec(&request) {
            Ok(document) => print::text(&(document + "\n")),
            Err(error) => report::error(&error),
        },
    }
}
