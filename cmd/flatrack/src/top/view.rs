//! The screen of `flatrack top`: a table, and graphs of the line that is chosen. Names are foreign text and are escaped.

use flatrack_perms::Untrusted;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Style, Stylize};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Sparkline, Table, TableState};

use super::{Line, Sort};
use crate::print;

/// Share of a limit from which a number is shown as a warning.
const NEAR: f64 = 0.9;

/// What the person at the terminal chose.
#[derive(Debug)]
pub(super) struct View {
    sort: Sort,
    table: TableState,
}

impl View {
    pub(super) fn new(sort: Sort) -> Self {
        Self {
            sort,
            table: TableState::default().with_selected(Some(0)),
        }
    }

    pub(super) fn sort(&self) -> Sort {
        self.sort
    }

    pub(super) fn next_sort(&mut self) {
        let all = Sort::NAMES;
        let now = all.iter().position(|(_, sort)| *sort == self.sort);
        self.sort = all[(now.unwrap_or(0) + 1) % all.len()].1;
    }

    pub(super) fn down(&mut self, lines: usize) {
        let next = self.table.selected().map_or(0, |line| line + 1);
        self.table.select(Some(next.min(lines.saturating_sub(1))));
    }

    pub(super) fn up(&mut self) {
        self.table.select_previous();
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, lines: &[Line]) {
        let rows = Constraint::Min(4);
        let [head, table, graphs, foot] = Layout::vertical([
            Constraint::Length(1),
            rows,
            Constraint::Length(7),
            Constraint::Length(1),
        ])
        .areas(frame.area());
        let apps = if lines.len() == 1 { "app" } else { "apps" };
        frame.render_widget(
            Paragraph::new(format!("flatrack: {} {apps} running", lines.len())).bold(),
            head,
        );
        self.table(frame, table, lines);
        let chosen = self.table.selected().unwrap_or(0);
        if let Some(line) = lines.get(chosen.min(lines.len().saturating_sub(1))) {
            graph(frame, graphs, line);
        }
        let sort = Sort::NAMES.iter().find(|(_, sort)| *sort == self.sort);
        let sort = sort.map_or("", |(name, _)| name);
        let keys = format!("q quit   ↑↓ choose   s sort (by {sort})");
        frame.render_widget(Paragraph::new(keys).dim(), foot);
    }

    fn table(&mut self, frame: &mut Frame<'_>, area: Rect, lines: &[Line]) {
        let head = [
            "APPLICATION",
            "INSTANCE",
            "CPU",
            "LIMIT",
            "MEMORY",
            "LIMIT",
            "TASKS",
            "READ/s",
            "WRITE/s",
            "WAITS cpu/mem/io",
        ];
        let widths = [
            Constraint::Min(16),
            Constraint::Length(10),
            Constraint::Length(7),
            Constraint::Length(6),
            Constraint::Length(8),
            Constraint::Length(8),
            Constraint::Length(9),
            Constraint::Length(8),
            Constraint::Length(8),
            Constraint::Length(16),
        ];
        let table = Table::new(lines.iter().map(row), widths)
            .header(Row::new(head).bold())
            .row_highlight_style(Style::new().reversed());
        frame.render_stateful_widget(table, area, &mut self.table);
    }
}

fn row(line: &Line) -> Row<'static> {
    let tasks = match (line.tasks, line.tasks_limit) {
        (Some(now), Some(limit)) => format!("{now}/{limit}"),
        (Some(now), None) => now.to_string(),
        (None, _) => "-".to_owned(),
    };
    let waits = [
        line.cpu_pressure_percent,
        line.memory_pressure_percent,
        line.io_pressure_percent,
    ]
    .map(|wait| wait.map_or("-".to_owned(), |wait| format!("{wait:.0}")));
    Row::new([
        Cell::new(Untrusted(&line.app).to_string()),
        Cell::new(line.instance.to_string()),
        near(
            percent(line.cpu_percent),
            line.cpu_percent,
            line.cpu_limit_percent,
        ),
        Cell::new(percent(line.cpu_limit_percent)),
        near(
            bytes(line.memory_bytes),
            number(line.memory_bytes),
            number(line.memory_limit_bytes),
        ),
        Cell::new(bytes(line.memory_limit_bytes)),
        near(tasks, number(line.tasks), number(line.tasks_limit)),
        Cell::new(rate(line.io_read_bytes_per_second)),
        Cell::new(rate(line.io_written_bytes_per_second)),
        Cell::new(waits.join(" / ")),
    ])
}

