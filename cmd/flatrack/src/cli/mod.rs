//! The command line, defined once: parser, help, man pages and completions read it.

mod grants;
mod run_options;

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command, value_parser};

pub(crate) use grants::collect;
pub(crate) use run_options::read as run_options;

/// The whole command line.
pub(crate) fn command() -> Command {
    top().subcommands(VERBS.iter().map(|(_, verb)| verb()))
}

/// As much of it as these arguments need: every start pays for what is built here.
pub(crate) fn command_for(arguments: &[OsString]) -> Command {
    let named = arguments
        .get(1)
        .and_then(|word| VERBS.iter().find(|(name, _)| word == name));
    match named {
        Some((_, verb)) => top().subcommand(verb()),
        None => command(),
    }
}

fn top() -> Command {
    Command::new("flatrack")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Run Flatpak apps as OCI containers, with limits in force")
        .after_help(
            "Exit codes: the app's own; 128+N when signal N ended it; 125 flatrack refused or failed; \
             126 the command cannot be executed; 127 the command was not found.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

/// A verb's name and how its part of the command line is made.
type Verb = (&'static str, fn() -> Command);

/// Every verb, in the order of the help.
const VERBS: &[Verb] = &[
    ("run", || {
        target(Command::new("run").about("Run an app"))
            .args(run_options::args())
            .arg(switch("tty", "Give the app a terminal of its own").short('t'))
    }),
    ("exec", || {
        Command::new("exec")
            .about("Run a command in a running app, under the same sandbox")
            .arg(instance())
            .arg(switch("tty", "Give the command a terminal of its own").short('t'))
            .arg(value("cwd", "DIR", "Directory to start in"))
            .arg(value("env", "VAR=VALUE", "Set a variable").action(ArgAction::Append))
            .arg(rest("COMMAND", "Command and its arguments").required(true))
    }),
    ("ps", || {
        json(Command::new("ps").about("List running apps")).arg(switch(
            "gc",
            "Remove what ended instances left behind first",
        ))
    }),
    ("kill", || {
        Command::new("kill")
            .about("End a running app at once, or send it a signal")
            .arg(instance())
            .arg(
                value("signal", "SIGNAL", "Signal to send")
                    .short('s')
                    .default_value("KILL"),
            )
    }),
    ("stop", || {
        Command::new("stop")
            .about("Ask a running app to end, then end it")
            .arg(instance())
            .arg(
                value("timeout", "SECONDS", "How long to wait")
                    .default_value("10")
                    .value_parser(value_parser!(u64).range(0..=3600)),
            )
    }),
    ("list", || {
        json(scope(
            Command::new("list").about("List installed apps and runtimes"),
        ))
        .arg(switch("app", "Apps only").conflicts_with("only-runtimes"))
        .arg(switch("only-runtimes", "Runtimes only"))
    }),
    ("info", || {
        json(target(
            Command::new("info").about("Show what an app is and where it comes from"),
        ))
    }),
    ("permissions", || {
        json(target(
            Command::new("permissions").about("Show what an app may do"),
        ))
    }),
    ("override", || {
        json(Command::new("override").about("Change what an app may do from now on"))
            .after_help("What is said here is kept in flatrack's own configuration and goes beyond what Flatpak's overrides say.")
            .arg(switch("user", "For the caller only").conflicts_with("system"))
            .arg(switch("system", "For all users, which is the default"))
            .arg(switch("show", "Print what is said"))
            .arg(switch("reset", "Take back everything said so far"))
            .args(grants::args())
            .arg(Arg::new("APP").help("The app; all apps if none is named"))
    }),
    ("explain", || {
        let about = "Show who granted each permission and what enforces it";
        json(target(Command::new("explain").about(about)))
    }),
    ("spec", || {
        target(Command::new("spec").about("Print the OCI document that a run would use"))
            .args(run_options::args())
    }),
    ("bundle", || {
        Command::new("bundle")
            .about("Write a bundle that runs under any OCI runtime")
            .args(target_args())
            .args(grants::args())
            .arg(
                Arg::new("TARGET")
                    .help("App id, ref, build directory or manifest")
                    .required(true),
            )
            .arg(Arg::new("DIR").help("Directory to write").required(true))
            .arg(rest("ARGS", "Arguments of the app"))
    }),
    ("generate", || {
        let kinds = flatrack_launch::generate::Kind::TABLE.map(|(name, _)| name);
        let verb = Command::new("generate")
            .about("Write what another program needs to start an app")
            .after_help(
                "`kube` is a Pod and `quadlet` a container unit of Podman's, both for the app's OCI image (`flatpak build-bundle --oci`); \
                 `systemd` is a service that runs the app without an engine. Limits are those of the app, or of the options here.",
            )
            .arg(Arg::new("KIND").help("What to write").required(true).value_parser(kinds));
        target(verb).arg(value(
            "image",
            "IMAGE",
            "The image's name [default: localhost/ID:BRANCH, in small letters]",
        ))
    }),
    ("update", || {
        Command::new("update")
            .about("Change the limits of a running app")
            .arg(instance())
            .args(grants::limit_args())
    }),
    ("stats", || {
        json(Command::new("stats").about("Show what running apps use"))
            .arg(instance().required(false))
    }),
    ("top", || {
        let about = "Watch what running apps use, alive, with small graphs";
        json(Command::new("top").about(about))
            .arg(switch("once", "Print one table and end"))
            .arg(
                value("interval", "MS", "Time between two looks, in milliseconds")
                    .default_value("1000")
                    .value_parser(value_parser!(u64).range(100..=3_600_000)),
            )
            .arg(
                value("sort", "COLUMN", "What the apps are ordered by")
                    .default_value("cpu")
                    .value_parser(["cpu", "memory", "name"]),
            )
    }),
    ("events", || {
        let about =
            "Follow what happens to apps: start, end, limits reached, kills for memory, pressure";
        json(Command::new("events").about(about))
            .after_help(
                "With `--json`, one object a line: `time`, `instance`, `app` and `event`, which is `started` (with `limits`), \
                 `oom` (`kills`, `limit` and `peak` in bytes), `limit` (`limit`, and `times` since the last look), `pressure` \
                 (`resource`, and `percent` of the time since the last look) or `ended` (`code`, unless who waited for the app was killed too).",
            )
            .arg(Arg::new("INSTANCE").help(
                "App id, or an instance's number, which is followed to its end; every app if absent",
            ))
            .arg(
                value("interval", "MS", "Time between two looks at limits and pressure, in milliseconds")
                    .default_value("1000")
                    .value_parser(value_parser!(u64).range(100..=3_600_000)),
            )
            .arg(
                value("pressure", "PERCENT", "Tell of pressure from this share of the time on")
                    .default_value("20")
                    .value_parser(value_parser!(u8).range(1..=100)),
            )
    }),
    ("metrics", || {
        Command::new("metrics")
            .about("Print what running apps use as OpenMetrics text, for Prometheus")
            .arg(value(
                "listen",
                "unix:PATH",
                "Serve it by HTTP at a socket instead, at /metrics",
            ))
    }),
    ("apparmor", || {
        let id = || Arg::new("ID").help("App id").required(true);
        let show = "Show the profile that is generated for an app";
        let load = "Load it, so that ordinary users' instances run under it";
        let from = "Read this log, or with `-` standard input, instead of the kernel's";
        Command::new("apparmor")
            .about("Look at AppArmor profiles, load and remove them")
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .subcommand(json(target(Command::new("show").about(show))))
            .subcommand(target(Command::new("load").about(load)))
            .subcommand(
                Command::new("unload")
                    .about("Remove the profiles of an app from the kernel")
                    .arg(id()),
            )
            .subcommand(
                json(Command::new("status").about("List generated profiles in the kernel"))
                    .arg(switch("all", "List those of others as well")),
            )
            .subcommand(
                json(Command::new("denials").about(
                    "List what an app's profile denied, and the permission that would allow it",
                ))
                .arg(id())
                .arg(value("from", "FILE", from)),
            )
    }),
    ("policy", policy),
    ("doctor", || {
        json(Command::new("doctor").about("Show what this machine can enforce"))
    }),
    ("gen", || {
        Command::new("gen")
            .about("Write man pages, completions and the reference")
            .hide(true)
            .arg(Arg::new("DIR").required(true))
    }),
];

fn policy() -> Command {
    let tried =
        "Try this file, as if it were in /etc/flatrack/policy.d; may be given several times";
    Command::new("policy")
        .about("Look at the node's policy, and try a change of it before it is deployed")
        .after_help("Exit codes: 0; 125 for a file that is wrong, or an app that would be refused.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(
            json(Command::new("check").about("Check policy files, alone and together")).arg(
                Arg::new("FILE")
                    .help("The files; those of this machine if none is named")
                    .value_parser(value_parser!(std::path::PathBuf))
                    .action(ArgAction::Append),
            ),
        )
        .subcommand(
            json(Command::new("show").about("Show what the files of this machine say")).arg(
                Arg::new("ID").help("Show what they together leave this app, installed or not"),
            ),
        )
        .subcommand(
            json(Command::new("test").about("Show what policy files change for installed apps"))
                .args(target_args())
                .args(grants::args())
                .arg(
                    value("file", "FILE", tried)
                        .value_parser(value_parser!(std::path::PathBuf))
                        .action(ArgAction::Append),
                )
                .arg(Arg::new("TARGET").help(
                    "App id, ref, build directory or manifest; every installed app if none is named",
                )),
        )
}

/// A verb that is about one app, named as `run` names it.
fn target(verb: Command) -> Command {
    verb.args(target_args()).args(grants::args()).arg(
        rest(
            "TARGET",
            "App id, ref, build directory or manifest, then the app's own arguments",
        )
        .value_names(["TARGET", "ARGS"])
        .required(true),
    )
}

fn target_args() -> Vec<Arg> {
    vec![
        switch("user", "Look in the user's installation only")
            .conflicts_with_all(["system", "installation"]),
        switch("system", "Look in the system's installation only").conflicts_with("installation"),
        value("installation", "NAME", "Look in this installation only"),
        value(
            "command",
            "COMMAND",
            "Run this instead of the app's own command",
        ),
        value("cwd", "DIR", "Directory to start in"),
        value("arch", "ARCH", "Run this arch"),
        value("branch", "BRANCH", "Run this branch"),
        value(
            "commit",
            "COMMIT",
            "Run this commit, which must be deployed",
        ),
        switch("devel", "Run with the SDK, and allow debugging").short('d'),
        value(
            "runtime",
            "RUNTIME",
            "Run with this runtime, ID[/ARCH[/BRANCH]]",
        ),
        value(
            "runtime-version",
            "BRANCH",
            "Run with this branch of the runtime",
        ),
        value(
            "runtime-commit",
            "COMMIT",
            "Run with this commit of the runtime",
        ),
        switch(
            "session-bus",
            "Give the app a filtered session bus, the default",
        )
        .overrides_with("no-session-bus"),
        switch("no-session-bus", "Give the app no filtered session bus"),
        switch(
            "a11y-bus",
            "Give the app a filtered accessibility bus, the default",
        )
        .overrides_with("no-a11y-bus"),
        switch("no-a11y-bus", "Give the app no accessibility bus"),
        switch(
            "no-documents-portal",
            "Do not show the files of the document portal",
        ),
        switch(
            "log-session-bus",
            "Write messages on the session bus to standard error",
        ),
        switch(
            "log-system-bus",
            "Write messages on the system bus to standard error",
        ),
        switch(
            "log-a11y-bus",
            "Write messages on the accessibility bus to standard error",
        ),
    ]
}

fn scope(verb: Command) -> Command {
    verb.args(target_args().into_iter().take(3))
}

fn json(verb: Command) -> Command {
    verb.arg(switch("json", "Print JSON"))
}

fn instance() -> Arg {
    Arg::new("INSTANCE")
        .help("Number of an instance, or an app id")
        .required(true)
}

fn rest(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .help(help)
        .num_args(0..)
        .trailing_var_arg(true)
        .action(ArgAction::Append)
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help)
        .action(ArgAction::SetTrue)
}

fn value(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }

    #[test]
    fn each_verb_stands_under_its_own_name() {
        assert!(
            super::VERBS
                .iter()
                .all(|(name, verb)| verb().get_name() == *name)
        );
    }

    #[test]
    fn options_after_the_target_belong_to_the_app() {
        let matches = super::command()
            .try_get_matches_from([
                "flatrack",
                "run",
                "--devel",
                "org.a.B",
                "--command=x",
                "-t",
                "--",
                "y",
            ])
            .unwrap();
        let (_, run) = matches.subcommand().unwrap();
        let rest: Vec<&String> = run.get_many("TARGET").unwrap().collect();
        assert_eq!(rest, ["org.a.B", "--command=x", "-t", "--", "y"]);
        assert!(run.get_one::<String>("command").is_none() && !run.get_flag("tty"));
    }
}
