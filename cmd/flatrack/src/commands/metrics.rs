//! `flatrack metrics`.

use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::MetricsServer;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    match matches.get_one::<String>("listen") {
        Some(place) => listen(place),
        None => match flatrack_launch::metrics() {
            Ok(text) => print::text(&text),
            Err(error) => report::error(&error),
        },
    }
}

fn listen(place: &str) -> ExitCode {
    let Some(path) = place.strip_prefix("unix:").filter(|path| !path.is_empty()) else {
        let hint = Some("`unix:` and the path of a socket, such as `unix:/run/flatrack/metrics`");
        return report::fail(
            "metrics are served at sockets of the file system only",
            hint,
        );
    };
    let server = match MetricsServer::listen(Path::new(path)) {
        Ok(server) => server,
        Err(error) => return report::error(&error),
    };
    match server.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::fail(&format!("the socket: {error}"), None),
    }
}
