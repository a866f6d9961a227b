//! `exec`: a further program in a container, under everything that the first one is under.

use std::path::{Path, PathBuf};

use clap::Args;
use flatrack_engine::oci::{Capabilities, Capability, LinuxCapabilities, Process, Spec};
use flatrack_engine::terminal::{Proxy, wait_passing_on};
use flatrack_engine::{ContainerId, Descriptors, ExecOptions, Executed, StateDir, Status};
use flatrack_launch::pod;
use flatrack_sys::signal::{self, Set};

use serde_json::{Value, json};

use super::Context;
use super::make::{self, Attachment};
use crate::failure::{Doing, Failure, Result};
use crate::handed::Handed;
use crate::signal::PASSED_ON;
use crate::user::User;
use crate::{capabilities, environment, pid_file};

/// As runc has it: the program's own codes are below.
const FAILED: u8 = 255;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Socket that the terminal's master side is sent to
    #[arg(long, value_name = "SOCKET")]
    console_socket: Option<PathBuf>,
    /// Directory to start in
    #[arg(long, value_name = "DIR")]
    cwd: Option<PathBuf>,
    /// A variable
    #[arg(short, long, value_name = "NAME=VALUE")]
    env: Vec<String>,
    /// With a terminal
    #[arg(short, long)]
    pub(crate) tty: bool,
    /// Numbers of the user and the group
    #[arg(short, long, value_name = "UID[:GID]")]
    user: Option<User>,
    /// A further group's number
    #[arg(short = 'g', long = "additional-gids", value_name = "GID")]
    additional_gids: Vec<u32>,
    /// File with a whole `process` of the OCI document
    #[arg(short, long, value_name = "FILE")]
    process: Option<PathBuf>,
    /// Do not wait for the program's end
    #[arg(short, long)]
    detach: bool,
    /// File for the process's number
    #[arg(long, value_name = "FILE")]
    pid_file: Option<PathBuf>,
    /// Not supported: a label of SELinux
    #[arg(long, value_name = "LABEL")]
    process_label: Option<String>,
    /// Profile of AppArmor instead of the container's
    #[arg(long, value_name = "PROFILE")]
    apparmor: Option<String>,
    /// Without the possibility of gaining rights, where the container has it
    #[arg(long)]
    no_new_privs: bool,
    /// A capability in addition to the container's
    #[arg(short, long, value_name = "CAP")]
    cap: Vec<String>,
    /// Hand on this many descriptors besides the standard streams, from number 3 on
    #[arg(long, value_name = "N", default_value_t = 0)]
    preserve_fds: u32,
    /// Not supported: a cgroup below the container's
    #[arg(long, value_name = "PATH")]
    cgroup: Option<String>,
    /// Wait for a paused container to run again instead of refusing
    #[arg(long)]
    ignore_paused: bool,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
    /// The program and its arguments
    #[arg(
        value_name = "COMMAND",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub(crate) command: Vec<String>,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<u8> {
    follow(context, arguments).map_err(|failure| failure.during("exec failed").with_code(FAILED))
}

fn follow(context: &Context<'_>, arguments: &Arguments) -> Result<u8> {
    // first of all, before anything is opened under one of their numbers
    let handed = Handed::find(arguments.preserve_fds)?;
    let state = context.state()?;
    may_run(&state, arguments)?;
    let spec = state.spec(&arguments.id)?;
    let mut process = process(arguments, &spec)?;
    if pod::is_app(&spec) {
        process = pod::further(&spec, &process)?;
    }
    process.set_env(Some(environment::with(
        process.env().as_deref().unwrap_or_default(),
        &handed.variables,
    )));
    let attachment = match arguments.detach {
        true => Attachment::Detached,
        false => Attachment::Foreground,
    };
    let terminal = process.terminal() == Some(true);
    let socket = arguments.console_socket.as_deref();
    let attachment_of_terminal = match socket {
        // engines that wait for the command take the terminal all the same
        Some(_) => Attachment::Detached,
        None => attachment,
    };
    let console = make::socket(terminal, socket, attachment_of_terminal)?;
    if attachment == Attachment::Foreground {
        signal::block(&Set::of(PASSED_ON)).doing("block signals")?;
    }
    let mut executed = flatrack_engine::exec(
        &state,
        &arguments.id,
        ExecOptions {
            descriptors: Descriptors {
                inherited: handed.numbers,
                ..Descriptors::default()
            },
            new_session: true,
            find_home: true,
            even_if_paused: arguments.ignore_paused,
            ..ExecOptions::new(process)
        },
    )?;
    let told = match (console, executed.terminal.take_if(|_| socket.is_some())) {
        (Some(console), Some(master)) => console.send(&master),
        _ => Ok(()),
    };
    let told = told.and_then(|()| match &arguments.pid_file {
        Some(path) => pid_file::write(path, executed.pid),
        None => Ok(()),
    });
    if let Err(failure) = told {
        const SIGKILL: i32 = 9;
        drop(flatrack_sys::process::pidfd_send_signal(
            &executed.pidfd,
            SIGKILL,
        ));
        return Err(failure);
    }
    match attachment {
        Attachment::Detached => Ok(0),
        Attachment::Foreground => wait(executed),
    }
}

