//! `flatrack apparmor show|load|unload|status|denials`.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::apparmor::{self, Log};

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    match matches.subcommand() {
        Some(("show", matches)) => show(matches),
        Some(("load", matches)) => load(matches),
        Some(("unload", matches)) => match apparmor::unload(&id(matches)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => report::error(&error),
        },
        Some(("status", matches)) => status(matches),
        Some(("denials", matches)) => denials(matches),
        _ => report::fail("this verb is not built", None),
    }
}

fn id(matches: &ArgMatches) -> String {
    matches.get_one::<String>("ID").cloned().unwrap_or_default()
}

fn show(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    match apparmor::show(&request) {
        Err(error) => report::error(&error),
        Ok(profile) if matches.get_flag("json") => print::json(&profile),
        Ok(profile) => print::text(&profile.to_string()),
    }
}

fn load(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    match apparmor::load(&request) {
        Err(error) => report::error(&error),
        Ok(profile) => print::text(&format!("{} ({})\n", profile.name, profile.mode.as_str())),
    }
}

fn status(matches: &ArgMatches) -> ExitCode {
    let profiles = match apparmor::status(matches.get_flag("all")) {
        Ok(profiles) => profiles,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&profiles);
    }
    let rows: Vec<_> = profiles
        .iter()
        .map(|profile| vec![profile.name.clone(), profile.mode.clone()])
        .collect();
    print::text(&print::table(&["profile", "mode"], &rows))
}

fn denials(matches: &ArgMatches) -> ExitCode {
    let log = match matches.get_one::<String>("from").map(String::as_str) {
        None => Log::Kernel,
        Some("-") => Log::Input,
        Some(path) => Log::File(path.into()),
    };
    let denials = match apparmor::denials(&id(matches), &log) {
        Ok(denials) => denials,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&denials);
    }
    let rows: Vec<_> = denials
        .iter()
        .map(|denial| {
            let allowed_by = denial.allowed_by.as_deref();
            vec![
                denial.times.to_string(),
                denial.program.clone(),
                denial.operation.clone(),
                denial.what.clone(),
                denial.rights.clone(),
                allowed_by.unwrap_or("no permission").to_owned(),
            ]
        })
        .collect();
    let header = [
        "times",
        "program",
        "operation",
        "what",
        "rights",
        "allowed by",
    ];
    print::text(&print::table(&header, &rows))
}
