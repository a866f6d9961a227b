//! First reading: what is a list, a mapping, a scalar of which type.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use crate::manifest::document::{DEEPEST, Member, Node, Tree};
use crate::{Diagnostic, SourceText};

/// Most values in a text, aliases unfolded.
const MOST: usize = 100_000;
/// Longest key in bytes.
const LONGEST_KEY: usize = 256;

pub(super) fn parse(source: &SourceText) -> Result<Node, Diagnostic> {
    let left = Cell::new(MOST);
    let shape = Shape {
        left: &left,
        depth: 0,
    };
    let text = serde_yaml_ng::Deserializer::from_str(source.text());
    shape
        .deserialize(text)
        .map_err(|error| super::error(source, &error))
}

#[derive(Clone, Copy)]
struct Shape<'a> {
    left: &'a Cell<usize>,
    depth: usize,
}

fn scalar(value: Tree) -> Node {
    Node { value, span: 0..0 }
}

impl<'de> DeserializeSeed<'de> for Shape<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let left = self
            .left
            .get()
            .checked_sub(1)
            .filter(|_| self.depth <= DEEPEST);
        self.left
            .set(left.ok_or_else(|| D::Error::custom("there are too many values"))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(scalar(Tree::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(scalar(Tree::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(scalar(Tree::Bool(value)))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(scalar(Tree::Number(String::new())))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(scalar(Tree::Number(String::new())))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(scalar(Tree::Number(String::new())))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(scalar(Tree::Number(String::new())))
    }

    /// `1.0` is a string to flatpak-builder.
    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(scalar(Tree::Text(String::new())))
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(scalar(Tree::Text(String::new())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let inner = Self {
            depth: self.depth + 1,
            ..self
        };
        let mut nodes = Vec::new();
        while let Some(node) = seq.next_element_seed(inner)? {
            nodes.push(node);
        }
        Ok(scalar(Tree::List(nodes)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let inner = Self {
            depth: self.depth + 1,
            ..self
        };
        let mut members = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            let value = map.next_value_seed(inner)?;
            members.push(Member {
                key,
                key_span: 0..0,
                value,
            });
        }
        Ok(scalar(Tree::Map(members)))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Node, A::Error> {
        Err(A::Error::custom("tags are not supported"))
    }
}

/// A key of a mapping.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        match key.len() <= LONGEST_KEY {
            true => Ok(key.to_owned()),
            false => Err(E::custom("this key is too long")),
        }
    }
}
