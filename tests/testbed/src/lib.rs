//! A machine of one's own for a test.
//!
//! A [`Testbed`] is a temporary directory with its own home, runtime directory and Flatpak installations. Apps in it
//! are built and installed offline by the stock `flatpak`, so that tests read what users have and not what we
//! believe they have. The runtime and the first app are built once per target directory and shared read-only.
//!
//! ```no_run
//! use flatrack_testbed::{Testbed, needs};
//!
//! needs!(StockFlatpak);
//! let bed = Testbed::new().with_flatpak();
//! bed.app("org.flatrack.Test.Small").metadata("X-Resources", "memory-max", "64M").install();
//! bed.flatrack(["run", "org.flatrack.Test.Small"]).assert_success();
//! ```
//!
//! What a test cannot do here it says with [`needs!`] or [`skip!`]; `hack/test` collects those lines, and fails where
//! the capability exists after all.

#![forbid(unsafe_code)]

mod app;
mod binary;
mod build_dir;
mod bus;
mod capability;
mod cgroup;
mod disk;
mod docker;
mod extension;
mod installation;
mod leftovers;
mod outcome;
mod places;
mod runtime;
mod skip;
mod stock;
mod systemd;
mod testbed;
mod tree;
mod user;

pub use app::App;
pub use build_dir::BuildDir;
pub use bus::Bus;
pub use capability::Capability;
pub use cgroup::{Limit, cgroup};
pub use disk::LoopDisk;
pub use docker::Docker;
pub use extension::Extension;
pub use leftovers::Leftovers;
pub use outcome::Outcome;
pub use skip::record as record_skip;
pub use stock::{HELLO, PLATFORM, SDK};
pub use systemd::systemctl;
pub use testbed::Testbed;
pub use tree::Tree;
pub use user::{User, as_root};
