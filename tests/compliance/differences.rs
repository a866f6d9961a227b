//! The tables of intended differences, read from the pages that people read.

use crate::dump::Finding;

/// A page with tables: the sides that are compared, and where each row applies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    name: &'static str,
    text: &'static str,
}

/// Flatpak's sandbox and flatrack's.
pub(crate) const DIFFERENCES: Page = Page {
    name: "differences.md",
    text: include_str!("../../hack/docs/differences.md"),
};

/// flatrack's without a profile and under the generated one.
pub(crate) const CONFINED: Page = Page {
    name: "confined.md",
    text: include_str!("../../hack/docs/confined.md"),
};

/// Where a case ran.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Flatpak's version without the last part: `1.18`
    pub(crate) flatpak: String,
    /// `root` or `user`
    pub(crate) user: &'static str,
    /// the run options, with one blank between
    pub(crate) options: String,
}

/// One row: fields that may differ, in which way, and where.
#[derive(Debug)]
pub(crate) struct Row {
    field: String,
    place: Vec<String>,
    flatpak: Side,
    flatrack: Side,
}

#[derive(Debug)]
enum Side {
    Absent,
    Anything,
    Like(String),
}

/// The rows, in the page's order.
///
/// # Panics
/// When a row cannot be read: a difference that nobody understands is not intended.
#[track_caller]
pub(crate) fn table(page: Page) -> Vec<Row> {
    let rows: Vec<Row> = page
        .text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| row(line).unwrap_or_else(|| panic!("{}: cannot read {line}", page.name)))
        .collect();
    assert!(!rows.is_empty(), "{} has no rows", page.name);
    rows
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [field, place, flatpak, flatrack, why, safer] = cells[..] else {
        return None;
    };
    let said = !why.is_empty() && ["flatrack", "Flatpak", "same", "open"].contains(&safer);
    said.then_some(Row {
        field: quoted(field)?.to_owned(),
        place: place.split(", ").map(str::to_owned).collect(),
        flatpak: side(flatpak)?,
        flatrack: side(flatrack)?,
    })
}

fn quoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

fn side(cell: &str) -> Option<Side> {
    match cell {
        "–" => Some(Side::Absent),
        "anything" => Some(Side::Anything),
        pattern => Some(Side::Like(quoted(pattern)?.to_owned())),
    }
}

impl Row {
    /// Whether this row is about that finding at that place.
    pub(crate) fn covers(&self, finding: &Finding, place: &Place) -> bool {
        like(&self.field, &finding.field)
            && self.place.iter().all(|word| match quoted(word) {
                Some(options) => like(&format!("*{options}*"), &place.options),
                None => word == "everywhere" || *word == place.flatpak || word == place.user,
            })
            && self.flatpak.is(finding.flatpak.as_deref())
            && self.flatrack.is(finding.flatrack.as_deref())
    }
}

impl Side {
    fn is(&self, value: Option<&str>) -> bool {
        match (self, value) {
            (Self::Anything, _) | (Self::Absent, None) => true,
            (Self::Like(pattern), Some(value)) => like(pattern, value),
            _ => false,
        }
    }
}

/// Whether a text fits a pattern, where `*` stands for any text.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, behind)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| like(behind, &rest[at..]))
        }),
    }
}

#[test]
fn every_row_of_the_pages_can_be_read() {
    assert!(table(DIFFERENCES).len() > 10);
    assert!(!table(CONFINED).is_empty());
}

#[test]
fn a_row_covers_only_what_it_says() {
    let row = row("| `mount /dev*` | 1.18, root | – | `*noexec*` | stricter | flatrack |").unwrap();
    let finding = |flatpak: Option<&str>, flatrack: &str| Finding {
        field: "mount /dev/x".to_owned(),
        flatpak: flatpak.map(str::to_owned),
        flatrack: Some(flatrack.to_owned()),
    };
    let place = |user| Place {
        flatpak: "1.18".to_owned(),
        user,
        options: String::new(),
    };
    assert!(row.covers(&finding(None, "rw,noexec"), &place("root")));
    assert!(!row.covers(&finding(None, "rw,noexec"), &place("user")));
    assert!(!row.covers(&finding(None, "rw"), &place("root")));
    assert!(!row.covers(&finding(Some("rw"), "rw,noexec"), &place("root")));
}
