//! JSON with places and `/* */` comments.

use std::ops::Range;

use super::document::{DEEPEST, Member, Node, Tree};
use crate::{Diagnostic, SourceText};

pub(super) fn parse(source: &SourceText) -> Result<Node, Diagnostic> {
    let mut parser = Parser {
        source,
        text: source.text(),
        at: 0,
    };
    let root = parser.value(0)?;
    parser.space()?;
    match parser.at == parser.text.len() {
        true => Ok(root),
        false => Err(parser.error_here("something stands behind the end")),
    }
}

struct Parser<'a> {
    source: &'a SourceText,
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        self.space()?;
        if depth > DEEPEST {
            return Err(self.error_here("this is nested too deeply"));
        }
        let start = self.at;
        let value = match self.peek() {
            Some('{') => self.map(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Tree::Text(self.string()?),
            Some(_) => self.word()?,
            None => return Err(self.error_here("a value is missing")),
        };
        Ok(Node {
            value,
            span: start..self.at,
        })
    }

    fn map(&mut self, depth: usize) -> Result<Tree, Diagnostic> {
        let mut members = Vec::new();
        self.at += 1;
        self.space()?;
        if self.take('}') {
            return Ok(Tree::Map(members));
        }
        loop {
            self.space()?;
            let start = self.at;
            if self.peek() != Some('"') {
                return Err(self.error_here("a key in double quotes is missing"));
            }
            let key = self.string()?;
            let key_span = start..self.at;
            self.space()?;
            if !self.take(':') {
                return Err(self.error_here("`:` is missing"));
            }
            let value = self.value(depth + 1)?;
            members.push(Member {
                key,
                key_span,
                value,
            });
            if self.ends('}')? {
                return Ok(Tree::Map(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Tree, Diagnostic> {
        let mut nodes = Vec::new();
        self.at += 1;
        self.space()?;
        if self.take(']') {
            return Ok(Tree::List(nodes));
        }
        loop {
            nodes.push(self.value(depth + 1)?);
            if self.ends(']')? {
                return Ok(Tree::List(nodes));
            }
        }
    }

    /// Whether the list ends here; a comma goes on.
    fn ends(&mut self, close: char) -> Result<bool, Diagnostic> {
        self.space()?;
        if self.take(close) {
            return Ok(true);
        }
        match self.take(',') {
            true => Ok(false),
            false => Err(self.error_here(format!("`,` or `{close}` is missing"))),
        }
    }

    fn string(&mut self) -> Result<String, Diagnostic> {
        let start = self.at;
        let mut escaped = false;
        let end = self.text[start + 1..].char_indices().find(|(_, c)| {
            let is_end = (*c == '"' && !escaped) || *c == '\n';
            escaped = *c == '\\' && !escaped;
            is_end
        });
        let Some((end, '"')) = end else {
            let line = self.text[start..]
                .find('\n')
                .map_or(self.text.len(), |at| start + at);
            return Err(self
                .source
                .error(start..line, "this string does not end in its line"));
        };
        self.at = start + 1 + end + 1;
        serde_json::from_str(&self.text[start..self.at]).map_err(|_| {
            self.source.error(
                start..self.at,
                "this string has a control character or a wrong escape in it",
            )
        })
    }

    fn word(&mut self) -> Result<Tree, Diagnostic> {
        let start = self.at;
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let rest = &self.text[start..];
        self.at += rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        match &self.text[start..self.at] {
            "true" => Ok(Tree::Bool(true)),
            "false" => Ok(Tree::Bool(false)),
            "null" => Ok(Tree::Null),
            "" => Err(self
                .error_here("this is not a value")
                .hint("strings stand in double quotes")),
            word if serde_json::from_str::<serde_json::Number>(word).is_ok() => {
                Ok(Tree::Number(word.to_owned()))
            }
            _ => Err(self
                .source
                .error(start..self.at, "this is not a value")
                .hint("strings stand in double quotes")),
        }
    }

    /// Skips white space and comments.
    fn space(&mut self) -> Result<(), Diagnostic> {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'));
            self.at += blank.unwrap_or(rest.len());
            let rest = &self.text[self.at..];
            if rest.starts_with("//") {
                return Err(self
                    .source
                    .error(
                        self.at..self.at + 2,
                        "comments to the end of the line are not JSON",
                    )
                    .hint("a comment is written /* */"));
            }
            if !rest.starts_with("/*") {
                return Ok(());
            }
            let Some(end) = rest.find("*/") else {
                return Err(self
                    .source
                    .error(self.at..self.at + 2, "this comment does not end"));
            };
            self.at += end + 2;
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, c: char) -> bool {
        let is_here = self.peek() == Some(c);
        self.at += if is_here { c.len_utf8() } else { 0 };
        is_here
    }

    fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    fn error_here(&self, message: impl Into<String>) -> Diagnostic {
        self.source.error(self.here(), message)
    }
}
