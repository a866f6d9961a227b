//! `checkpoint` and `restore`, which this runtime does not have.

use clap::Args;

use crate::failure::{Failure, Result};

/// Whatever runc takes for them.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    any: Vec<String>,
}

pub(super) fn run() -> Result<()> {
    Err(Failure::new("checkpoint and restore are not supported")
        .hint("runc and crun have them, by CRIU"))
}
