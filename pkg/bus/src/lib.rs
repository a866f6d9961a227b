//! D-Bus for apps.
//!
//! ```text
//! rights ──► Filter ──► Endpoint ──► Backend ──► Invocation       who runs it: the caller
//! ```
//!
//! [`filter`](Filter) says which names and messages an app may reach on a bus; that is pure. A [`Backend`] turns filters
//! into the command of a program that enforces them: [`XdgDbusProxy`] today. [`Session`] is what the user's own bus
//! offers, asked through a small [`client`] that never waits longer than it was told to.

#![forbid(unsafe_code)]

mod address;
mod backend;
pub mod client;
mod filter;
mod readiness;
mod session;

pub use address::{Address, AddressError};
pub use backend::{Backend, Descriptors, Endpoint, Invocation, MissingProxy, XdgDbusProxy};
pub use filter::{Filter, Rule};
pub use readiness::{NotReady, wait_until_ready};
pub use session::Session;
