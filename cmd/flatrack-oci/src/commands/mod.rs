//! The verbs, one file each: its arguments, and what it does.

pub(crate) mod checkpoint;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod events;
pub(crate) mod exec;
pub(crate) mod features;
pub(crate) mod gen_docs;
pub(crate) mod kill;
pub(crate) mod list;
mod make;
pub(crate) mod pause;
pub(crate) mod ps;
pub(crate) mod run;
pub(crate) mod spec;
pub(crate) mod start;
pub(crate) mod state;
pub(crate) mod update;

use std::path::PathBuf;

use flatrack_engine::StateDir;

use crate::cli::{Cli, Global, Verb};
use crate::failure::{Doing, Result};
use crate::log::Log;

/// What every verb is given besides its arguments.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) global: &'a Global,
    pub(crate) log: &'a Log,
}

impl Context<'_> {
    /// Where the containers' state is.
    pub(crate) fn state(&self) -> Result<StateDir> {
        let root = self.global.root.clone().unwrap_or_else(default_root);
        Ok(StateDir::open(root)?)
    }
}

fn default_root() -> PathBuf {
    let own = std::env::var_os("XDG_RUNTIME_DIR").filter(|dir| !dir.is_empty());
    match own {
        Some(dir) if !rustix::process::geteuid().is_root() => PathBuf::from(dir),
        _ => PathBuf::from("/run"),
    }
    .join("flatrack-oci")
}

/// Does what the command line says; the result is the exit code.
pub(crate) fn run(cli: &Cli, log: &Log) -> Result<u8> {
    let context = Context {
        global: &cli.global,
        log,
    };
    if cli.verb.enters_containers() {
        flatrack_engine::protect_own_program().doing("keep containers from this program's file")?;
    }
    match &cli.verb {
        Verb::Create(arguments) => create::run(&context, arguments),
        Verb::Start(arguments) => start::run(&context, arguments),
        Verb::State(arguments) => state::run(&context, arguments),
        Verb::Kill(arguments) => kill::run(&context, arguments),
        Verb::Delete(arguments) => delete::run(&context, arguments),
        Verb::Run(arguments) => return run::run(&context, arguments),
        Verb::List(arguments) => list::run(&context, arguments),
        Verb::Exec(arguments) => return exec::run(&context, arguments),
        Verb::Ps(arguments) => ps::run(&context, arguments),
        Verb::Pause(arguments) => pause::pause(&context, arguments),
        Verb::Resume(arguments) => pause::resume(&context, arguments),
        Verb::Update(arguments) => update::run(&context, arguments),
        Verb::Events(arguments) => events::run(&context, arguments),
        Verb::Spec(arguments) => spec::run(arguments),
        Verb::Features => features::run(),
        Verb::Gen(arguments) => gen_docs::run(arguments),
        Verb::Checkpoint(_) | Verb::Restore(_) => checkpoint::run(),
    }
    .map(|()| 0)
}
