//! `flatrack permissions`: what an app may do, in the words of its metadata.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_perms::{FsRule, Parts, Untrusted};

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    match flatrack_launch::permissions(&request) {
        Err(error) => report::error(&error),
        Ok(parts) if matches.get_flag("json") => print::json(&parts),
        Ok(parts) => print::text(&lines(&parts)),
    }
}

fn lines(parts: &Parts) -> String {
    let Parts {
        permissions,
        filesystems,
        persist,
        environment,
        limits,
    } = parts;
    let mut lines: Vec<String> = permissions.keys().map(ToString::to_string).collect();
    for (place, granted) in filesystems {
        lines.push(format!(
            "filesystems={}",
            FsRule::Show(place.clone(), granted.value)
        ));
    }
    lines.extend(
        persist
            .keys()
            .map(|path| format!("persistent={}", path.as_path().display())),
    );
    for (name, granted) in environment {
        lines.push(match &granted.value {
            Some(value) => format!("env={}={value}", name.as_str()),
            None => format!("unset-env={}", name.as_str()),
        });
    }
    lines.extend(limits.list().iter().map(|limit| limit.value.to_string()));
    lines
        .iter()
        .map(|line| format!("{}\n", Untrusted(line)))
        .collect()
}
