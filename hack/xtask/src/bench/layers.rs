//! `bench layers`: what each layer of protection adds to a start, by taking it out of one bundle.

use std::time::Duration;

use flatrack_testbed::{Capability, HELLO};
use serde::Serialize;

use super::bundle::{Exported, Layer};
use super::figures::{Figures, table};
use super::job::Job;
use crate::Result;

/// Options of `bench layers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How often each variant runs
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// Pause before each run
    #[arg(long, default_value_t = 40)]
    gap_ms: u64,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(flatten)]
    figures: Figures,
    /// of the bundle with all layers
    adds_ms: Option<f64>,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result {
    let bed = super::testbed()?;
    let mut words = super::limits();
    if Capability::AppArmor.probe().is_ok() {
        crate::tool::succeed(&mut bed.flatrack_command(["apparmor", "load", HELLO]))?;
        words.push("--apparmor=generated");
    }
    words.extend(["--command=/bin/true", HELLO]);
    let exported = Exported::new(&bed, "layers", &words)?;
    let layers: Vec<Layer> = Layer::ALL
        .into_iter()
        .filter(|layer| layer.is_in(&exported.document))
        .collect();
    let mut variants = vec![("all layers".to_owned(), exported.without(&bed, "all", &[])?)];
    for (number, layer) in layers.iter().enumerate() {
        let command = exported.without(&bed, &number.to_string(), &[*layer])?;
        variants.push((format!("without {}", layer.name()), command));
    }
    variants.push((
        "without any of them".to_owned(),
        exported.without(&bed, "none", &layers)?,
    ));
    let jobs: Vec<(String, Job)> = variants
        .into_iter()
        .map(|(name, command)| (name, Job::from(&command)))
        .collect();
    let rows = rows(&jobs, options)?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print(options, &rows);
    }
    Ok(())
}

/// One warm-up, then round after round, each variant once a round.
fn rows(jobs: &[(String, Job)], options: &Options) -> Result<Vec<Row>> {
    let mut series = vec![Vec::with_capacity(options.rounds); jobs.len()];
    for (_, job) in jobs {
        job.warm_up()?;
    }
    for _ in 0..options.rounds {
        for ((_, job), times) in jobs.iter().zip(&mut series) {
            std::thread::sleep(Duration::from_millis(options.gap_ms));
            times.push(job.time()?);
        }
    }
    let figures: Vec<Figures> = series.into_iter().filter_map(Figures::of).collect();
    let all = figures.first().map(|figures| figures.median_ms);
    let rows = jobs.iter().zip(figures).enumerate();
    let rows = rows.map(|(number, ((name, _), figures))| {
        let adds = all.map(|all| ((all - figures.median_ms) * 100.0).round() / 100.0);
        Row {
            name: name.clone(),
            figures,
            adds_ms: adds.filter(|_| number > 0),
        }
    });
    Ok(rows.collect())
}

fn print(options: &Options, rows: &[Row]) {
    println!(
        "flatrack-oci, start to end of /bin/true: {} rounds, {} ms gaps",
        options.rounds, options.gap_ms
    );
    let head = ["", "median ms", "p90 ms", "so it adds ms"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(|row| {
        let Figures { median_ms, p90_ms } = row.figures;
        let adds = row.adds_ms.map_or("–".to_owned(), |ms| format!("{ms:.2}"));
        vec![
            row.name.clone(),
            format!("{median_ms:.2}"),
            format!("{p90_ms:.2}"),
            adds,
        ]
    }));
    print!("{}", table(&lines));
}
