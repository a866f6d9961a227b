//! From an app's name to a running, supervised and cleaned-up sandbox.
//!
//! [`pipeline`] reads as the story of one run. Everything else here is one step of it, or one verb that looks at or
//! changes instances that run.

#![forbid(unsafe_code)]

pub mod apparmor;
mod around;
mod ask;
mod build;
mod bundle;
mod cdi;
mod control;
mod dconf;
mod doctor;
mod driver;
mod error;
mod events;
mod explain;
mod extensions;
mod facts;
mod forward;
mod forwarding;
pub mod generate;
mod handed;
mod host;
mod instance;
mod inventory;
mod linker;
mod load;
mod machine;
mod metrics;
mod overrides;
mod pin;
pub mod pipeline;
pub mod pod;
pub mod policy;
mod provenance;
mod quiet;
mod read;
mod rename;
mod request;
mod services;
mod session;
mod sources;
mod supervise;
mod surroundings;
mod usage;

pub use control::{ExecRequest, ProcessRow, exec, gc, kill, ps, stop};
pub use doctor::{Check, Report, Verdict, doctor};
pub use error::Error;
pub use events::{Event, Follow, Follower, Happening};
pub use explain::{Explanation, Row, explain};
pub use extensions::ExtensionRow;
pub use flatrack_engine::cgroup::{Stall, Stats};
pub use flatrack_engine::protect_own_program;
pub use flatrack_store::Scope;
pub use handed::variables;
pub use instance::{Record, State};
pub use inventory::{Info, info, list};
pub use machine::Machine;
pub use metrics::{MAX_REQUEST, MetricsServer, metrics};
pub use overrides::Override;
pub use pipeline::{Outcome, bundle, permissions, run, spec};
pub use request::{LogBuses, Request, RunOptions, ServiceOptions, Stand};
pub use supervise::{FINISH, finish};
pub use usage::{StatsRow, stats, update};
