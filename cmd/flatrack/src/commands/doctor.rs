//! `flatrack doctor`.

use std::process::ExitCode;

use clap::ArgMatches;
use flatrack_launch::Verdict;

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let report = match flatrack_launch::doctor() {
        Ok(report) => report,
        Err(error) => return report::error(&error),
    };
    if matches.get_flag("json") {
        return print::json(&report);
    }
    let rows: Vec<_> = report
        .checks
        .iter()
        .map(|check| {
            let (verdict, why) = match &check.verdict {
                Verdict::Enforced => ("enforced", String::new()),
                Verdict::Degraded { why } => ("degraded", why.clone()),
                Verdict::Refused { why } => ("refused", why.clone()),
            };
            vec![
                check.name.clone(),
                verdict.to_owned(),
                if why.is_empty() {
                    check.detail.clone()
                } else {
                    why
                },
            ]
        })
        .collect();
    print::text(&print::table(&["protection", "here", "detail"], &rows))
}
