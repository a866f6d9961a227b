//! What a runtime says of itself (`types/introspection.proto`), for containerd 2.0 and later.

use prost::Message;
use prost_types::Any;

/// `containerd.types.RuntimeInfo`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct RuntimeInfo {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) version: Option<RuntimeVersion>,
    #[prost(message, optional, tag = "4")]
    pub(crate) features: Option<Any>,
}

/// `containerd.types.RuntimeVersion`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct RuntimeVersion {
    #[prost(string, tag = "1")]
    pub(crate) version: String,
}

/// The type of features as the OCI runtime writes them, in JSON.
pub(crate) const FEATURES: &str =
    "types.containerd.io/opencontainers/runtime-spec/1/features/Features";
