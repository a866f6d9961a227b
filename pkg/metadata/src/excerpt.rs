//! One line of foreign text, made fit to be shown.

use std::ops::Range;

use flatrack_perms::Untrusted;

/// Characters shown before the place, where the line is long.
const BEFORE: usize = 40;
/// Characters shown from the place on.
const AFTER: usize = 60;

/// The line with a place in it: invisible characters escaped, cut where it is long.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// the line to show
    pub(crate) text: String,
    /// the place in `text`
    pub(crate) span: Range<usize>,
    /// the line's number in the file
    pub(crate) line: usize,
    /// the place's column in the file, in characters
    pub(crate) column: usize,
}

impl Excerpt {
    /// Takes the line on which `span` starts.
    pub(crate) fn new(text: &str, span: &Range<usize>) -> Self {
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[span.start..]
            .find('\n')
            .map_or(text.len(), |at| span.start + at);
        let line = &text[start..end];
        let (from, to) = (span.start - start, span.end.min(end) - start);
        let line = line
            .strip_suffix('\r')
            .filter(|line| to <= line.len())
            .unwrap_or(line);

        let cut_before = line[..from]
            .char_indices()
            .rev()
            .nth(BEFORE)
            .map(|(at, c)| at + c.len_utf8());
        let cut_after = line[from..]
            .char_indices()
            .nth(AFTER)
            .map(|(at, _)| from + at);
        let (head, tail) = (cut_before.unwrap_or(0), cut_after.unwrap_or(line.len()));

        let mut shown = String::from(if cut_before.is_some() { "..." } else { "" });
        shown.push_str(&escape(&line[head..from]));
        let span_start = shown.len();
        shown.push_str(&escape(&line[from..to.min(tail)]));
        let span_end = shown.len();
        shown.push_str(&escape(&line[to.min(tail)..tail]));
        shown.push_str(if cut_after.is_some() { "..." } else { "" });
        Self {
            text: shown,
            span: span_start..span_end,
            line: text[..start].matches('\n').count() + 1,
            column: line[..from].chars().count() + 1,
        }
    }
}

/// A tab is a space here, so that the underline is right on every terminal.
fn escape(part: &str) -> String {
    Untrusted(&part.replace('\t', " ")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> (String, String) {
        let excerpt = Excerpt::new(text, &span);
        let under = excerpt.text[excerpt.span.clone()].to_owned();
        (excerpt.text, under)
    }

    #[test]
    fn the_underline_stays_below_the_place_when_something_before_it_is_escaped() {
        let (line, under) = shown("x\n\u{1b}[2J\u{202e}a=wrong\r\ny", 11..16);
        assert_eq!(line, "\\u{1b}[2J\\u{202e}a=wrong");
        assert_eq!(under, "wrong");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}bad{}", "a".repeat(5000), "b".repeat(5000));
        let (line, under) = shown(&text, 5000..5003);
        assert_eq!(under, "bad");
        assert!(line.len() < 120, "{line}");
        assert!(line.starts_with("...a") && line.ends_with("b..."));
    }

    #[test]
    fn a_place_over_several_lines_is_shown_on_its_first() {
        assert_eq!(shown("ab\ncd", 1..4), ("ab".to_owned(), "b".to_owned()));
        assert_eq!(shown("", 0..0), (String::new(), String::new()));
        assert_eq!(shown("a\n", 2..2), (String::new(), String::new()));
    }
}
