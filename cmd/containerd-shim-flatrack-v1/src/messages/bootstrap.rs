//! How a shim's `start` is told what to do and answers, in three dialects (`runtime/bootstrap/v1/bootstrap.proto`).
//!
//! - containerd 1.6 and 1.7 read a plain address and speak version 2 of the task service;
//! - 2.0 to 2.2 say in the environment up to which version they speak, and read JSON;
//! - 2.3 and later write a message to standard input and read one.

use prost::Message;
use serde::Serialize;

/// What containerd 2.3 and later write.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Params {
    #[prost(string, tag = "1")]
    pub(crate) instance_id: String,
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
}

/// The answer.
#[derive(Clone, PartialEq, Message, Serialize)]
pub(crate) struct Answer {
    #[prost(int32, tag = "1")]
    pub(crate) version: i32,
    #[prost(string, tag = "2")]
    pub(crate) address: String,
    #[prost(string, tag = "3")]
    pub(crate) protocol: String,
}

/// How to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Address,
    Json,
    Message,
}

impl Dialect {
    /// The one of whoever wrote `input` and set `version`, if anybody did, for this container.
    ///
    /// What containerd before 2.3 writes are options, which can be read as the newer message; so who is meant must be the same as on the
    /// command line.
    pub(crate) fn of(input: &[u8], version: Option<&str>, id: &str, namespace: &str) -> Self {
        let params = Params::decode(input).unwrap_or_default();
        if !id.is_empty() && params.instance_id == id && params.namespace == namespace {
            return Self::Message;
        }
        match version.and_then(|version| version.parse::<i32>().ok()) {
            Some(version) if version >= VERSION => Self::Json,
            _ => Self::Address,
        }
    }

    /// The answer's bytes.
    pub(crate) fn answer(self, address: String) -> Vec<u8> {
        let answer = Answer {
            version: VERSION,
            address,
            protocol: "ttrpc".to_owned(),
        };
        match self {
            Self::Address => answer.address.into_bytes(),
            Self::Json => serde_json::to_vec(&answer).unwrap_or_default(),
            Self::Message => answer.encode_to_vec(),
        }
    }
}

/// The newest version of the task service that is served; the one before it is too.
const VERSION: i32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Any;

    #[test]
    fn each_caller_is_answered_in_its_dialect() {
        let params = Params {
            instance_id: "one".into(),
            namespace: "k8s.io".into(),
        };
        let new = params.encode_to_vec();
        assert_eq!(
            Dialect::of(&new, Some("3"), "one", "k8s.io"),
            Dialect::Message
        );
        // options of an older containerd, which look like it
        let options = Any {
            type_url: "runtimeoptions.v1.Options".into(),
            value: b"k8s.io".to_vec(),
        };
        let old = options.encode_to_vec();
        assert_eq!(Dialect::of(&old, Some("3"), "one", "k8s.io"), Dialect::Json);
        assert_eq!(
            Dialect::of(&old, Some("2"), "one", "k8s.io"),
            Dialect::Address
        );
        assert_eq!(Dialect::of(&[], None, "one", "k8s.io"), Dialect::Address);
        let address = || "unix:///s".to_owned();
        assert_eq!(Dialect::Address.answer(address()), b"unix:///s");
        let json = br#"{"version":3,"address":"unix:///s","protocol":"ttrpc"}"#;
        assert_eq!(Dialect::Json.answer(address()), json);
        assert_eq!(
            &Dialect::Message.answer(address())[..4],
            b"\x08\x03\x12\x09"
        );
    }
}
