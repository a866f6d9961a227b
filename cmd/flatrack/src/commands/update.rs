//! `flatrack update`: other limits for a running app.

use std::process::ExitCode;

use clap::ArgMatches;

use crate::{cli, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let instance = matches
        .get_one::<String>("INSTANCE")
        .cloned()
        .unwrap_or_default();
    let grants = match cli::collect(matches) {
        Ok(grants) => grants,
        Err(code) => return code,
    };
    if grants.layer.entries.is_empty() {
        return report::fail(
            "nothing to change",
            Some("name a limit, such as `--memory-max=64M`"),
        );
    }
    match flatrack_launch::update(&instance, &grants.layer, &mut report::note) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::error(&error),
    }
}