fn wait(executed: Executed) -> Result<u8> {
    let exit = match executed.terminal {
        Some(master) => Proxy::new(master).run(&executed.pidfd, PASSED_ON),
        None => wait_passing_on(&executed.pidfd, PASSED_ON),
    };
    Ok(exit.doing("wait for the program")?.code())
}

fn may_run(state: &StateDir, arguments: &Arguments) -> Result<()> {
    if let Some(label) = arguments
        .process_label
        .as_deref()
        .filter(|label| !label.is_empty())
    {
        return Err(Failure::new(format!(
            "the label `{label}` cannot be given: SELinux is not supported"
        )));
    }
    if arguments.cgroup.is_some() {
        return Err(Failure::new("`--cgroup` is not supported")
            .hint("the program is in the container's own cgroup"));
    }
    match flatrack_engine::info(state, &arguments.id)?.status {
        Status::Stopped | Status::Creating => Err(Failure::new("container not running")),
        Status::Paused if !arguments.ignore_paused => {
            Err(Failure::new("cannot exec in a paused container")
                .hint("`resume` it, or `--ignore-paused`"))
        }
        Status::Paused | Status::Created | Status::Running => Ok(()),
    }
}

/// What is to be executed: a whole process, or the container's own with other arguments.
fn process(arguments: &Arguments, spec: &Spec) -> Result<Process> {
    if let Some(path) = &arguments.process {
        let mut process = read(path)?;
        if arguments.tty {
            process.set_terminal(Some(true));
        }
        return Ok(process);
    }
    let Some(mut process) = spec.process().clone() else {
        return Err(Failure::new("the container's document has no process"));
    };
    if arguments.command.is_empty() {
        return Err(Failure::new("there is no program to run")
            .hint("`exec ID COMMAND`, or `--process FILE`"));
    }
    process.set_args(Some(arguments.command.clone()));
    process.set_terminal(Some(arguments.tty));
    process.set_console_size(None);
    if let Some(cwd) = &arguments.cwd {
        process.set_cwd(cwd.clone());
    }
    if let Some(user) = arguments.user {
        process.user_mut().set_uid(user.uid);
        if let Some(gid) = user.gid {
            process.user_mut().set_gid(gid);
        }
    }
    if !arguments.additional_gids.is_empty() {
        let mut groups = process.user().additional_gids().clone().unwrap_or_default();
        groups.extend(&arguments.additional_gids);
        process.user_mut().set_additional_gids(Some(groups));
    }
    process.set_env(Some(environment::with(
        process.env().as_deref().unwrap_or_default(),
        &arguments.env,
    )));
    if let Some(profile) = &arguments.apparmor {
        process.set_apparmor_profile(Some(profile.clone()));
    }
    if arguments.no_new_privs {
        process.set_no_new_privileges(Some(true));
    }
    add_capabilities(&mut process, &arguments.cap)?;
    Ok(process)
}

fn read(path: &Path) -> Result<Process> {
    let bytes = std::fs::read(path).at("read", path)?;
    let mut document: Value = serde_json::from_slice(&bytes).at("understand", path)?;
    // whoever is not named is root, as with runc
    capabilities::leave_out_unknown(&mut document);
    if let Some(fields) = document.as_object_mut() {
        fields
            .entry("user")
            .or_insert_with(|| json!({"uid": 0, "gid": 0}));
    }
    serde_json::from_value(document).at("understand", path)
}

/// Puts capabilities into the sets that count for a program of root's; no set is handed on to programs without it.
fn add_capabilities(process: &mut Process, names: &[String]) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let wanted: Capabilities = names
        .iter()
        .filter(|name| capabilities::is_known(name))
        .map(|name| capability(name))
        .collect::<Result<_>>()?;
    let mut sets = process.capabilities().clone().unwrap_or_else(none);
    let with =
        |set: &Option<Capabilities>| Some(set.iter().flatten().chain(&wanted).copied().collect());
    sets.set_bounding(with(sets.bounding()));
    sets.set_effective(with(sets.effective()));
    sets.set_permitted(with(sets.permitted()));
    process.set_capabilities(Some(sets));
    Ok(())
}

/// Not the type's default, which has three capabilities in it.
fn none() -> LinuxCapabilities {
    let mut sets = LinuxCapabilities::default();
    sets.set_bounding(None)
        .set_effective(None)
        .set_permitted(None)
        .set_inheritable(None)
        .set_ambient(None);
    sets
}

fn capability(name: &str) -> Result<Capability> {
    serde_json::from_value(name.to_ascii_uppercase().into())
        .map_err(|_| Failure::new(format!("`{}` is no capability", name.escape_default())))
}
