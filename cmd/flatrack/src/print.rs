//! Output: JSON, tables, and text that ends quietly when nobody reads it.

use std::io::{self, Write as _};
use std::process::ExitCode;

use flatrack_perms::Untrusted;
use serde::Serialize;

/// Writes text to standard output. A reader that went away is no error of ours.
pub(crate) fn text(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(crate::report::REFUSED),
        _ => ExitCode::SUCCESS,
    }
}

/// Writes a value as JSON.
pub(crate) fn json(value: &impl Serialize) -> ExitCode {
    match serde_json::to_string_pretty(value) {
        Ok(json) => text(&(json + "\n")),
        Err(error) => crate::report::fail(&error.to_string(), None),
    }
}

/// Columns as wide as their widest cell. Cells are foreign text and are escaped.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| Untrusted(cell).to_string()).collect())
        .collect();
    let width = |column: usize| {
        let cells = rows
            .iter()
            .map(|row| row.get(column).map_or(0, |cell| cell.chars().count()));
        cells.chain([header[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut out = String::new();
    let header: Vec<String> = header.iter().map(|cell| cell.to_uppercase()).collect();
    for row in std::iter::once(&header).chain(&rows) {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// A number of bytes as a person reads it.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")];
    match UNITS.iter().find(|(size, _)| number >= *size) {
        Some((size, unit)) => {
            let tenths = u128::from(number) * 10 / u128::from(*size);
            format!("{}.{}{unit}", tenths / 10, tenths % 10)
        }
        None => number.to_string(),
    }
}
