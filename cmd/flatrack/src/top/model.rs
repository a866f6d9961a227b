//! Samples of what apps use, and what changed between them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use flatrack_launch::{Stall, Stats, StatsRow};
use serde::Serialize;

/// Samples that are kept of an app: as many as a graph shows.
const KEPT: usize = 120;

/// By what lines are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    #[default]
    Cpu,
    Memory,
    Name,
}

impl Sort {
    /// Their names on the command line and on the screen.
    pub(crate) const NAMES: [(&'static str, Self); 3] = [
        ("cpu", Self::Cpu),
        ("memory", Self::Memory),
        ("name", Self::Name),
    ];
}

/// One app as it is shown. What is not known is absent.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub(crate) struct Line {
    pub(crate) instance: u32,
    pub(crate) app: String,
    /// of one processor, in percent, since the sample before
    pub(crate) cpu_percent: Option<f64>,
    pub(crate) cpu_limit_percent: Option<f64>,
    /// of the time since the sample before in which the limit held it back, in percent
    pub(crate) cpu_throttled_percent: Option<f64>,
    pub(crate) memory_bytes: Option<u64>,
    pub(crate) memory_limit_bytes: Option<u64>,
    pub(crate) memory_peak_bytes: Option<u64>,
    pub(crate) memory_kills: Option<u64>,
    pub(crate) tasks: Option<u64>,
    pub(crate) tasks_limit: Option<u64>,
    pub(crate) io_read_bytes_per_second: Option<f64>,
    pub(crate) io_written_bytes_per_second: Option<f64>,
    /// of the last 10 s in which something waited, in percent
    pub(crate) cpu_pressure_percent: Option<f64>,
    pub(crate) memory_pressure_percent: Option<f64>,
    pub(crate) io_pressure_percent: Option<f64>,
    #[serde(skip)]
    pub(crate) cpu_history: Vec<u64>,
    #[serde(skip)]
    pub(crate) memory_history: Vec<u64>,
}

#[derive(Debug)]
struct Sample {
    at: Duration,
    stats: Stats,
}

#[derive(Debug, Default)]
struct App {
    name: String,
    samples: VecDeque<Sample>,
}

/// The apps that run, with their latest samples.
#[derive(Debug, Default)]
pub(crate) struct Model(BTreeMap<u32, App>);

impl Model {
    /// Takes the next sample of everything; who is not in it has ended.
    pub(crate) fn feed(&mut self, at: Duration, rows: Vec<StatsRow>) {
        self.0
            .retain(|instance, _| rows.iter().any(|row| row.instance == *instance));
        for row in rows {
            let app = self.0.entry(row.instance).or_default();
            app.name = row.app;
            app.samples.push_back(Sample {
                at,
                stats: row.stats,
            });
            if app.samples.len() > KEPT {
                app.samples.pop_front();
            }
        }
    }

    /// What there is to show, in order.
    pub(crate) fn lines(&self, sort: Sort) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .0
            .iter()
            .filter_map(|(instance, app)| line(*instance, app))
            .collect();
        match sort {
            Sort::Cpu => lines.sort_by(|a, b| {
                let of = |line: &Line| line.cpu_percent.unwrap_or(-1.0);
                of(b).total_cmp(&of(a))
            }),
            Sort::Memory => lines.sort_by_key(|line| std::cmp::Reverse(line.memory_bytes)),
            Sort::Name => lines.sort_by(|a, b| a.app.cmp(&b.app)),
        }
        lines
    }
}

/// How much a number grew a second, between two samples.
fn rate(pair: (&Sample, &Sample), of: fn(&Stats) -> Option<u64>) -> Option<f64> {
    let (before, after) = pair;
    let seconds = (after.at - before.at).as_secs_f64();
    let grown = of(&after.stats)?.saturating_sub(of(&before.stats)?);
    // a number of bytes or µs that loses its last digits here would take centuries to reach
    #[allow(clippy::cast_precision_loss, reason = "see above")]
    let grown = grown as f64;
    (seconds > 0.0).then(|| grown / seconds)
}

/// µs a second, as percent of one processor.
fn percent(rate: f64) -> f64 {
    rate / 10_000.0
}

