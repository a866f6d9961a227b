//! `run`: create, start, and unless detached wait and delete.

use clap::Args;
use flatrack_engine::terminal::{Proxy, wait_passing_on};
use flatrack_engine::{ContainerId, Running, StateDir};
use flatrack_sys::signal::{self, Set};

use super::Context;
use super::make::{self, Attachment};
use crate::failure::{Doing, Result};
use crate::remove::remove;
use crate::signal::PASSED_ON;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Do not wait for the container's end
    #[arg(short, long)]
    detach: bool,
    /// Leave the container's state behind when it has ended
    #[arg(long)]
    keep: bool,
    /// Accepted as runc does: orphans of the container are not taken care of here either way
    #[arg(long, hide = true)]
    no_subreaper: bool,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
    #[command(flatten)]
    make: make::Making,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<u8> {
    let attachment = match arguments.detach {
        true => Attachment::Detached,
        false => Attachment::Foreground,
    };
    follow(context, arguments, attachment).map_err(|failure| failure.during("run failed"))
}

fn follow(context: &Context<'_>, arguments: &Arguments, attachment: Attachment) -> Result<u8> {
    let id = &arguments.id;
    if attachment == Attachment::Foreground {
        // before there is a container, so that none is left by a signal that comes between
        signal::block(&Set::of(PASSED_ON)).doing("block signals")?;
    }
    let (state, running) = make::make(context, id, &arguments.make, attachment)?;
    if let Err(error) = flatrack_engine::start(&state, id) {
        drop(remove(&state, id, true, context.log));
        return Err(error.into());
    }
    match attachment {
        Attachment::Detached => Ok(0),
        Attachment::Foreground => wait(context, &state, arguments, running),
    }
}

fn wait(
    context: &Context<'_>,
    state: &StateDir,
    arguments: &Arguments,
    running: Running,
) -> Result<u8> {
    let exit = match running.terminal {
        Some(master) => Proxy::new(master).run(&running.pidfd, PASSED_ON),
        None => wait_passing_on(&running.pidfd, PASSED_ON),
    };
    let exit = exit.doing("wait for the container")?;
    if !arguments.keep {
        remove(state, &arguments.id, true, context.log)?;
    }
    Ok(exit.code())
}
