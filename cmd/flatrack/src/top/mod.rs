//! `flatrack top`: what runs, alive. Samples come from the library, [`model`] makes lines of them, [`view`] draws.

mod model;
mod view;

use std::io;
use std::time::{Duration, Instant};

use flatrack_launch::{Error, stats};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};

use self::model::Model;
pub(crate) use self::model::{Line, Sort};
use self::view::View;

/// Why it ended, other than by the key for it.
#[derive(Debug)]
pub(crate) enum Failure {
    Stats(Error),
    Terminal(io::Error),
}

/// Two samples and what changed between them.
pub(crate) fn once(interval: Duration, sort: Sort) -> Result<Vec<Line>, Error> {
    let start = Instant::now();
    let mut model = Model::default();
    model.feed(start.elapsed(), stats(None)?);
    std::thread::sleep(interval);
    model.feed(start.elapsed(), stats(None)?);
    Ok(model.lines(sort))
}

/// Draws until a key ends it.
pub(crate) fn live(interval: Duration, sort: Sort) -> Result<(), Failure> {
    let mut terminal = ratatui::try_init().map_err(Failure::Terminal)?;
    let result = draw(&mut terminal, interval, sort);
    ratatui::try_restore().map_err(Failure::Terminal)?;
    result
}

fn draw(terminal: &mut DefaultTerminal, interval: Duration, sort: Sort) -> Result<(), Failure> {
    let start = Instant::now();
    let mut model = Model::default();
    let mut view = View::new(sort);
    loop {
        let taken = Instant::now();
        model.feed(start.elapsed(), stats(None).map_err(Failure::Stats)?);
        loop {
            let lines = model.lines(view.sort());
            let drawn = terminal.draw(|frame| view.draw(frame, &lines));
            drawn.map_err(Failure::Terminal)?;
            let rest = interval.saturating_sub(taken.elapsed());
            if !event::poll(rest).map_err(Failure::Terminal)? {
                break;
            }
            let event = event::read().map_err(Failure::Terminal)?;
            if key(&event, &mut view, lines.len()) {
                return Ok(());
            }
        }
    }
}

/// Whether it is the end.
fn key(event: &Event, view: &mut View, lines: usize) -> bool {
    let Event::Key(key) = event else {
        return false;
    };
    if key.kind != KeyEventKind::Press {
        return false;
    }
    match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => return true,
        KeyCode::Char('q') | KeyCode::Esc => return true,
        KeyCode::Char('s') => view.next_sort(),
        KeyCode::Down | KeyCode::Char('j') => view.down(lines),
        KeyCode::Up | KeyCode::Char('k') => view.up(),
        _ => {}
    }
    false
}
