//! `cargo xtask vm -- COMMAND`: a command on a real kernel with AppArmor and pure cgroup v2.
//!
//! The host's root is the guest's, under a layer of memory: what was built outside runs inside, and nothing that
//! runs inside changes the host.

mod initramfs;
mod kernel;
mod machine;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::{Result, workspace};

/// What to run, and for how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Seconds after which the machine is ended
    #[arg(long, default_value_t = 600)]
    timeout: u64,
    /// The command and its arguments, run by root in the current directory
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Boots, runs the command, and gives its exit code.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    machine::check_tools()?;
    let cache = workspace::Metadata::load()?.target_directory.join("vm");
    std::fs::create_dir_all(&cache)?;
    let kernel = kernel::Kernel::obtain(&cache)?;
    let work = tempfile::tempdir_in(&cache)?;
    let initramfs = work.path().join("initramfs");
    std::fs::write(
        &initramfs,
        initramfs::build(&kernel, &script(&options.command)?)?,
    )?;
    let code = machine::Machine {
        vmlinux: &kernel.vmlinux,
        initramfs: &initramfs,
        work: work.path(),
        host_tmp: cache.starts_with("/tmp") || std::env::current_dir()?.starts_with("/tmp"),
        limit: Duration::from_secs(options.timeout),
    }
    .run()?;
    Ok(ExitCode::from(code))
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
