//! `bench density`: many sleeping apps at once, and what watching over them costs.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use flatrack_testbed::{HELLO, Testbed};
use serde::Serialize;

use super::figures::table;
use super::process::Herd;
use crate::Result;

/// Options of `bench density`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many apps run at once
    #[arg(long, default_value_t = 100)]
    apps: usize,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    apps: usize,
    wall_ms: f64,
    /// proportional set size of all processes but the apps' own, per app
    resident_kib: f64,
    /// the same by process name
    by_process_kib: BTreeMap<String, f64>,
}

/// Measures one tool after the other and prints.
pub(crate) fn run(options: &Options) -> Result {
    if options.apps == 0 {
        return Err("no apps, nothing to measure\nhint: --apps=100".into());
    }
    let bed = super::testbed()?;
    let limits = super::limits();
    let flatrack = |bed: &Testbed| {
        let mut words = vec!["run"];
        words.extend(&limits);
        words.extend(["--command=sleep", HELLO, "900"]);
        bed.flatrack_command(words)
    };
    let flatpak = |bed: &Testbed| {
        bed.command(
            "flatpak",
            ["run", "--no-session-bus", "--command=sleep", HELLO, "900"],
        )
    };
    let rows = [
        measure("flatrack", options.apps, || flatrack(&bed))?,
        measure("flatpak", options.apps, || flatpak(&bed))?,
    ];
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print(&rows);
    }
    Ok(())
}

fn measure(name: &'static str, apps: usize, command: impl Fn() -> Command) -> Result<Row> {
    // alone, once: a first start makes directories that parallel ones would fight over
    let mut first = Herd::default();
    first.start(&mut command())?;
    first.wait_until_asleep(Duration::from_secs(20))?;
    drop(first);
    let mut herd = Herd::default();
    let begin = Instant::now();
    for _ in 0..apps {
        herd.start(&mut command())?;
    }
    herd.wait_until_asleep(
        Duration::from_secs(60) + Duration::from_millis(500) * u32::try_from(apps)?,
    )?;
    let wall_ms = begin.elapsed().as_secs_f64() * 1000.0;
    let share = |kib: u64| (kib as f64 / apps as f64 * 10.0).round() / 10.0;
    let resident = herd.resident();
    let total = share(resident.values().sum());
    let by_process_kib = resident
        .into_iter()
        .map(|(name, kib)| (name, share(kib)))
        .collect();
    Ok(Row {
        name,
        apps,
        wall_ms: wall_ms.round(),
        resident_kib: total,
        by_process_kib,
    })
}

fn print(rows: &[Row]) {
    println!(
        "{} sleeping apps at once; resident memory without the apps' own processes",
        rows[0].apps
    );
    let head = ["", "all run after ms", "KiB per app", ""];
    let mut cells = vec![head.map(str::to_owned).to_vec()];
    for row in rows {
        let parts = row
            .by_process_kib
            .iter()
            .map(|(name, kib)| format!("{name} {kib}"));
        let parts = parts.collect::<Vec<_>>().join(", ");
        cells.push(vec![
            row.name.into(),
            row.wall_ms.to_string(),
            row.resident_kib.to_string(),
            parts,
        ]);
    }
    print!("{}", table(&cells));
}
