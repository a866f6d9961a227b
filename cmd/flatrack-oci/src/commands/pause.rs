//! `pause` and `resume`.

use clap::Args;
use flatrack_engine::{ContainerId, Error};

use super::Context;
use crate::failure::{Failure, Result};

/// What they take.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
}

pub(super) fn pause(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    flatrack_engine::pause(&context.state()?, &arguments.id).map_err(|error| match error {
        Error::Status { .. } => Failure::new("container not running or created"),
        other => other.into(),
    })
}

pub(super) fn resume(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    flatrack_engine::resume(&context.state()?, &arguments.id).map_err(|error| match error {
        Error::Status { .. } => Failure::new("container not paused"),
        other => other.into(),
    })
}
