//! `flatrack`: the app's door.
#![forbid(unsafe_code)]

mod cli;
mod commands;
mod print;
mod report;
mod top;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    commands::run(&arguments)
}
