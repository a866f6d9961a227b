//! `bench`: measurements, never tests. Nothing here fails because a machine is slow.

mod bundle;
mod bus;
mod calls;
mod density;
mod figures;
mod job;
mod lane;
mod layers;
mod oci;
mod peers;
mod place;
mod process;
mod record;
mod shim;
mod start;

use std::path::PathBuf;
use std::process::Command;

use clap::Subcommand;
use flatrack_testbed::{Capability, Testbed};

use self::place::Bed;
use crate::{Result, tool, workspace};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Time from start to end of `/bin/true`, beside flatpak, bwrap, crun and runc
    Start(start::Options),
    /// Wall time to start many apps, and the resident memory of what watches over them
    Density(density::Options),
    /// What a call on the session bus costs through the proxy
    Bus(bus::Options),
    /// Making, starting, entering and removing a container, beside crun and runc, and with many beside it
    Oci(oci::Options),
    /// Memory of containerd's shims, flatrack's beside runc's
    Shim(shim::Options),
    /// What each layer of protection adds to a start
    Layers(layers::Options),
    /// What a system call costs in the sandbox, beside none and beside flatpak's
    Calls(calls::Options),
    /// Runs jobs from standard input; started by `start` in a mount namespace of its own
    #[command(hide = true)]
    Lane,
}

/// Runs the chosen measurement.
pub(crate) fn run(options: &Options) -> Result {
    if !matches!(options.what, What::Lane) {
        place::settle()?;
    }
    match &options.what {
        What::Start(options) => start::run(options),
        What::Density(options) => density::run(options),
        What::Bus(options) => bus::run(options),
        What::Oci(options) => oci::run(options),
        What::Shim(options) => shim::run(options),
        What::Layers(options) => layers::run(options),
        What::Calls(options) => calls::run(options),
        What::Lane => lane::serve(),
    }
}

/// A testbed with the stock apps and flatrack as it is installed.
fn testbed() -> Result<Bed> {
    Capability::StockFlatpak
        .probe()
        .map_err(|why| format!("{why}\nhint: ./hack/test installs it"))?;
    let flatrack = match std::env::var_os("FLATRACK_BIN") {
        Some(path) => PathBuf::from(path),
        None => {
            let mut build = Command::new(workspace::root().join("hack/dist"));
            PathBuf::from(tool::output(&mut build)?.trim_end())
        }
    };
    Bed::new(Testbed::new().with_flatpak().using(flatrack))
}

/// The limits that this machine can enforce, as options of `flatrack run`.
fn limits() -> Vec<&'static str> {
    [
        (Capability::MemoryLimit, "--memory-max=64M"),
        (Capability::CpuLimit, "--cpu-max=50%"),
        (Capability::PidsLimit, "--pids-max=64"),
    ]
    .into_iter()
    .filter(|(capability, _)| capability.probe().is_ok())
    .map(|(_, option)| option)
    .collect()
}
