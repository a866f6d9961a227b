//! containerd's shim for flatrack: `io.containerd.flatrack.v1`.
//!
//! containerd starts it once for a pod and speaks to it over a socket; it starts flatrack-oci and looks after what comes of it: standard
//! streams, ends, events, figures. It runs no container itself, has one thread, and keeps nothing that grows with time.

#![forbid(unsafe_code)]

mod arguments;
mod cgroup;
mod console;
mod delete;
mod error;
mod events;
mod frame;
mod info;
mod logger;
mod messages;
mod oom;
mod pod;
mod rootfs;
mod runtime;
mod saved;
mod serve;
mod start;
mod stats;
mod stdio;

use std::io::Write as _;
use std::process::ExitCode;

use arguments::{Arguments, Verb};

fn main() -> ExitCode {
    let words = std::env::args().skip(1);
    let done = Arguments::parse(words).and_then(|arguments| {
        let done = match arguments.verb {
            Verb::Start => start::run(&arguments),
            Verb::Delete => delete::run(&arguments),
            Verb::Serve => serve::run(&arguments),
            Verb::Version => version(),
            Verb::Info => info::run(),
        };
        done.map_err(|error| error.to_string())
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // containerd shows it
            drop(writeln!(
                std::io::stderr(),
                "containerd-shim-flatrack-v1: {message}"
            ));
            ExitCode::FAILURE
        }
    }
}

fn version() -> error::Result<()> {
    let text = concat!(
        "containerd-shim-flatrack-v1 ",
        env!("CARGO_PKG_VERSION"),
        "\n"
    );
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|error| error::Error::unknown(format!("standard output: {error}")))
}
