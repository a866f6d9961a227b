//! `flatrack events`.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use clap::ArgMatches;
use flatrack_launch::{Event, Follow, Follower, Happening};

use crate::{print, report};

pub(super) fn run(matches: &ArgMatches) -> ExitCode {
    let interval = matches.get_one::<u64>("interval").copied().unwrap_or(1000);
    let follow = Follow {
        name: matches.get_one::<String>("INSTANCE").cloned(),
        interval: Duration::from_millis(interval),
        pressure: matches.get_one::<u8>("pressure").copied().unwrap_or(20),
    };
    let json = matches.get_flag("json");
    let follower = match Follower::new(follow) {
        Ok(follower) => follower,
        Err(error) => return report::error(&error),
    };
    for events in follower {
        let events = match events {
            Ok(events) => events,
            Err(error) => return report::error(&error),
        };
        for event in &events {
            match write(event, json) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return ExitCode::SUCCESS;
                }
                Err(error) => return report::fail(&format!("standard output: {error}"), None),
            }
        }
    }
    ExitCode::SUCCESS
}

/// A line, at once: somebody waits for it.
fn write(event: &Event, json: bool) -> io::Result<()> {
    let line = if json {
        serde_json::to_string(event)?
    } else {
        let time = humantime::format_rfc3339_seconds(event.time);
        let app = flatrack_perms::Untrusted(&event.app);
        format!("{time}  {app} ({})  {}", event.instance, text(&event.what))
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn text(what: &Happening) -> String {
    let bytes = |number: &Option<u64>| number.map_or("unknown".to_owned(), print::bytes);
    match what {
        Happening::Started { limits } if limits.is_empty() => "started, without limits".to_owned(),
        Happening::Started { limits } => format!("started, {}", limits.join(" ")),
        Happening::Oom { kills, limit, peak } => {
            let es = if *kills == 1 { "" } else { "es" };
            let (limit, peak) = (bytes(limit), bytes(peak));
            format!("killed for memory: {kills} process{es}; limit {limit}, most used {peak}")
        }
        Happening::Limit { limit, times } => format!("held back by {limit}, {times} times"),
        Happening::Pressure { resource, percent } => {
            format!("waited for {resource} in {percent}% of the time")
        }
        Happening::Ended { code: Some(code) } => format!("ended with {code}"),
        Happening::Ended { code: None } => "ended; nobody was left to see how".to_owned(),
    }
}
