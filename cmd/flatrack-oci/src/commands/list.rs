//! `list`.

use clap::{Args, ValueEnum};

use super::Context;
use crate::document::Document;
use crate::failure::Result;
use crate::output;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Form of the list
    #[arg(short, long, value_enum, default_value = "table")]
    format: Format,
    /// Names alone
    #[arg(short, long)]
    quiet: bool,
}

/// Forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let state = context.state()?;
    let found: Vec<Document> = flatrack_engine::list(&state)?
        .into_iter()
        .map(|info| Document::new(&state, info))
        .collect();
    if arguments.quiet {
        return output::text(
            &found
                .iter()
                .map(|one| format!("{}\n", one.id))
                .collect::<String>(),
        );
    }
    match arguments.format {
        Format::Json => output::json_line(&found),
        Format::Table => {
            let header = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"];
            let header = header.map(str::to_owned).to_vec();
            let rows = found.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    one.pid.to_string(),
                    one.status.to_string(),
                    one.bundle.display().to_string(),
                    one.created.clone(),
                    one.owner.clone(),
                ]
            });
            output::table(&std::iter::once(header).chain(rows).collect::<Vec<_>>())
        }
    }
}
