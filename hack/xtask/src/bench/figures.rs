//! Medians, percentiles and the table.

use std::time::Duration;

use serde::Serialize;

/// The summary of one series, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Figures {
    pub(crate) median_ms: f64,
    pub(crate) p90_ms: f64,
}

impl Figures {
    /// Sums up a series; none for an empty one.
    pub(crate) fn of(mut series: Vec<Duration>) -> Option<Self> {
        series.sort();
        let at = |share: usize| {
            series
                .get((series.len().checked_sub(1)? * share).div_ceil(100))
                .copied()
        };
        let ms = |duration: Duration| (duration.as_secs_f64() * 100_000.0).round() / 100.0;
        Some(Self {
            median_ms: ms(at(50)?),
            p90_ms: ms(at(90)?),
        })
    }
}

/// Lines with columns as wide as their widest cell; the first column is to the left, the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            line += &if column == 0 {
                format!("{cell:<width$}")
            } else {
                format!("  {cell:>width$}")
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Figures, table};

    #[test]
    fn one_stall_moves_neither_median_nor_p90() {
        let mut series: Vec<_> = (1..=40).map(Duration::from_millis).collect();
        series[39] = Duration::from_secs(9);
        let figures = Figures::of(series).unwrap();
        assert_eq!((figures.median_ms, figures.p90_ms), (21.0, 37.0));
        assert!(Figures::of(Vec::new()).is_none());
    }

    #[test]
    fn columns_line_up() {
        let rows = [["", "ms"], ["crun", "11.10"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), "         ms\ncrun  11.10\n");
    }
}
