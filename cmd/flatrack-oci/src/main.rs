//! `flatrack-oci`: the OCI runtime's door. The command line is runc's; the work is the engine's.
//!
//! One file a verb in `commands`, its arguments beside what it does. Whatever fails comes back as a [`failure::Failure`] and is said in
//! one place.
#![forbid(unsafe_code)]

mod bundle;
mod capabilities;
mod cli;
mod commands;
mod console;
mod document;
mod environment;
mod failure;
mod handed;
mod log;
mod output;
mod pid_file;
mod remove;
mod signal;
mod user;

use std::process::ExitCode;

fn main() -> ExitCode {
    let (verb, cli) = match cli::parse() {
        Ok(parsed) => parsed,
        Err(error) => return cli::refuse(&error),
    };
    let log = match log::Log::open(&cli.global) {
        Ok(log) => log,
        Err(failure) => return log::Log::plain().fail(&failure),
    };
    log.debug(&verb);
    match commands::run(&cli, &log) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => log.fail(&failure),
    }
}
