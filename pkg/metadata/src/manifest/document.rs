//! A tree of values that know their places; the same for YAML and JSON.

use std::collections::BTreeSet;
use std::ops::Range;

use flatrack_perms::ValueError;

use super::{json, yaml};
use crate::{Diagnostic, SourceText};

/// Deepest nesting; a manifest needs six.
pub(super) const DEEPEST: usize = 64;

/// A parsed text.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) source: SourceText,
    pub(super) root: Node,
}

/// A value and its place. A list's or mapping's place in YAML is its first word.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Tree,
    pub(super) span: Range<usize>,
}

/// A value.
#[derive(Debug)]
pub(super) enum Tree {
    Null,
    Bool(bool),
    /// as written
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Member>),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) value: Node,
}

impl Tree {
    /// What the value is, for messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "`true` or `false`",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl Document {
    /// Reads YAML or JSON, by the name's end.
    pub(super) fn parse(source: &SourceText) -> Result<Self, Diagnostic> {
        let is_yaml = [".yaml", ".yml"]
            .iter()
            .any(|end| source.name().ends_with(end));
        let root = if is_yaml {
            yaml::parse(source)?
        } else {
            json::parse(source)?
        };
        check(source, &root)?;
        Ok(Self {
            source: source.clone(),
            root,
        })
    }

    /// The place of a part of a string, or of all of it where it is written with escapes or folded.
    pub(super) fn place(&self, node: &Node, part: Range<usize>) -> Range<usize> {
        let Tree::Text(value) = &node.value else {
            return node.span.clone();
        };
        let text = self.source.text();
        let quote = usize::from(text[node.span.start..].starts_with(['"', '\'']));
        let start = node.span.start + quote;
        match text.get(start..start + value.len()) == Some(value) {
            true => start + part.start..start + part.end,
            false => node.span.clone(),
        }
    }

    /// An error in a string.
    pub(super) fn wrong(&self, node: &Node, error: &ValueError) -> Diagnostic {
        self.source
            .wrong_at(self.place(node, error.range.clone()), error)
    }

    /// An error that is about a whole value.
    pub(super) fn error(&self, node: &Node, message: impl Into<String>) -> Diagnostic {
        self.source.error(node.span.clone(), message)
    }
}

/// Refuses keys that stand twice and strings that hold NUL.
fn check(source: &SourceText, node: &Node) -> Result<(), Diagnostic> {
    match &node.value {
        Tree::Text(text) | Tree::Number(text) if text.contains('\0') => {
            Err(source.error(node.span.clone(), "this string holds a NUL byte"))
        }
        Tree::List(nodes) => nodes.iter().try_for_each(|node| check(source, node)),
        Tree::Map(members) => {
            let mut seen = BTreeSet::new();
            for member in members {
                let is_comment = member.key.starts_with("//");
                if !seen.insert(&member.key) && !is_comment {
                    let message = "this key stands twice in one mapping";
                    return Err(source.error(member.key_span.clone(), message));
                }
                if member.key.contains('\0') {
                    let message = "this key holds a NUL byte";
                    return Err(source.error(member.key_span.clone(), message));
                }
                check(source, &member.value)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
