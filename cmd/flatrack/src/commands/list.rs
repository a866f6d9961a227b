//! `flatrack list`.

use std::process::ExitCode;

use clap::ArgMatches;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let rows = match flatrack_launch::list(&super::request::scope(matches)) {
        Ok(rows) => rows,
        Err(error) => return report::error(&error),
    };
    let wanted = rows.into_iter().filter(|row| {
        match (matches.get_flag("app"), matches.get_flag("only-runtimes")) {
            (true, _) => row.kind == "app",
            (_, true) => row.kind == "runtime",
            _ => true,
        }
    });
    let rows: Vec<_> = wanted.collect();
    if matches.get_flag("json") {
        return print::json(&rows);
    }
    let cells = |row: &flatrack_launch::Info| {
        vec![
            row.kind.clone(),
            row.id.clone(),
            row.arch.clone(),
            row.branch.clone(),
            row.installation.clone(),
            row.commit.chars().take(12).collect(),
        ]
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    print::text(&print::table(
        &["kind", "id", "arch", "branch", "installation", "commit"],
        &rows,
    ))
}
