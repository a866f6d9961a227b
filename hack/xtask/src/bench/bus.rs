//! `bench bus`: what a call costs through the proxy, beside a call without one.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use flatrack_testbed::{Bus, Capability, Testbed};
use serde::Serialize;

use super::figures::table;
use crate::Result;

/// The service that answers.
const SERVICE: &str = "org.flatrack.bench.Echo";

/// Options of `bench bus`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How often each way is measured
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Calls in one measurement
    #[arg(long, default_value_t = 20_000)]
    calls: u32,
    /// Calls that wait for their reply at any moment
    #[arg(long, default_value_t = 32)]
    in_flight: u32,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    rounds: usize,
    calls: u32,
    in_flight: u32,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    us_per_call: f64,
    to_direct: f64,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result {
    Capability::Bus.probe()?;
    let bed = super::testbed()?;
    let mut bus = Bus::start(&bed, "bus");
    bus.echo(SERVICE);
    let ways = ways(&bed, &bus);
    let mut series = vec![Vec::new(); ways.len()];
    for _ in 0..options.rounds {
        for ((_, prefix), times) in ways.iter().zip(&mut series) {
            // the start of an app is no part of a call: one run with all calls, one with a single one
            let many = time(&bus, prefix, options, options.calls)?;
            let one = time(&bus, prefix, options, 1)?;
            times.push(many.saturating_sub(one));
        }
    }
    let per_call = |times: &mut Vec<Duration>| {
        times.sort();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        median.as_secs_f64() * 1e6 / f64::from(options.calls)
    };
    let figures: Vec<f64> = series.iter_mut().map(per_call).collect();
    let direct = figures.first().copied().unwrap_or(1.0);
    let round = |value: f64| (value * 100.0).round() / 100.0;
    let rows = ways.iter().zip(&figures).map(|((name, _), us)| Row {
        name,
        us_per_call: round(*us),
        to_direct: round(us / direct),
    });
    let report = Report {
        rounds: options.rounds,
        calls: options.calls,
        in_flight: options.in_flight,
        rows: rows.collect(),
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

/// The ways to the service, each with the words before the caller's own; the first is without any sandbox.
fn ways(bed: &Testbed, bus: &Bus<'_>) -> Vec<(&'static str, Vec<String>)> {
    let dir = bed.host_build_dir("org.flatrack.bench.Caller").write();
    let flatrack = |options: &[&str]| {
        let talk = format!("--talk-name={SERVICE}");
        let mut words = vec!["run", talk.as_str(), "--command=dbus-test-tool"];
        words.extend(options);
        let command = bus.flatrack_command(words);
        let mut words: Vec<String> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        words.push(Path::new(&dir).display().to_string());
        words
    };
    vec![
        ("direct", vec!["dbus-test-tool".to_owned()]),
        ("in the app, whole bus", flatrack(&["--socket=session-bus"])),
        ("in the app, through the proxy", flatrack(&[])),
    ]
}

fn time(bus: &Bus<'_>, prefix: &[String], options: &Options, calls: u32) -> Result<Duration> {
    let own = [
        "spam".to_owned(),
        "--session".to_owned(),
        format!("--dest={SERVICE}"),
        format!("--count={calls}"),
        format!("--queue={}", options.in_flight),
    ];
    let words = prefix.iter().chain(&own);
    let mut command: Command = bus.command("env", words);
    let begin = Instant::now();
    crate::tool::succeed(&mut command)?;
    Ok(begin.elapsed())
}

fn print(report: &Report) {
    println!(
        "a call with an empty reply: {} rounds of {} calls, {} in flight",
        report.rounds, report.calls, report.in_flight
    );
    let mut rows = vec![["", "µs per call", "to direct"].map(str::to_owned).to_vec()];
    rows.extend(report.rows.iter().map(|row| {
        vec![
            row.name.to_owned(),
            format!("{:.1}", row.us_per_call),
            format!("{:.2}", row.to_direct),
        ]
    }));
    print!("{}", table(&rows));
}
