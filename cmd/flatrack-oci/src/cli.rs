//! The command line: what is said before the verb, and the verbs.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::commands::{
    checkpoint, create, delete, events, exec, gen_docs, kill, list, pause, ps, run, spec, start,
    state, update,
};

/// Runs OCI bundles as containers
#[derive(Debug, Parser)]
#[command(
    name = "flatrack-oci",
    version = concat!(env!("CARGO_PKG_VERSION"), "\nspec: 1.2.0"),
    disable_help_subcommand = true,
    disable_version_flag = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What every verb knows.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Directory of the containers' state [default: /run/flatrack-oci, for ordinary users $XDG_RUNTIME_DIR/flatrack-oci]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) root: Option<PathBuf>,
    /// File that messages are added to, besides standard error
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) log: Option<PathBuf>,
    /// Form of that file's lines
    #[arg(
        long,
        value_name = "FORMAT",
        global = true,
        value_enum,
        default_value = "text"
    )]
    pub(crate) log_format: LogFormat,
    /// Log what is done too
    #[arg(long, global = true)]
    pub(crate) debug: bool,
    /// Have systemd make the cgroups: `linux.cgroupsPath` is `slice:prefix:name` then
    #[arg(long, global = true)]
    pub(crate) systemd_cgroup: bool,
    /// Who makes the cgroups, in crun's words
    #[arg(
        long,
        value_name = "WHO",
        global = true,
        value_enum,
        default_value = "cgroupfs"
    )]
    pub(crate) cgroup_manager: CgroupManager,
    /// Show the version
    #[arg(short, long, action = ArgAction::Version)]
    version: Option<bool>,
    /// Accepted as runc does; whether the user is an ordinary one is looked up
    #[arg(long, value_name = "auto|true|false")]
    pub(crate) rootless: Option<String>,
    /// Accepted as runc does; checkpoints are not supported
    #[arg(long, value_name = "PATH", hide = true)]
    pub(crate) criu: Option<PathBuf>,
}

/// Who makes the cgroups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CgroupManager {
    /// This program
    Cgroupfs,
    /// As with `--systemd-cgroup`
    Systemd,
}

impl Global {
    /// Whether systemd makes them.
    pub(crate) fn asks_systemd(&self) -> bool {
        self.systemd_cgroup || self.cgroup_manager == CgroupManager::Systemd
    }
}

/// Forms of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// `time="…" level=error msg="…"`
    Text,
    /// `{"level":"error","msg":"…","time":"…"}`
    Json,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a container that waits for its start
    Create(create::Arguments),
    /// Have a created container run its program
    Start(start::Arguments),
    /// Show a container's state
    State(state::Arguments),
    /// Send a signal to a container
    Kill(kill::Arguments),
    /// Remove a container
    Delete(delete::Arguments),
    /// Make a container and run its program
    Run(run::Arguments),
    /// Show all containers
    List(list::Arguments),
    /// Run a further program in a container
    Exec(exec::Arguments),
    /// Show a container's processes
    Ps(ps::Arguments),
    /// Freeze a container
    Pause(pause::Arguments),
    /// Let a frozen container run again
    Resume(pause::Arguments),
    /// Change a container's limits while it runs
    Update(update::Arguments),
    /// Show what a container uses, as it goes on
    Events(events::Arguments),
    /// Write a document to begin with
    Spec(spec::Arguments),
    /// Show what this runtime can do
    Features,
    /// Write man pages and completions
    #[command(hide = true)]
    Gen(gen_docs::Arguments),
    /// Not supported
    #[command(hide = true)]
    Checkpoint(checkpoint::Arguments),
    /// Not supported
    #[command(hide = true)]
    Restore(checkpoint::Arguments),
}

/// The name of the verb, and the command line.
pub(crate) fn parse() -> Result<(String, Cli), clap::Error> {
    let matches = Cli::command().try_get_matches()?;
    let verb = matches.subcommand_name().unwrap_or_default().to_owned();
    Ok((verb, Cli::from_arg_matches(&matches)?))
}

impl Verb {
    /// Whether it may execute a program in a container.
    pub(crate) fn enters_containers(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Run(_) | Self::Exec(_))
    }
}

/// Says what is wrong with a command line, or the help or version that it asks for. Engines take 1 for a refusal, as runc gives it.
pub(crate) fn refuse(error: &clap::Error) -> ExitCode {
    // whoever asked may have closed the pipe
    drop(error.print());
    ExitCode::from(u8::from(error.use_stderr()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_before_or_after_the_id() {
        for line in [
            "flatrack-oci --root /r create --bundle /b --pid-file /p one",
            "flatrack-oci create one --bundle /b --pid-file /p --root /r",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(cli.global.root, Some("/r".into()));
            let Verb::Create(create) = cli.verb else {
                panic!("{line}");
            };
            assert_eq!(
                (create.id.as_str(), create.make.pid_file),
                ("one", Some("/p".into()))
            );
        }
    }

    #[test]
    fn what_follows_the_id_of_exec_is_the_programs_own() {
        let line = "flatrack-oci exec -e A=1 one ls --cwd -t";
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        let Verb::Exec(exec) = cli.verb else {
            panic!("{line}");
        };
        assert_eq!(exec.command, ["ls", "--cwd", "-t"]);
        assert!(!exec.tty);
    }
}
