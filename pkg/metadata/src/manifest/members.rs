//! One mapping of a manifest: its members by type, and what becomes of those that nobody reads.

use std::collections::BTreeMap;

use flatrack_perms::ValueError;

use super::ManifestError;
use super::document::{Document, Member, Node, Tree};
use crate::Diagnostic;
use crate::layer::MOST_WARNINGS;
use crate::suggest::nearest;

/// What becomes of a member that flatpak-builder knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// it is read
    Read,
    /// it changes nothing here
    Ignored,
    /// it is refused, unless it is empty or `false`
    NotYet,
}

/// A table of members.
pub(super) type Known = [(Fate, &'static [&'static str]); 3];

/// A mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'d> {
    pub(super) doc: &'d Document,
    pub(super) node: &'d Node,
    members: &'d [Member],
}

impl<'d> Members<'d> {
    pub(super) fn new(doc: &'d Document, node: &'d Node, what: &str) -> Result<Self, Diagnostic> {
        match &node.value {
            Tree::Map(members) => Ok(Self { doc, node, members }),
            other => Err(doc.error(node, format!("{what} is a mapping, not {}", other.name()))),
        }
    }

    /// A member that is not null.
    pub(super) fn get(&self, key: &str) -> Option<&'d Node> {
        let member = self.members.iter().find(|member| member.key == key)?;
        (!matches!(member.value.value, Tree::Null)).then_some(&member.value)
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&'d str>, Diagnostic> {
        self.get(key)
            .map(|node| text(self.doc, node, key))
            .transpose()
    }

    /// A string read by a function that knows its form.
    pub(super) fn parsed<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<Option<T>, Diagnostic> {
        let Some(node) = self.get(key) else {
            return Ok(None);
        };
        let value = parse(text(self.doc, node, key)?);
        value
            .map(Some)
            .map_err(|error| self.doc.wrong(node, &error))
    }

    /// As [`Members::parsed`], of a member that has to be there.
    pub(super) fn required<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<T, Diagnostic> {
        self.parsed(key, parse)?.ok_or_else(|| {
            self.doc
                .error(self.node, format!("the member `{key}` is missing"))
        })
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, Diagnostic> {
        match self.get(key).map(|node| (node, &node.value)) {
            None => Ok(false),
            Some((_, Tree::Bool(value))) => Ok(*value),
            Some((node, other)) => {
                let message = format!("`{key}` is `true` or `false`, not {}", other.name());
                Err(self
                    .doc
                    .error(node, message)
                    .hint("yes, no and words in quotes are strings"))
            }
        }
    }

    pub(super) fn list(&self, key: &str) -> Result<&'d [Node], Diagnostic> {
        match self.get(key).map(|node| (node, &node.value)) {
            None => Ok(&[]),
            Some((_, Tree::List(nodes))) => Ok(nodes),
            Some((node, other)) => Err(self
                .doc
                .error(node, format!("`{key}` is a list, not {}", other.name()))),
        }
    }

    /// A list of strings with their places.
    pub(super) fn nodes(&self, key: &str) -> Result<Vec<(&'d Node, &'d str)>, Diagnostic> {
        let nodes = self.list(key)?.iter();
        nodes
            .map(|node| Ok((node, text(self.doc, node, key)?)))
            .collect()
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, Diagnostic> {
        Ok(self
            .nodes(key)?
            .into_iter()
            .map(|(_, text)| text.to_owned())
            .collect())
    }

    /// `env` of `build-options`.
    pub(super) fn build_env(
        &self,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<BTreeMap<String, Option<String>>, ManifestError> {
        let Some(node) = self.get("build-options") else {
            return Ok(BTreeMap::new());
        };
        let options = Members::new(self.doc, node, "`build-options`")?;
        options.finish("`build-options`", &BUILD_OPTIONS, warnings)?;
        let Some(node) = options.get("env") else {
            return Ok(BTreeMap::new());
        };
        let env = Members::new(self.doc, node, "`env`")?;
        let variable = |member: &'d Member| {
            flatrack_perms::EnvName::parse(&member.key)
                .map_err(|error| self.doc.source.wrong_at(member.key_span.clone(), &error))?;
            let value = match &member.value.value {
                Tree::Null => None,
                _ => Some(text(self.doc, &member.value, &member.key)?.to_owned()),
            };
            Ok((member.key.clone(), value))
        };
        env.members.iter().map(variable).collect()
    }

    /// Deals with the members that nobody reads.
    pub(super) fn finish(
        &self,
        what: &str,
        known: &Known,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(), ManifestError> {
        for member in self
            .members
            .iter()
            .filter(|member| !is_comment(&member.key))
        {
            let key = member.key.as_str();
            let place = member.key_span.clone();
            let source = &self.doc.source;
            let row = known.iter().find(|row| row.1.contains(&key));
            match row.map(|row| row.0) {
                Some(Fate::Read) => {}
                Some(Fate::Ignored) | None if warnings.len() >= MOST_WARNINGS => {}
                Some(Fate::NotYet) if is_nothing(&member.value.value) => {}
                Some(Fate::NotYet) => {
                    let place =
                        source.error(place, format!("`{key}` of {what} is not supported yet"));
                    return Err(not_supported(key, place));
                }
                Some(Fate::Ignored) => {
                    warnings.push(source.warning(place, format!("`{key}` changes nothing here")));
                }
                None => {
                    let near = nearest(key, known.iter().flat_map(|row| row.1.iter().copied()));
                    let near = near.map(|word| format!("did you mean `{word}`?"));
                    let message = format!("{what} has no member `{key}`; it is ignored");
                    warnings.push(source.warning(place, message).maybe_hint(near));
                }
            }
        }
        Ok(())
    }
}

pub(super) fn not_supported(what: impl Into<String>, place: Diagnostic) -> ManifestError {
    ManifestError::NotSupported {
        what: what.into(),
        place: Box::new(place),
    }
}

pub(super) fn text<'d>(doc: &Document, node: &'d Node, key: &str) -> Result<&'d str, Diagnostic> {
    match &node.value {
        Tree::Text(text) => Ok(text),
        other => {
            let error = doc.error(node, format!("`{key}` is a string, not {}", other.name()));
            Err(match other {
                Tree::Number(_) | Tree::Bool(_) => error.hint("quotes make it a string"),
                _ => error,
            })
        }
    }
}

