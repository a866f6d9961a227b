//! The project's own commands. `cargo xtask check` is the one to know.

#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "commands for people at a terminal"
)]

mod bench;
mod changelog;
mod check;
mod ci;
mod gaps;
mod generate;
mod layers;
mod policy;
mod tool;
mod vm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Errors end a command with a message; there is nobody who would tell them apart.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Cli {
    /// A missing tool is an error instead of a skipped step
    #[arg(long, global = true)]
    strict: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Format, lints, layers, generated files, tests: what a change has to pass
    Check,
    /// All of `check`, the documentation and the tests that need root
    Ci,
    /// Which crate uses which, where `unsafe` is, and that each policy rule says why
    Layers,
    /// Write man pages, completions and the reference from the command line's own table
    Gen(generate::Options),
    /// Tests marked `#[ignore = "gap: …"]` must still fail
    Gaps,
    /// Warn when code changed and CHANGELOG.md did not
    Changelog,
    /// Measure start-up time or resident memory, beside other tools
    Bench(bench::Options),
    /// Run a command on a real kernel with AppArmor and cgroup v2, in QEMU
    ///
    /// The machine shows this one's files as they are; what the command changes is gone with it. Standard output and error come back,
    /// and the exit code. Needs root. See hack/docs/testing.md.
    Vm(vm::Options),
    /// Run in that machine the tests that need what it has
    ///
    /// Which these are says hack/vm/suites. The tests are built here and run there.
    VmTests(vm::TestOptions),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let tools = tool::Tools { strict: cli.strict };
    let result = match cli.command {
        Command::Check => check::run(&tools),
        Command::Ci => ci::run(),
        Command::Layers => layers::run(),
        Command::Gen(options) => generate::run(&options),
        Command::Gaps => gaps::run(),
        Command::Changelog => changelog::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Vm(options) => return finish(vm::run(&options)),
        Command::VmTests(options) => return finish(vm::run_tests(&options)),
    };
    finish(result.map(|()| ExitCode::SUCCESS))
}

/// An error is a message and exit code 1; the guest's own exit code passes through.
fn finish(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
