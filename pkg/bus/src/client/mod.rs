//! A client that asks a bus a few questions, in bounded time and without threads.
//!
//! The engine clones from a process with one thread only, which rules out the libraries that bring an executor; and
//! a bus that never answers must not hold up a start. So here is the small part of the protocol that questions
//! without arguments need.

mod connection;
mod wire;

pub(crate) use connection::wait_readable;
pub use connection::{CallError, Connection};
pub use wire::{Method, Value};
