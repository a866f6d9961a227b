//! `flatrack override`: permissions that are changed for good.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::{Error, Override};
use flatrack_perms::{AppId, Untrusted};

use crate::{cli, print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    match read(matches).and_then(|file| carry_out(matches, &file)) {
        Ok(code) | Err(code) => code,
    }
}

fn read(matches: &ArgMatches) -> Result<Override, ExitCode> {
    let app = matches.get_one::<String>("APP").map(|text| {
        AppId::parse(text).map_err(|error| {
            let message = format!("`{}`: {error}", Untrusted(text));
            report::fail(&message, error.hint.as_deref())
        })
    });
    Ok(Override {
        system: !matches.get_flag("user"),
        app: app.transpose()?,
    })
}

fn carry_out(matches: &ArgMatches, file: &Override) -> Result<ExitCode, ExitCode> {
    let options = cli::collect(matches)?.options;
    let fail = |error: Error| report::error(&error);
    if matches.get_flag("reset") {
        file.reset().map_err(fail)?;
    }
    if !options.is_empty() {
        file.add(&options).map_err(fail)?;
    }
    if matches.get_flag("json") {
        return Ok(print::json(&file.layer().map_err(fail)?));
    }
    if matches.get_flag("show") {
        let text = file.text().map_err(fail)?;
        let lines = text.lines().map(|line| format!("{}\n", Untrusted(line)));
        return Ok(print::text(&lines.collect::<String>()));
    }
    if options.is_empty() && !matches.get_flag("reset") {
        let hint = "name a permission, such as `--nofilesystem=home`, or `--show` or `--reset`";
        return Err(report::fail("nothing to change", Some(hint)));
    }
    Ok(ExitCode::SUCCESS)
}