fn is_comment(key: &str) -> bool {
    key.starts_with("//") || key.starts_with("__") || key.starts_with("x-") || key == "$schema"
}

fn is_nothing(value: &Tree) -> bool {
    match value {
        Tree::Null | Tree::Bool(false) => true,
        Tree::List(nodes) => nodes.is_empty(),
        Tree::Map(members) => members.is_empty(),
        Tree::Bool(true) | Tree::Number(_) | Tree::Text(_) => false,
    }
}

const BUILD_OPTIONS: Known = [
    (Fate::Read, &["env"]),
    (
        Fate::Ignored,
        &["no-debuginfo", "no-debuginfo-compression", "strip"],
    ),
    (
        Fate::NotYet,
        &[
            "cflags",
            "cflags-override",
            "cxxflags",
            "cxxflags-override",
            "cppflags",
            "cppflags-override",
            "ldflags",
            "ldflags-override",
            "cgo-cflags",
            "cgo-cxxflags",
            "cgo-ldflags",
            "rustflags",
            "prefix",
            "libdir",
            "append-path",
            "prepend-path",
            "append-ld-library-path",
            "prepend-ld-library-path",
            "append-pkg-config-path",
            "prepend-pkg-config-path",
            "build-args",
            "test-args",
            "config-opts",
            "make-args",
            "make-install-args",
            "secret-opts",
            "secret-env",
            "arch",
        ],
    ),
];
