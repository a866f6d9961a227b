//! `start`.

use clap::Args;
use flatrack_engine::{ContainerId, Error, Status};

use super::Context;
use crate::failure::{Failure, Result};

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    flatrack_engine::start(&context.state()?, &arguments.id).map_err(|error| match error {
        Error::Status {
            status: Status::Stopped,
            ..
        } => Failure::new("cannot start a container that has stopped"),
        Error::Status {
            status: Status::Running,
            ..
        } => Failure::new("cannot start an already running container"),
        other => other.into(),
    })
}
