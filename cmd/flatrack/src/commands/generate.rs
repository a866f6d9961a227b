//! `flatrack generate`.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::generate::{Kind, generate};

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let asked = matches.get_one::<String>("KIND").map(String::as_str);
    let kind = Kind::TABLE.iter().find(|(name, _)| Some(*name) == asked);
    let image = matches.get_one::<String>("image").map(String::as_str);
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let Some((_, kind)) = kind else {
        return report::fail("nothing of this kind is written", None);
    };
    match generate(&request, *kind, image) {
        Ok(text) => print::text(&text),
        Err(error) => report::error(&error),
    }
}
