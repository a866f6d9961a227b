//! `flatrack permissions`: what an app may do, in the words of its metadata.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_perms::{Parts, Untrusted};

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    match flatrack_launch::permissions(&request) {
        Err(error) => report::error(&error),
        Ok(parts) if matches.get_flag("json") => print::json(&parts),
        Ok(parts) => print::text(&lines(&parts)),
    }
}

fn lines(parts: &Parts) -> String {
    parts
        .rights()
        .iter()
        .map(|right| format!("{}\n", Untrusted(&right.what)))
        .collect()
}