fn line(instance: u32, app: &App) -> Option<Line> {
    let last = app.samples.back()?;
    let pair = app
        .samples
        .len()
        .checked_sub(2)
        .and_then(|before| app.samples.get(before))
        .map(|before| (before, last));
    let since = |of: fn(&Stats) -> Option<u64>| pair.and_then(|pair| rate(pair, of));
    let pairs = app.samples.iter().zip(app.samples.iter().skip(1));
    let stats = &last.stats;
    let waiting = |stall: Option<Stall>| stall.map(|stall| stall.some_avg10);
    #[allow(clippy::cast_precision_loss, reason = "µs in a second")]
    let cpu_limit = stats.cpu_max.map(|max| percent(max as f64));
    // whole percents are what a graph of eight steps can show
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and far below the largest number"
    )]
    let whole = |percent: f64| percent.round() as u64;
    Some(Line {
        instance,
        app: app.name.clone(),
        cpu_percent: since(|s| s.cpu_usage).map(percent),
        cpu_limit_percent: cpu_limit,
        cpu_throttled_percent: since(|s| s.cpu_throttled).map(percent),
        memory_bytes: stats.memory_current,
        memory_limit_bytes: stats.memory_max,
        memory_peak_bytes: stats.memory_peak,
        memory_kills: stats.memory_kills,
        tasks: stats.pids_current,
        tasks_limit: stats.pids_max,
        io_read_bytes_per_second: since(|s| s.io_read),
        io_written_bytes_per_second: since(|s| s.io_written),
        cpu_pressure_percent: waiting(stats.pressure.cpu),
        memory_pressure_percent: waiting(stats.pressure.memory),
        io_pressure_percent: waiting(stats.pressure.io),
        cpu_history: pairs
            .map(|pair| rate(pair, |s| s.cpu_usage).map_or(0, |rate| whole(percent(rate))))
            .collect(),
        memory_history: app
            .samples
            .iter()
            .map(|sample| sample.stats.memory_current.unwrap_or(0))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(instance: u32, app: &str, cpu: u64, memory: u64) -> StatsRow {
        StatsRow {
            instance,
            app: app.to_owned(),
            stats: Stats {
                cpu_usage: Some(cpu),
                memory_current: Some(memory),
                cpu_max: Some(500_000),
                ..Stats::default()
            },
        }
    }

    #[test]
    fn processor_time_between_two_samples_is_a_share_of_one_processor() {
        let mut model = Model::default();
        model.feed(Duration::ZERO, vec![row(1, "a", 0, 5)]);
        assert_eq!(model.lines(Sort::Cpu)[0].cpu_percent, None);
        model.feed(Duration::from_secs(2), vec![row(1, "a", 1_000_000, 5)]);
        let line = &model.lines(Sort::Cpu)[0];
        assert_eq!(line.cpu_percent, Some(50.0));
        assert_eq!(line.cpu_limit_percent, Some(50.0));
        assert_eq!(line.io_read_bytes_per_second, None);
        assert_eq!(line.cpu_history, [50]);
    }

    #[test]
    fn who_ended_is_gone_and_the_order_is_the_one_asked_for() {
        let mut model = Model::default();
        let names = |model: &Model, sort| {
            let lines = model.lines(sort).into_iter();
            lines.map(|line| line.app).collect::<Vec<_>>().join("")
        };
        let first = vec![row(1, "b", 0, 5), row(2, "a", 0, 6), row(3, "c", 0, 1)];
        model.feed(Duration::ZERO, first);
        model.feed(
            Duration::from_secs(1),
            vec![row(1, "b", 9, 5), row(2, "a", 5, 6)],
        );
        assert_eq!(names(&model, Sort::Cpu), "ba");
        assert_eq!(names(&model, Sort::Memory), "ab");
        assert_eq!(names(&model, Sort::Name), "ab");
    }

    #[test]
    fn history_is_bounded() {
        let mut model = Model::default();
        for second in 0..1000 {
            model.feed(Duration::from_secs(second), vec![row(1, "a", second, 5)]);
        }
        assert_eq!(model.lines(Sort::Cpu)[0].memory_history.len(), KEPT);
    }
}
