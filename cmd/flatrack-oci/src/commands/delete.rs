//! `delete`.

use clap::Args;
use flatrack_engine::{ContainerId, Error, Status, Step};

use super::Context;
use crate::failure::{Failure, Result};
use crate::remove::remove;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Kill it first if it runs; one that does not exist is no error
    #[arg(short, long)]
    force: bool,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let (state, id) = (context.state()?, &arguments.id);
    let status = match flatrack_engine::info(&state, id) {
        // whoever was to make it was killed before it had begun
        Err(Error::NotFound(_)) if state.discard(id)? || arguments.force => return Ok(()),
        other => other?.status,
    };
    // As runc does: what has not been started has nothing to lose.
    let force = arguments.force || status == Status::Created;
    match remove(&state, id, force, context.log) {
        Err(Error::Status { id, status, .. }) => Err(Failure::new(format!(
            "cannot delete container `{id}` that is not stopped: {status}"
        ))
        .hint("`delete --force` kills it first")),
        // the container is gone all the same
        Err(Error::Setup(failure)) if failure.step == Step::Hook => {
            context.log.warn(&failure.to_string());
            Ok(())
        }
        other => other.map_err(Into::into),
    }
}
