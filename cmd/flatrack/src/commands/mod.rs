//! One file a verb: read the arguments, call the library, print.

mod apparmor;
mod bundle;
mod doctor;
mod events;
mod exec;
mod explain;
mod gen_docs;
mod generate;
mod info;
mod instances;
mod list;
mod metrics;
mod overrides;
mod permissions;
mod policy;
mod request;
mod run;
mod spec;
mod stats;
mod top;
mod update;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::ErrorKind;

use crate::{cli, print, report};

type Verb = fn(&ArgMatches) -> ExitCode;

const VERBS: &[(&str, Verb)] = &[
    ("run", run::run),
    ("exec", exec::run),
    ("ps", instances::ps),
    ("kill", instances::kill),
    ("stop", instances::stop),
    ("list", list::run),
    ("info", info::run),
    ("permissions", permissions::run),
    ("override", overrides::run),
    ("explain", explain::run),
    ("spec", spec::run),
    ("bundle", bundle::run),
    ("generate", generate::run),
    ("update", update::run),
    ("stats", stats::run),
    ("top", top::run),
    ("events", events::run),
    ("metrics", metrics::run),
    ("apparmor", apparmor::run),
    ("policy", policy::run),
    ("doctor", doctor::run),
    ("gen", gen_docs::run),
];

/// Runs the verb that the arguments name.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    // what the waiter hands back for the slow way of ending; not a verb, so it is in no help
    if arguments
        .get(1)
        .is_some_and(|first| first == flatrack_launch::FINISH)
    {
        return finish(&arguments[2..]);
    }
    let matches = match cli::command_for(arguments).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let Some((name, matches)) = matches.subcommand() else {
        return ExitCode::from(report::REFUSED);
    };
    match VERBS.iter().find(|(verb, _)| *verb == name) {
        Some((_, verb)) => verb(matches),
        None => report::fail("this verb is not built", None),
    }
}

fn finish(arguments: &[OsString]) -> ExitCode {
    match flatrack_launch::finish(arguments) {
        Ok(outcome) => run::outcome(&outcome),
        Err(error) => report::error(&error),
    }
}

/// Help goes to standard output; anything else is a refusal like every other.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => print::text(&text),
        _ => {
            for line in text.lines() {
                report::note(&flatrack_perms::Untrusted(line).to_string());
            }
            ExitCode::from(report::REFUSED)
        }
    }
}
