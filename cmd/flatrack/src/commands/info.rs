//! `flatrack info`.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::ExtensionRow;
use flatrack_perms::Untrusted;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let info = match flatrack_launch::info(&request) {
        Ok(info) => info,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&info);
    }
    let rows = [
        ("id", &info.id),
        ("kind", &info.kind),
        ("arch", &info.arch),
        ("branch", &info.branch),
        ("commit", &info.commit),
        ("installation", &info.installation),
        ("runtime", &info.runtime),
        ("command", &info.command),
        ("location", &info.location),
    ];
    let lines = rows.iter().filter(|(_, value)| !value.is_empty());
    let text: String = lines
        .map(|(name, value)| format!("{name:>12}: {}\n", Untrusted(value)))
        .collect();
    print::text(&(text + &extensions(&info.extensions)))
}

/// A table below other text; nothing where there is no extension point.
pub(super) fn extensions(rows: &[ExtensionRow]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let cells = |row: &ExtensionRow| {
        let shown = match (&row.mounted_at, &row.not_mounted) {
            (Some(at), _) => at.clone(),
            (None, why) => format!("not mounted: {}", why.as_deref().unwrap_or("unknown")),
        };
        vec![row.extension.clone(), row.installation.clone(), shown]
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    let table = print::table(&["extension", "installation", "mounted at"], &rows);
    format!("\n{table}")
}
