//! The task service: its calls, by name.

use prost::Message;

use super::{Pod, Reply};
use crate::error::{Code, Error, Result};

/// What comes of a call.
#[derive(Debug)]
pub(crate) enum Answer {
    Now(Vec<u8>),
    /// It is answered when something else has happened.
    Later,
}

/// What a call does.
pub(crate) type Method = fn(&mut Pod, Reply, &[u8]) -> Result<Answer>;

/// The calls of `containerd.task.v2.Task` and `containerd.task.v3.Task`, which are the same.
pub(crate) const METHODS: [(&str, Method); 17] = [
    ("Create", |pod, reply, bytes| {
        pod.create(reply, &read(bytes)?)
    }),
    ("Start", |pod, reply, bytes| pod.start(reply, read(bytes)?)),
    ("Delete", |pod, reply, bytes| {
        pod.delete(reply, read(bytes)?)
    }),
    ("Exec", |pod, _, bytes| pod.exec(read(bytes)?)),
    ("Kill", |pod, reply, bytes| pod.kill(reply, &read(bytes)?)),
    ("Wait", |pod, reply, bytes| pod.wait(reply, read(bytes)?)),
    ("State", |pod, _, bytes| pod.state(read(bytes)?)),
    ("Pids", |pod, _, bytes| pod.pids(&read(bytes)?)),
    ("Pause", |pod, reply, bytes| pod.pause(reply, &read(bytes)?)),
    ("Resume", |pod, reply, bytes| {
        pod.resume(reply, &read(bytes)?)
    }),
    ("Update", |pod, reply, bytes| {
        pod.update(reply, &read(bytes)?)
    }),
    ("ResizePty", |pod, _, bytes| pod.resize(read(bytes)?)),
    ("CloseIO", |pod, _, bytes| pod.close_input(read(bytes)?)),
    ("Stats", |pod, _, bytes| pod.stats(&read(bytes)?)),
    ("Connect", |pod, _, bytes| pod.connect(&read(bytes)?)),
    ("Shutdown", |pod, _, _| Ok(pod.shutdown())),
    ("Checkpoint", |_, _, _| {
        Err(Error::new(
            Code::Unimplemented,
            "checkpoints are not supported",
        ))
    }),
];

fn read<M: Message + Default>(bytes: &[u8]) -> Result<M> {
    M::decode(bytes).map_err(|error| Error::new(Code::InvalidArgument, error.to_string()))
}

/// An answer that says something.
pub(super) fn now(message: &impl Message) -> Result<Answer> {
    Ok(Answer::Now(message.encode_to_vec()))
}

/// One that says that all is well.
pub(super) fn nothing() -> Result<Answer> {
    Ok(Answer::Now(Vec::new()))
}
