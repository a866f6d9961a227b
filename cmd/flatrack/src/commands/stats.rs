//! `flatrack stats`.

use std::process::ExitCode;

use clap::ArgMatches;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let instance = matches.get_one::<String>("INSTANCE").map(String::as_str);
    let rows = match flatrack_launch::stats(instance) {
        Ok(rows) => rows,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&rows);
    }
    let known = |value: Option<u64>, show: fn(u64) -> String| value.map_or("-".to_owned(), show);
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.instance.to_string(),
                row.app.clone(),
                known(row.stats.memory_current, print::bytes),
                known(row.stats.memory_max, print::bytes),
                known(row.stats.memory_peak, print::bytes),
                known(row.stats.cpu_usage, |us| {
                    format!("{}.{:03}s", us / 1_000_000, us / 1_000 % 1_000)
                }),
                known(row.stats.pids_current, |n| n.to_string()),
                known(row.stats.pids_max, |n| n.to_string()),
            ]
        })
        .collect();
    print::text(&print::table(
        &[
            "instance",
            "application",
            "memory",
            "limit",
            "peak",
            "cpu",
            "pids",
            "limit",
        ],
        &rows,
    ))
}