/// A cell in another colour when its number is near the limit.
fn near(text: String, now: Option<f64>, limit: Option<f64>) -> Cell<'static> {
    match now.zip(limit) {
        Some((now, limit)) if now >= limit * NEAR => Cell::new(text.fg(Color::Red).bold()),
        _ => Cell::new(text),
    }
}

#[allow(clippy::cast_precision_loss, reason = "for a share of a limit")]
fn number(value: Option<u64>) -> Option<f64> {
    value.map(|value| value as f64)
}

fn percent(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.1}%"))
}

fn bytes(value: Option<u64>) -> String {
    value.map_or("-".to_owned(), print::bytes)
}

fn rate(value: Option<f64>) -> String {
    // not negative; what is cut off is a part of a byte
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "see above"
    )]
    let whole = value.map(|value| value as u64);
    bytes(whole)
}

fn graph(frame: &mut Frame<'_>, area: Rect, line: &Line) {
    let [cpu, memory] = Layout::horizontal([Constraint::Percentage(50); 2]).areas(area);
    let name = Untrusted(&line.app);
    let of_limit = |limit: String| match limit.as_str() {
        "-" => String::new(),
        limit => format!(" of {limit}"),
    };
    let title = format!(
        " cpu of {name}: {}{} ",
        percent(line.cpu_percent),
        of_limit(percent(line.cpu_limit_percent))
    );
    sparkline(frame, cpu, title, &line.cpu_history, None, Color::Green);
    let title = format!(
        " memory: {}{}, most {} ",
        bytes(line.memory_bytes),
        of_limit(bytes(line.memory_limit_bytes)),
        bytes(line.memory_peak_bytes)
    );
    let top = line.memory_limit_bytes;
    sparkline(frame, memory, title, &line.memory_history, top, Color::Cyan);
}

/// The newest at the right; as high as the limit where there is one.
fn sparkline(
    frame: &mut Frame<'_>,
    area: Rect,
    title: String,
    history: &[u64],
    top: Option<u64>,
    color: Color,
) {
    let room = usize::from(area.width.saturating_sub(2));
    let shown = &history[history.len().saturating_sub(room)..];
    let mut data = vec![0; room - shown.len()];
    data.extend_from_slice(shown);
    let mut graph = Sparkline::default()
        .block(Block::bordered().title(title))
        .data(data)
        .style(Style::new().fg(color));
    if let Some(top) = top {
        graph = graph.max(top);
    }
    frame.render_widget(graph, area);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use flatrack_launch::{Stats, StatsRow};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::top::model::Model;

    fn screen(model: &Model, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut view = View::new(Sort::Cpu);
        let lines = model.lines(Sort::Cpu);
        terminal.draw(|frame| view.draw(frame, &lines)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn an_app_is_shown_with_its_limit_and_no_control_character_of_its_name() {
        let mut model = Model::default();
        for second in 0..3 {
            let stats = Stats {
                cpu_usage: Some(second * 250_000),
                memory_current: Some(60 << 20),
                memory_max: Some(64 << 20),
                ..Stats::default()
            };
            let app = "org.example.\u{1b}[31mApp".to_owned();
            let row = StatsRow {
                instance: 42,
                app,
                stats,
            };
            model.feed(Duration::from_secs(second), vec![row]);
        }
        let screen = screen(&model, 120, 20);
        for wanted in ["1 app running", "25.0%", "60.0M", "64.0M", "42"] {
            assert!(screen.contains(wanted), "{wanted}\n{screen}");
        }
        assert!(!screen.contains('\u{1b}'), "{screen}");
    }

    #[test]
    fn a_small_screen_and_an_empty_list_are_no_problem() {
        for (width, height) in [(1, 1), (10, 3), (40, 8), (300, 100)] {
            screen(&Model::default(), width, height);
        }
    }
}
