//! Options of one run that are no permissions.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use flatrack_launch::{RunOptions, Stand};

use super::{switch, value};
use crate::report;

/// What only the portal that starts an app for another app has a use for.
const PORTAL_ONLY: [&str; 3] = ["parent-pid", "parent-expose-pids", "parent-share-pids"];

pub(super) fn args() -> Vec<Arg> {
    let fd = |name, help| value(name, "FD", help).value_parser(value_parser!(i32).range(3..));
    vec![
        switch(
            "sandbox",
            "Give the app nothing of what its metadata and overrides grant",
        ),
        switch("clear-env", "Do not give the app the caller's environment"),
        fd(
            "env-fd",
            "Set the variables that are read here, VAR=VALUE with a NUL between",
        )
        .action(ArgAction::Append),
        switch(
            "file-forwarding",
            "Arguments between @@ and @@ are files for the app, between @@u and @@ URIs",
        ),
        value(
            "app-path",
            "DIR",
            "Use this instead of the app's files; nothing if empty",
        )
        .conflicts_with("app-fd"),
        fd("app-fd", "The same for an open directory"),
        value("usr-path", "DIR", "Use this instead of the runtime's files")
            .conflicts_with("usr-fd"),
        fd("usr-fd", "The same for an open directory"),
        fd("bind-fd", "Show an open file or directory at its own path").action(ArgAction::Append),
        fd("ro-bind-fd", "The same, not to be written to").action(ArgAction::Append),
        fd(
            "instance-id-fd",
            "Write the number of the instance here once it runs",
        ),
        switch(
            "die-with-parent",
            "End the app with the caller, as is always done",
        )
        .short('p'),
        switch("no-desktop", "Does nothing").hide(true),
        value("parent-pid", "PID", "Refused").hide(true),
        switch("parent-expose-pids", "Refused").hide(true),
        switch("parent-share-pids", "Refused").hide(true),
    ]
}

/// Reads them back.
pub(crate) fn read(matches: &ArgMatches) -> Result<RunOptions, ExitCode> {
    let typed = Some(clap::parser::ValueSource::CommandLine);
    if let Some(name) = PORTAL_ONLY
        .iter()
        .find(|name| matches.value_source(name) == typed)
    {
        return Err(report::fail(
            &format!(
                "`--{name}` is not supported: no app is started into the processes of another"
            ),
            Some("start it without; it gets processes of its own"),
        ));
    }
    Ok(RunOptions {
        sandbox: matches.get_flag("sandbox"),
        clear_env: matches.get_flag("clear-env"),
        file_forwarding: matches.get_flag("file-forwarding"),
        app: stand(matches, "app-path", "app-fd"),
        usr: stand(matches, "usr-path", "usr-fd"),
        binds: binds(matches),
        instance_id_fd: matches.get_one("instance-id-fd").copied(),
    })
}

fn stand(matches: &ArgMatches, path: &str, fd: &str) -> Option<Stand> {
    let open = matches.get_one(fd).map(|fd| Stand::Descriptor(*fd));
    open.or_else(|| {
        let path = matches.get_one::<String>(path)?;
        Some(match path.as_str() {
            "" => Stand::Empty,
            path => Stand::Path(PathBuf::from(path)),
        })
    })
}

/// In the order typed, whichever option it was.
fn binds(matches: &ArgMatches) -> Vec<(i32, bool)> {
    let mut typed = Vec::new();
    for (name, writable) in [("bind-fd", true), ("ro-bind-fd", false)] {
        let indices = matches.indices_of(name).into_iter().flatten();
        let fds = matches.get_many::<i32>(name).into_iter().flatten();
        typed.extend(indices.zip(fds).map(|(index, fd)| (index, (*fd, writable))));
    }
    typed.sort_by_key(|(index, _)| *index);
    typed.into_iter().map(|(_, bind)| bind).collect()
}
