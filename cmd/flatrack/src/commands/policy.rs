//! `flatrack policy check|show|test`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::policy::{self, Checked, Start, Trial};
use flatrack_perms::{Bound, Untrusted};

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    match matches.subcommand() {
        Some(("check", matches)) => check(matches),
        Some(("show", matches)) => show(matches),
        Some(("test", matches)) => test(matches),
        _ => report::fail("this verb is not built", None),
    }
}

/// The exit code of something that was shown and is in order or not.
fn verdict(shown: ExitCode, good: bool) -> ExitCode {
    match good {
        true => shown,
        false => ExitCode::from(report::REFUSED),
    }
}

fn check(matches: &ArgMatches) -> ExitCode {
    let files = paths(matches, "FILE");
    let checked = match policy::check(&files) {
        Ok(checked) => checked,
        Err(error) => return report::error(&error),
    };
    let good = checked.iter().all(Checked::is_good);
    if matches.get_flag("json") {
        return verdict(print::json(&checked), good);
    }
    let mut fine = String::new();
    for file in &checked {
        let name = Untrusted(&file.file.to_string_lossy()).to_string();
        if let Some(warning) = &file.warning {
            report::note(&format!("warning: {warning}"));
        }
        match &file.error {
            Some(error) => report::note(error),
            None => fine.push_str(&format!("{name}: {}\n", rules(file.rules))),
        }
    }
    verdict(print::text(&fine), good)
}

fn rules(number: usize) -> String {
    match number {
        1 => "1 rule".to_owned(),
        number => format!("{number} rules"),
    }
}

fn show(matches: &ArgMatches) -> ExitCode {
    if let Some(id) = matches.get_one::<String>("ID") {
        return match policy::effective(id) {
            Err(error) => report::error(&error),
            Ok(bounds) if matches.get_flag("json") => print::json(&bounds),
            Ok(bounds) => {
                let rows: Vec<_> = bounds.iter().map(|bound| row(bound, true)).collect();
                print::text(&print::table(&["key", "bound", "said by"], &rows))
            }
        };
    }
    let files = match policy::show() {
        Ok(files) => files,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&files);
    }
    let mut text = String::new();
    for file in &files {
        let name = Untrusted(&file.file.to_string_lossy()).to_string();
        text.push_str(&name);
        if let Some(vendor) = &file.instead_of {
            let vendor = Untrusted(&vendor.to_string_lossy()).to_string();
            text.push_str(&format!(" (instead of {vendor})"));
        }
        text.push('\n');
        let mut rows = Vec::new();
        for rule in &file.rules {
            if let Some(why) = &rule.why {
                rows.push(vec![rule.apps.clone(), "why".to_owned(), why.clone()]);
            }
            for bound in &rule.bounds {
                let mut cells = vec![rule.apps.clone()];
                cells.extend(row(bound, false));
                rows.push(cells);
            }
        }
        text.push_str(&print::table(&["apps", "key", "bound"], &rows));
        text.push('\n');
    }
    print::text(text.strip_suffix('\n').unwrap_or(&text))
}

fn row(bound: &Bound, with_origin: bool) -> Vec<String> {
    let mut cells = vec![bound.key.clone(), bound.value.clone()];
    if with_origin {
        let origin = bound.origin.as_ref();
        cells.push(origin.map(ToString::to_string).unwrap_or_default());
    }
    cells
}

fn test(matches: &ArgMatches) -> ExitCode {
    let files = paths(matches, "file");
    let trials = match matches.get_one::<String>("TARGET") {
        Some(target) => match super::request::with_target(matches, target.clone()) {
            Err(code) => return code,
            Ok(request) => policy::trial(&request, &files).map(|trial| vec![trial]),
        },
        None => policy::trials(&super::request::scope(matches), &files),
    };
    let trials = match trials {
        Ok(trials) => trials,
        Err(error) => return report::error(&error),
    };
    let good = trials.iter().all(|trial| trial.then == Start::Allowed);
    if matches.get_flag("json") {
        return verdict(print::json(&trials), good);
    }
    let text: Vec<String> = trials.iter().map(shown).collect();
    verdict(print::text(&text.join("\n")), good)
}

/// An app and what becomes of it.
fn shown(trial: &Trial) -> String {
    let mut text = format!("{}: {}\n", Untrusted(&trial.app), fate(trial));
    if let Start::Refused { why, hint } = &trial.then {
        // an error with a place has several lines, and is escaped already
        text.push_str(&format!("  {}\n", why.trim_end().replace('\n', "\n  ")));
        if let Some(hint) = hint {
            text.push_str(&format!("  hint: {hint}\n"));
        }
    }
    let rows: Vec<Vec<String>> = trial
        .changes
        .iter()
        .map(|change| {
            let cell = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let by = change.by.as_ref().map(ToString::to_string);
            vec![cell(&change.now), cell(&change.then), cell(&by)]
        })
        .collect();
    if !rows.is_empty() {
        text.push_str(&print::table(&["now", "then", "said by"], &rows));
    }
    text
}

fn fate(trial: &Trial) -> &'static str {
    let is_refused = |start: &Start| matches!(start, Start::Refused { .. });
    match (is_refused(&trial.now), is_refused(&trial.then)) {
        (true, true) => "refused, now and then",
        (false, true) => "would be refused",
        (true, false) => "would no longer be refused",
        (false, false) if trial.changes.is_empty() => "nothing changes",
        (false, false) => "would have other rights",
    }
}

fn paths(matches: &ArgMatches, name: &str) -> Vec<PathBuf> {
    let paths = matches.get_many::<PathBuf>(name).into_iter().flatten();
    paths.cloned().collect()
}
