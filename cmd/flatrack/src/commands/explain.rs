//! `flatrack explain`: each permission, who granted it, what enforces it.

use std::process::ExitCode;

use clap::ArgMatches;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let request = match super::request::read(matches) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let explanation = match flatrack_launch::explain(&request) {
        Ok(explanation) => explanation,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&explanation);
    }
    let rows = |rows: &[flatrack_launch::Row]| -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| {
                vec![
                    row.what.clone(),
                    row.granted_by.clone(),
                    row.enforced_by.clone(),
                ]
            })
            .collect()
    };
    let granted = print::table(
        &["permission", "granted by", "enforced by"],
        &rows(&explanation.granted),
    );
    let always = print::table(
        &["withheld", "because", "enforced by"],
        &rows(&explanation.withheld),
    );
    let extensions = super::info::extensions(&explanation.extensions);
    explanation
        .ignored
        .iter()
        .for_each(|ignored| report::note(ignored.trim_end()));
    let apparmor = print::table(&["apparmor"], &[vec![explanation.apparmor.clone()]]);
    print::text(&format!("{granted}\n{apparmor}\n{always}{extensions}"))
}
