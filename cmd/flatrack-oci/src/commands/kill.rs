//! `kill`.

use clap::Args;
use flatrack_engine::{ContainerId, Error};

use super::Context;
use crate::failure::{Failure, Result};
use crate::signal::Signal;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// To every process of the container, not to its first alone
    #[arg(short, long)]
    all: bool,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
    /// A name or a number
    #[arg(
        value_name = "SIGNAL",
        default_value = "SIGTERM",
        allow_hyphen_values = true
    )]
    signal: Signal,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let state = context.state()?;
    let send = match arguments.all {
        true => flatrack_engine::kill_all,
        false => flatrack_engine::kill,
    };
    send(&state, &arguments.id, arguments.signal.0).map_err(|error| match error {
        // containerd and CRI-O look for these words
        Error::Status { .. } => Failure::new("container not running"),
        other => other.into(),
    })
}
