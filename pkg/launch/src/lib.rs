//! From an app's name to a running, supervised and cleaned-up sandbox.
//!
//! [`pipeline`] reads as the story of one run. Everything else here is one step of it, or one verb that looks at or
//! changes instances that run.

#![forbid(unsafe_code)]

pub mod apparmor;
mod build;
mod bundle;
mod control;
mod doctor;
mod error;
mod explain;
mod facts;
mod forward;
mod host;
mod instance;
mod inventory;
mod load;
mod machine;
mod pin;
pub mod pipeline;
mod policy;
mod request;
mod sources;
mod supervise;
mod usage;

pub use control::{ExecRequest, ProcessRow, exec, gc, kill, ps, stop};
pub use doctor::{Check, Report, Verdict, doctor};
pub use error::Error;
pub use explain::{Explanation, Row, explain};
pub use flatrack_store::Scope;
pub use instance::{Record, State};
pub use inventory::{Info, info, list};
pub use machine::Machine;
pub use pipeline::{Outcome, bundle, permissions, run, spec};
pub use request::Request;
pub use supervise::{FINISH, finish};
pub use usage::{StatsRow, stats, update};
