//! A request from the arguments that `run`, `spec`, `info` and their kin share.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::{LogBuses, Request, Scope, ServiceOptions};
use flatrack_perms::{Arch, Branch, Commit, Untrusted, ValueError};

use crate::{cli, report};

/// Reads a verb's arguments; the target and the app's arguments are in `TARGET`.
pub(crate) fn read(matches: &ArgMatches) -> Result<Request, ExitCode> {
    let mut words = matches
        .get_many::<String>("TARGET")
        .into_iter()
        .flatten()
        .cloned();
    let target = words.next().unwrap_or_default();
    let mut request = with_target(matches, target)?;
    request.args = words.collect();
    Ok(request)
}

/// The same with what may be different for one run.
pub(crate) fn for_run(matches: &ArgMatches) -> Result<Request, ExitCode> {
    let mut request = read(matches)?;
    request.run = cli::run_options(matches)?;
    Ok(request)
}

/// Reads a verb's arguments for a target.
pub(crate) fn with_target(matches: &ArgMatches, target: String) -> Result<Request, ExitCode> {
    let text = |name: &str| matches.get_one::<String>(name);
    let grants = cli::collect(matches)?;
    let mut request = Request::new(target);
    request.scope = scope(matches);
    request.layer = grants.layer;
    request.options = grants.options;
    request.command = text("command").cloned();
    request.cwd = text("cwd").map(PathBuf::from);
    request.arch = word(matches, "arch", Arch::parse)?;
    request.branch = word(matches, "branch", Branch::parse)?;
    request.commit = word(matches, "commit", Commit::parse)?;
    request.devel = matches.get_flag("devel");
    request.runtime = text("runtime").cloned();
    request.runtime_version = word(matches, "runtime-version", Branch::parse)?;
    request.runtime_commit = word(matches, "runtime-commit", Commit::parse)?;
    request.services = ServiceOptions {
        session_bus: !matches.get_flag("no-session-bus"),
        a11y_bus: !matches.get_flag("no-a11y-bus"),
        documents: !matches.get_flag("no-documents-portal"),
        log: LogBuses {
            session: matches.get_flag("log-session-bus"),
            system: matches.get_flag("log-system-bus"),
            a11y: matches.get_flag("log-a11y-bus"),
        },
    };
    Ok(request)
}

/// Which installations to look in.
pub(crate) fn scope(matches: &ArgMatches) -> Scope {
    match (
        matches.get_flag("user"),
        matches.get_flag("system"),
        matches.get_one::<String>("installation"),
    ) {
        (true, ..) => Scope::User,
        (_, true, _) => Scope::System,
        (.., Some(name)) => Scope::Named(name.clone()),
        _ => Scope::All,
    }
}

fn word<T>(
    matches: &ArgMatches,
    name: &str,
    parse: fn(&str) -> Result<T, ValueError>,
) -> Result<Option<T>, ExitCode> {
    let Some(text) = matches.get_one::<String>(name) else {
        return Ok(None);
    };
    parse(text).map(Some).map_err(|error| {
        let message = format!("`--{name}={}`: {error}", Untrusted(text));
        report::fail(&message, error.hint.as_deref())
    })
}
