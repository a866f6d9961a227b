//! What `create` and `run` share: from a bundle to a container that waits for its start.

use std::path::PathBuf;

use clap::Args;
use flatrack_engine::cgroup::Reach;
use flatrack_engine::{Bundle, ContainerId, Descriptors, Options, Running, StateDir, oci};
use flatrack_launch::pod;

use super::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::handed::Handed;
use crate::remove::remove;
use crate::{bundle, environment, pid_file};

/// Options of both.
#[derive(Debug, Args)]
pub(crate) struct Making {
    /// The bundle's directory [default: the current one]
    #[arg(
        short,
        long,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    bundle: PathBuf,
    /// The document, if it is not the bundle's `config.json`
    #[arg(
        short = 'f',
        long,
        value_name = "FILE",
        default_value = "config.json",
        hide_default_value = true
    )]
    config: PathBuf,
    /// Socket that the terminal's master side is sent to
    #[arg(long, value_name = "SOCKET")]
    pub(crate) console_socket: Option<PathBuf>,
    /// File for the first process's number
    #[arg(long, value_name = "FILE")]
    pub(crate) pid_file: Option<PathBuf>,
    /// Not supported: without a change of the root the host's files stay within reach
    #[arg(long)]
    no_pivot: bool,
    /// Leave the container in the caller's session keyring
    #[arg(long)]
    no_new_keyring: bool,
    /// Hand on this many descriptors besides the standard streams, from number 3 on
    #[arg(long, value_name = "N", default_value_t = 0)]
    preserve_fds: u32,
}

/// How the caller stays with the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attachment {
    /// Not at all: it outlives the command.
    Detached,
    /// The command waits for its end.
    Foreground,
}

/// Makes the container, which then waits for its start.
pub(super) fn make(
    context: &Context<'_>,
    id: &ContainerId,
    arguments: &Making,
    attachment: Attachment,
) -> Result<(StateDir, Running)> {
    // first of all, before anything is opened under one of their numbers
    let handed = Handed::find(arguments.preserve_fds)?;
    if arguments.no_pivot {
        return Err(Failure::new("`--no-pivot` is not supported")
            .hint("put the root file system on a mount; without pivot_root the host's files stay within reach"));
    }
    let mut bundle = bundle::load(&arguments.bundle, &arguments.config, context.log)?;
    bundle::place(&mut bundle, id, context.global.asks_systemd())?;
    tell(&mut bundle, &handed);
    let console = console(arguments, &bundle, attachment)?;
    let state = context.state()?;
    let mut options = Options::new(id.clone(), state.clone());
    options.new_keyring = !arguments.no_new_keyring;
    options.new_session = true;
    options.find_home = true;
    options.reach = Reach::Everywhere;
    options.allow_not_enforced = !rustix::process::geteuid().is_root();
    options.descriptors = Descriptors {
        inherited: handed.numbers,
        ..Descriptors::default()
    };
    if flatrack_engine::info(&state, id).is_ok() {
        // before anything of the one that is there is touched
        return Err(flatrack_engine::Error::Exists(id.clone()).into());
    }
    if !pod::holds_app(&bundle) {
        pod::unmark(&mut bundle.spec);
    } else {
        let in_pod = pod::place(&mut bundle, id, &mut |note| context.log.warn(note))?;
        options.further_seccomp = in_pod.further_seccomp;
        options.enforce_profile = in_pod.enforce_profile;
    }
    let mut running = flatrack_engine::create(&bundle, options).inspect_err(|error| {
        // the engine has cleaned up after itself; of two at once the files are the other one's
        if !matches!(error, flatrack_engine::Error::Exists(_)) {
            drop(pod::forget(&bundle.dir, &bundle.spec, id));
        }
    })?;
    let handed_out = console
        .zip(
            running
                .terminal
                .take_if(|_| attachment == Attachment::Detached),
        )
        .map_or(Ok(()), |(console, master)| console.send(&master))
        .and_then(|()| match &arguments.pid_file {
            Some(path) => pid_file::write(path, running.pid),
            None => Ok(()),
        });
    if let Err(failure) = handed_out {
        // who cannot reach the container cannot remove it either
        drop(remove(&state, id, true, context.log));
        return Err(failure);
    }
    Ok((state, running))
}

fn tell(bundle: &mut Bundle, handed: &Handed) {
    if let Some(process) = bundle.spec.process_mut() {
        let own = process.env().as_deref().unwrap_or_default();
        let env = environment::with(own, &handed.variables);
        process.set_env(Some(env));
    }
}

/// The console socket, where one is needed, and only there.
fn console(arguments: &Making, bundle: &Bundle, attachment: Attachment) -> Result<Option<Console>> {
    let terminal = bundle.spec.process().as_ref().is_some_and(wants_terminal);
    socket(terminal, arguments.console_socket.as_deref(), attachment)
}

fn wants_terminal(process: &oci::Process) -> bool {
    process.terminal() == Some(true)
}

/// As above, for any process.
pub(super) fn socket(
    terminal: bool,
    path: Option<&std::path::Path>,
    attachment: Attachment,
) -> Result<Option<Console>> {
    match (terminal, path, attachment) {
        (true, None, Attachment::Detached) => Err(Failure::new(
            "a terminal is asked for, and there is no console socket to send it to",
        )
        .hint("`--console-socket`, or `\"terminal\": false` in the document")),
        (_, Some(_), Attachment::Foreground) | (false, Some(_), _) => Err(Failure::new(
            "there is no terminal to send to the console socket",
        )
        .hint("`--console-socket` goes with a terminal and a container that is detached")),
        (true, Some(path), Attachment::Detached) => Console::connect(path).map(Some),
        (_, None, _) => Ok(None),
    }
}
