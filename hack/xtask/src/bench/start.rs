//! `bench start`: start-up times, interleaved in one series so that a noisy minute hits all alike.

use std::time::Duration;

use flatrack_testbed::{Bus, Capability};
use serde::Serialize;

use super::figures::{Figures, table};
use super::peers::{self, CRUN, FLATPAK, Peer};
use crate::Result;

/// Options of `bench start`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How often each tool runs
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Pause before each run; back-to-back runs hide the worst stall of the kernel
    #[arg(long, default_value_t = 40)]
    gap_ms: u64,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    rounds: usize,
    gap_ms: u64,
    rows: Vec<Row>,
    skipped: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    note: String,
    #[serde(flatten)]
    figures: Figures,
    to_flatpak: Option<f64>,
    to_crun: Option<f64>,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result {
    let bed = super::testbed()?;
    let bus = Capability::Bus
        .probe()
        .is_ok()
        .then(|| Bus::start(&bed, "bus"));
    let (mut peers, skipped) = peers::all(&bed, bus.as_ref())?;
    let series = measure(&mut peers, options)?;
    let figures: Vec<_> = series.into_iter().filter_map(Figures::of).collect();
    let median = |name: &str| {
        let found = peers.iter().position(|peer| peer.name == name)?;
        figures.get(found).map(|figures| figures.median_ms)
    };
    let (flatpak, crun) = (median(FLATPAK), median(CRUN));
    let rows = peers.iter().zip(&figures).map(|(peer, figures)| {
        let to = |other: Option<f64>| {
            other.map(|other| (figures.median_ms / other * 100.0).round() / 100.0)
        };
        let (to_flatpak, to_crun) = (to(flatpak), to(crun));
        Row {
            name: peer.name,
            note: peer.note.clone(),
            figures: *figures,
            to_flatpak,
            to_crun,
        }
    });
    let report = Report {
        rounds: options.rounds,
        gap_ms: options.gap_ms,
        rows: rows.collect(),
        skipped,
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

/// One warm-up, then round after round, each tool once a round.
fn measure(peers: &mut [Peer], options: &Options) -> Result<Vec<Vec<Duration>>> {
    let gap = Duration::from_millis(options.gap_ms);
    for peer in &mut *peers {
        peer.lane.warm_up(&peer.job)?;
    }
    let mut series = vec![Vec::with_capacity(options.rounds); peers.len()];
    for _ in 0..options.rounds {
        for (peer, times) in peers.iter_mut().zip(&mut series) {
            std::thread::sleep(gap);
            times.push(peer.lane.time(&peer.job)?);
        }
    }
    Ok(series)
}

fn print(report: &Report) {
    println!(
        "start to end of /bin/true: {} rounds, {} ms gaps",
        report.rounds, report.gap_ms
    );
    let head = ["", "median ms", "p90 ms", "to flatpak", "to crun", ""];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let ratio =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    for row in &report.rows {
        let Figures { median_ms, p90_ms } = row.figures;
        let (median, p90) = (format!("{median_ms:.1}"), format!("{p90_ms:.1}"));
        let ratios = (ratio(row.to_flatpak), ratio(row.to_crun));
        rows.push(vec![
            row.name.to_owned(),
            median,
            p90,
            ratios.0,
            ratios.1,
            row.note.clone(),
        ]);
    }
    print!("{}", table(&rows));
    for line in &report.skipped {
        println!("{line}");
    }
}
