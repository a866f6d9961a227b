//! What goes to standard output.

use std::io::{self, Write as _};

use serde::Serialize;

use crate::failure::{Doing, Result};

/// Writes text. A reader that went away is no error of ours.
pub(crate) fn text(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.doing("write to standard output"),
    }
}

/// Writes a value as JSON that people can read.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    text(&(serde_json::to_string_pretty(value).doing("write JSON")? + "\n"))
}

/// Writes a value as one line of JSON.
pub(crate) fn json_line(value: &impl Serialize) -> Result<()> {
    text(&(serde_json::to_string(value).doing("write JSON")? + "\n"))
}

/// Columns as wide as their widest cell. Cells are foreign text: control characters are escaped.
pub(crate) fn table(rows: &[Vec<String>]) -> Result<()> {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| plain(cell)).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row: &Vec<String>| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        let cells: Vec<String> = cells.collect();
        cells.join("   ").trim_end().to_owned() + "\n"
    };
    text(&rows.iter().map(line).collect::<String>())
}

fn plain(cell: &str) -> String {
    cell.chars()
        .flat_map(|letter| match letter.is_control() {
            true => letter.escape_default().collect(),
            false => vec![letter],
        })
        .collect()
}
