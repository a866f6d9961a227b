//! `flatrack top`.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use clap::ArgMatches;

use crate::top::{self, Failure, Line, Sort};
use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let interval = matches.get_one::<u64>("interval").copied().unwrap_or(1000);
    let interval = Duration::from_millis(interval);
    let asked = matches.get_one::<String>("sort").map(String::as_str);
    let sort = Sort::NAMES.iter().find(|(name, _)| Some(*name) == asked);
    let sort = sort.map(|(_, sort)| *sort).unwrap_or_default();
    let json = matches.get_flag("json");
    if json || matches.get_flag("once") {
        return match top::once(interval, sort) {
            Ok(lines) if json => print::json(&lines),
            Ok(lines) => print::text(&table(&lines)),
            Err(error) => report::error(&error),
        };
    }
    if !std::io::stdout().is_terminal() {
        let hint = Some("`--once` prints a table, `--once --json` a document");
        return report::fail("`flatrack top` draws on a terminal", hint);
    }
    match top::live(interval, sort) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Stats(error)) => report::error(&error),
        Err(Failure::Terminal(error)) => report::fail(&format!("the terminal: {error}"), None),
    }
}

fn table(lines: &[Line]) -> String {
    let percent = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}%"));
    let number = |value: Option<u64>, show: fn(u64) -> String| value.map_or("-".to_owned(), show);
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            vec![
                line.instance.to_string(),
                line.app.clone(),
                percent(line.cpu_percent),
                percent(line.cpu_limit_percent),
                number(line.memory_bytes, print::bytes),
                number(line.memory_limit_bytes, print::bytes),
                number(line.tasks, |tasks| tasks.to_string()),
                number(line.tasks_limit, |tasks| tasks.to_string()),
            ]
        })
        .collect();
    let head = [
        "instance",
        "application",
        "cpu",
        "limit",
        "memory",
        "limit",
        "tasks",
        "limit",
    ];
    print::table(&head, &rows)
}
