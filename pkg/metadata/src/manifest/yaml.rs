//! YAML with places.
//!
//! The parser gives no places but those of errors, and numbers without their text. So the text is read twice:
//! first for its shape, then, guided by the shape, every scalar is asked for as a string and refused, which
//! yields both its text and its place.

mod places;
mod shape;

use super::document::Node;
use crate::{Diagnostic, SourceText};

/// Most bytes of YAML: the parser's time for nested brackets grows with their square.
const MOST: usize = 256 << 10;

pub(super) fn parse(source: &SourceText) -> Result<Node, Diagnostic> {
    if source.text().len() > MOST {
        return Err(source
            .error(0..0, "a manifest in YAML has at most 256 KiB")
            .hint("JSON may have 1 MiB"));
    }
    let mut root = shape::parse(source)?;
    places::fill(source, &mut root)?;
    Ok(root)
}

/// An error of the parser, in our words.
fn error(source: &SourceText, error: &serde_yaml_ng::Error) -> Diagnostic {
    let lines = places::Lines::new(source.text());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    match error.location() {
        Some(location) => {
            let at = lines.offset(location.line(), location.column());
            let c = source.text()[at..].chars().next();
            let end = at + c.filter(|c| *c != '\n').map_or(0, char::len_utf8);
            source.error(at..end, "this is not YAML").label(message)
        }
        None => source.error(0..0, format!("this is not YAML: {message}")),
    }
}
