//! `bench calls`: what a system call costs where it passes a filter and Landlock, beside a place without and beside flatpak.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use flatrack_testbed::HELLO;
use serde::Serialize;

use super::bundle::{Exported, Layer};
use super::figures::table;
use crate::{Result, tool};

/// The program that calls; `probe/calls.rs`.
const PROBE: &str = env!("CALLS_PROBE");

/// The place that others are compared with.
const OUTSIDE: &str = "outside of any sandbox";

/// Options of `bench calls`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How often each place is measured
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Calls of each kind in one measurement
    #[arg(long, default_value_t = 200_000)]
    calls: u32,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

/// One kind of call in one place.
#[derive(Serialize)]
struct Row {
    call: String,
    place: &'static str,
    nanoseconds: f64,
    /// what the place adds to a call outside
    adds: f64,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result {
    let bed = super::testbed()?;
    let dir = bed.root().join("calls");
    fs::create_dir(&dir)?;
    let probe = dir.join("calls");
    fs::copy(PROBE, &probe)?;
    let probe = probe.display().to_string();
    // the same file under the same path everywhere: longer paths cost more
    let arguments = [probe.as_str(), &options.calls.to_string()].map(str::to_owned);
    let [command, shown] = [
        format!("--command={probe}"),
        format!("--filesystem={}:ro", dir.display()),
    ];
    let in_app = [command.as_str(), shown.as_str(), HELLO];
    let mut flatpak = bed.command("flatpak", ["run", "--no-session-bus"]);
    flatpak.args(in_app).args(&arguments);
    let mut flatrack = bed.flatrack_command(["run"]);
    flatrack.args(in_app).args(&arguments);
    let exported = Exported::new(&bed, "calls-bundle", &in_app)?;
    let without = |name: &str, layers: &[Layer]| -> Result<Command> {
        exported.without_and(&bed, name, layers, &arguments)
    };
    let mut outside = Command::new(&probe);
    outside.args(&arguments);
    let mut places = [
        (OUTSIDE, outside),
        ("flatpak run", flatpak),
        ("flatrack run", flatrack),
        (
            "flatrack, filter only",
            without("filter", &[Layer::Landlock])?,
        ),
        (
            "flatrack, Landlock only",
            without("landlock", &[Layer::Filter])?,
        ),
        (
            "flatrack, neither",
            without("neither", &[Layer::Filter, Layer::Landlock])?,
        ),
    ];
    let rows = measure(&mut places, options)?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print(options, &rows);
    }
    Ok(())
}

/// Round after round, each place once a round; medians.
fn measure(places: &mut [(&'static str, Command)], options: &Options) -> Result<Vec<Row>> {
    let mut series: BTreeMap<(String, usize), Vec<f64>> = BTreeMap::new();
    for _ in 0..options.rounds {
        for (number, (_, command)) in places.iter_mut().enumerate() {
            for line in tool::output(command)?.lines() {
                let (call, nanoseconds) = line.split_once(' ').ok_or("no figure")?;
                let key = (call.to_owned(), number);
                series.entry(key).or_default().push(nanoseconds.parse()?);
            }
        }
    }
    let medians: BTreeMap<_, f64> = series
        .into_iter()
        .filter_map(|(key, mut figures)| {
            figures.sort_by(f64::total_cmp);
            let median = figures.get(figures.len() / 2).copied()?;
            Some((key, median))
        })
        .collect();
    let rows = medians.iter().map(|((call, number), nanoseconds)| {
        let outside = medians.get(&(call.clone(), 0)).copied();
        Row {
            call: call.clone(),
            place: places[*number].0,
            nanoseconds: *nanoseconds,
            adds: ((nanoseconds - outside.unwrap_or_default()) * 10.0).round() / 10.0,
        }
    });
    Ok(rows.collect())
}

fn print(options: &Options, rows: &[Row]) {
    println!(
        "a system call: {} rounds of {} calls, in ns",
        options.rounds, options.calls
    );
    let head = ["", "place", "ns", "added"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        vec![
            row.call.clone(),
            row.place.to_owned(),
            format!("{:.1}", row.nanoseconds),
            format!("{:.1}", row.adds),
        ]
    }));
    print!("{}", table(&lines));
}
