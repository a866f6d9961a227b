//! Events of tasks, and the service that takes them (`events/task.proto`, `services/ttrpc/events/v1/events.proto`).

use prost::{Message, Name};
use prost_types::{Any, Timestamp};

use super::task::Mount;

/// The service's name, and its one method.
pub(crate) const FORWARD: (&str, &str) = ("containerd.services.events.ttrpc.v1.Events", "Forward");

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Forward {
    #[prost(message, optional, tag = "1")]
    pub(crate) envelope: Option<Envelope>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Envelope {
    #[prost(message, optional, tag = "1")]
    pub(crate) timestamp: Option<Timestamp>,
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
    #[prost(string, tag = "3")]
    pub(crate) topic: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) event: Option<Any>,
}

/// An event: a message with a topic.
pub(crate) trait Event: Message + Name {
    /// Under which it is published.
    const TOPIC: &'static str;
}

/// Gives messages the name that containerd knows them by, and their topic.
macro_rules! events {
    ($($message:ident $topic:literal;)*) => {$(
        impl Name for $message {
            const NAME: &'static str = stringify!($message);
            const PACKAGE: &'static str = "containerd.events";
            fn type_url() -> String {
                Self::full_name()
            }
        }
        impl Event for $message {
            const TOPIC: &'static str = $topic;
        }
    )*};
}

events! {
    TaskCreate "/tasks/create";
    TaskStart "/tasks/start";
    TaskDelete "/tasks/delete";
    TaskExit "/tasks/exit";
    TaskOOM "/tasks/oom";
    TaskExecAdded "/tasks/exec-added";
    TaskExecStarted "/tasks/exec-started";
    TaskPaused "/tasks/paused";
    TaskResumed "/tasks/resumed";
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskCreate {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
    #[prost(string, tag = "2")]
    pub(crate) bundle: String,
    #[prost(message, repeated, tag = "3")]
    pub(crate) rootfs: Vec<Mount>,
    #[prost(message, optional, tag = "4")]
    pub(crate) io: Option<TaskIo>,
    #[prost(uint32, tag = "6")]
    pub(crate) pid: u32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskIo {
    #[prost(string, tag = "1")]
    pub(crate) stdin: String,
    #[prost(string, tag = "2")]
    pub(crate) stdout: String,
    #[prost(string, tag = "3")]
    pub(crate) stderr: String,
    #[prost(bool, tag = "4")]
    pub(crate) terminal: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskStart {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
    #[prost(uint32, tag = "2")]
    pub(crate) pid: u32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskDelete {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
    #[prost(uint32, tag = "2")]
    pub(crate) pid: u32,
    #[prost(uint32, tag = "3")]
    pub(crate) exit_status: u32,
    #[prost(message, optional, tag = "4")]
    pub(crate) exited_at: Option<Timestamp>,
    #[prost(string, tag = "5")]
    pub(crate) id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExit {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
    #[prost(string, tag = "2")]
    pub(crate) id: String,
    #[prost(uint32, tag = "3")]
    pub(crate) pid: u32,
    #[prost(uint32, tag = "4")]
    pub(crate) exit_status: u32,
    #[prost(message, optional, tag = "5")]
    pub(crate) exited_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskOOM {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecAdded {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
    #[prost(string, tag = "2")]
    pub(crate) exec_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecStarted {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
    #[prost(string, tag = "2")]
    pub(crate) exec_id: String,
    #[prost(uint32, tag = "3")]
    pub(crate) pid: u32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskPaused {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskResumed {
    #[prost(string, tag = "1")]
    pub(crate) container_id: String,
}
