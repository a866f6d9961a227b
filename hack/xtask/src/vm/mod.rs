//! `cargo xtask vm -- COMMAND`: a command on a real kernel with AppArmor and pure cgroup v2; `cargo xtask vm-tests`: the tests that need one.
//!
//! The host's root is the guest's, under a layer of memory: what was built outside runs inside, and nothing that
//! runs inside changes the host.

mod initramfs;
mod kernel;
mod machine;
mod suites;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::{Result, workspace};

/// What to run, and for how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    boot: Boot,
    /// Only see to it that everything for a boot is there
    #[arg(long, conflicts_with = "command")]
    prepare: bool,
    /// The command and its arguments, run by root in the current directory
    #[arg(last = true, required_unless_present = "prepare")]
    command: Vec<String>,
}

/// How to boot for the tests.
#[derive(Debug, clap::Args)]
pub(crate) struct TestOptions {
    #[command(flatten)]
    boot: Boot,
}

/// A boot.
#[derive(Debug, clap::Args)]
struct Boot {
    /// The kernel, from Debian's packages; kept in the target directory
    #[arg(long, value_enum, default_value_t)]
    kernel: kernel::Choice,
    /// What process 1 is
    #[arg(long, value_enum, default_value_t)]
    init: SecondStage,
    /// Seconds after which the machine is ended
    #[arg(long, default_value_t = 1500)]
    timeout: u64,
}

/// What is process 1 once the machine's root is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum SecondStage {
    /// A script that mounts what is needed and runs the command
    #[default]
    Script,
    /// systemd, with the command as a service of it
    Systemd,
}

impl SecondStage {
    /// Its file in `hack/vm`.
    const fn file(self) -> &'static str {
        match self {
            Self::Script => "guest",
            Self::Systemd => "systemd",
        }
    }
}

/// Boots, runs the command, and gives its exit code.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if options.prepare {
        kernel::Kernel::obtain(options.boot.kernel, &prepare()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    options.boot.run(&options.command)
}

/// Boots and runs the tests of `hack/vm/suites`.
pub(crate) fn run_tests(options: &TestOptions) -> Result<ExitCode> {
    options.boot.run(&suites::command(options.boot.init)?)
}

/// Everything but the kernel; gives the directory of kernels.
fn prepare() -> Result<PathBuf> {
    machine::check_tools()?;
    let cache = workspace::Metadata::load()?.target_directory.join("vm");
    std::fs::create_dir_all(&cache)?;
    Ok(cache)
}

impl Boot {
    fn run(&self, command: &[String]) -> Result<ExitCode> {
        let cache = prepare()?;
        let kernel = kernel::Kernel::obtain(self.kernel, &cache)?;
        let code = machine::Machine {
            vmlinux: &kernel.vmlinux,
            initramfs: &initramfs::build(&kernel, self.init, &script(command)?)?,
            host_tmp: cache.starts_with("/tmp") || std::env::current_dir()?.starts_with("/tmp"),
            limit: Duration::from_secs(self.timeout),
        }
        .run()?;
        Ok(ExitCode::from(code))
    }
}

/// The command as a script: the same directory and the variables that find programs.
fn script(command: &[String]) -> Result<String> {
    let mut text = format!(
        "cd {}\n",
        quoted(&std::env::current_dir()?.display().to_string())
    );
    for name in [
        "PATH",
        "HOME",
        "CARGO_TARGET_DIR",
        "CARGO_HOME",
        "RUSTUP_HOME",
    ] {
        if let Ok(value) = std::env::var(name) {
            text += &format!("export {name}={}\n", quoted(&value));
        }
    }
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    Ok(text + "exec " + &words.join(" ") + "\n")
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A file of `hack/vm`.
fn guest_file(name: &str) -> PathBuf {
    workspace::root().join("hack/vm").join(name)
}
