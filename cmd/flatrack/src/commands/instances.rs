//! `flatrack ps`, `kill` and `stop`.

use std::process::ExitCode;
use std::time::Duration;

use clap::ArgMatches;
use flatrack_launch::ProcessRow;

use crate::{print, report};

pub(super) fn ps(matches: &ArgMatches) -> ExitCode {
    if matches.get_flag("gc")
        && let Err(error) = flatrack_launch::gc()
    {
        return report::error(&error);
    }
    match flatrack_launch::ps() {
        Err(error) => report::error(&error),
        Ok(rows) if matches.get_flag("json") => print::json(&rows),
        Ok(rows) => print::text(&table(&rows)),
    }
}

fn table(rows: &[ProcessRow]) -> String {
    let cells = |row: &ProcessRow| {
        vec![
            row.record.instance.to_string(),
            row.pid.to_string(),
            row.record.app.clone(),
            row.status.clone(),
            row.record.limits.join(" "),
            row.record.runtime.clone(),
        ]
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    print::table(
        &[
            "instance",
            "pid",
            "application",
            "status",
            "limits",
            "runtime",
        ],
        &rows,
    )
}

pub(super) fn kill(matches: &ArgMatches) -> ExitCode {
    let text = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    done(flatrack_launch::kill(&text("INSTANCE"), &text("signal")))
}

pub(super) fn stop(matches: &ArgMatches) -> ExitCode {
    let instance = matches
        .get_one::<String>("INSTANCE")
        .cloned()
        .unwrap_or_default();
    let timeout = Duration::from_secs(matches.get_one::<u64>("timeout").copied().unwrap_or(10));
    done(flatrack_launch::stop(&instance, timeout))
}

fn done(result: Result<(), flatrack_launch::Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::error(&error),
    }
}
