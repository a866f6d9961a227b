//! What is said between containerd and its shims: names and numbers of its published interface (`containerd/api/*.proto`), no more than
//! what is used here. Fields that are not named are passed over, as protocol buffers have it.

pub(crate) mod bootstrap;
pub(crate) mod event;
pub(crate) mod info;
pub(crate) mod metrics;
pub(crate) mod options;
pub(crate) mod rpc;
pub(crate) mod task;
