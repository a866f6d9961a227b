//! `flatrack info`.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_perms::Untrusted;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let info = match flatrack_launch::info(&request) {
        Ok(info) => info,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&info);
    }
    let rows = [
        ("id", &info.id),
        ("kind", &info.kind),
        ("arch", &info.arch),
        ("branch", &info.branch),
        ("commit", &info.commit),
        ("installation", &info.installation),
        ("runtime", &info.runtime),
        ("command", &info.command),
        ("location", &info.location),
    ];
    let lines = rows.iter().filter(|(_, value)| !value.is_empty());
    print::text(
        &lines
            .map(|(name, value)| format!("{name:>12}: {}\n", Untrusted(value)))
            .collect::<String>(),
    )
}
