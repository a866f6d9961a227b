//! `create`.

use clap::Args;
use flatrack_engine::ContainerId;

use super::Context;
use super::make::{self, Attachment};
use crate::failure::Result;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The container's name
    #[arg(value_name = "ID")]
    pub(crate) id: ContainerId,
    #[command(flatten)]
    pub(crate) make: make::Making,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    make::make(
        context,
        &arguments.id,
        &arguments.make,
        Attachment::Detached,
    )
    .map(drop)
    .map_err(|failure| failure.during("create failed"))
}
