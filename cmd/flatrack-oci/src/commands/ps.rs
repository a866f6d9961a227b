//! `ps`.

use std::process::Command;

use clap::Args;
use flatrack_engine::ContainerId;

use super::Context;
use super::list::Format;
use crate::failure::{Doing, Failure, Result};
use crate::output;

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Form of the list
    #[arg(short, long, value_enum, default_value = "table")]
    format: Format,
    /// The container's name
    #[arg(value_name = "ID")]
    id: ContainerId,
    /// Options of ps(1) [default: -ef]
    #[arg(
        value_name = "OPTIONS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    options: Vec<String>,
}

pub(super) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<()> {
    let pids = flatrack_engine::cgroup_of(&context.state()?, &arguments.id)?
        .processes()
        .map_err(flatrack_engine::Error::from)?;
    if arguments.format == Format::Json {
        return output::json_line(&pids);
    }
    let mut command = Command::new("ps");
    match arguments.options.is_empty() {
        true => command.arg("-ef"),
        false => command.args(&arguments.options),
    };
    let done = command.output().doing("run ps")?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(Failure::new(format!("ps failed: {}", said.trim())));
    }
    output::text(&select(&String::from_utf8_lossy(&done.stdout), &pids)?)
}

/// The header and the lines of these processes.
fn select(table: &str, pids: &[i32]) -> Result<String> {
    let (header, rows) = table.split_once('\n').unwrap_or((table, ""));
    let column = header
        .split_whitespace()
        .position(|title| title == "PID")
        .ok_or_else(|| Failure::new("ps shows no column PID").hint("give it other options"))?;
    let ours = |row: &&str| {
        let cell = row.split_whitespace().nth(column);
        cell.and_then(|cell| cell.parse().ok())
            .is_some_and(|pid: i32| pids.contains(&pid))
    };
    let rows = rows.lines().filter(ours);
    Ok(std::iter::once(header)
        .chain(rows)
        .map(|line| format!("{line}\n"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::select;

    #[test]
    fn lines_are_chosen_by_the_column_of_numbers() {
        let table = "UID  PID CMD\nroot   1 a\nroot  12 b 1\n";
        assert_eq!(
            select(table, &[12]).unwrap(),
            "UID  PID CMD\nroot  12 b 1\n"
        );
        assert!(select("UID CMD\n", &[1]).is_err());
    }
}
