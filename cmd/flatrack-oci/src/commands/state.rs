//! `state`.

use clap::Args;
use flatrack_engine::ContainerId;

use super::Context;
use crate::document::Document;
use crate::failure::Result;
use crate::output;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let state = context.state()?;
    let info = flatrack_engine::info(&state, &arguments.id)?;
    output::json(&Document::new(&state, info))
}
