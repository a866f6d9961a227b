//! Runs a bundle as an OCI runtime's `run` would, for measuring: `start BUNDLE ID [waiter]`.
//!
//! With `waiter` the process turns into the waiter program as `flatrack run` does; otherwise it waits itself and removes the container.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::ExitCode;

use flatrack_engine::{Bundle, ContainerId, Options, Root, StateDir, delete, run, seccomp};
use flatrack_sys::tiny::{Removal, WaiterArgs, become_waiter};

fn main() -> ExitCode {
    match start() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let mut text = error.to_string();
            let mut cause = error.source();
            while let Some(current) = cause {
                text = format!("{text}: {current}");
                cause = current.source();
            }
            use std::io::Write;
            writeln!(std::io::stderr(), "start: {text}").ok();
            ExitCode::from(125)
        }
    }
}

fn start() -> Result<u8, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("which bundle?")?).canonicalize()?;
    let id: ContainerId = arguments.next().ok_or("which id?")?.parse()?;
    let waiter = arguments.next().is_some();
    let spec: flatrack_engine::oci::Spec =
        serde_json::from_slice(&std::fs::read(dir.join("config.json"))?)?;
    let state = StateDir::open("/run/flatrack-example")?;
    let mut options = Options::new(id.clone(), state.clone());
    let profile = spec
        .linux()
        .as_ref()
        .and_then(|linux| linux.seccomp().as_ref());
    options.seccomp = profile
        .map(|profile| seccomp::cached(profile, &state.path().join(".seccomp")))
        .transpose()?;
    let bundle = Bundle {
        dir,
        spec,
        root: Root::Directory,
        pins: BTreeMap::new(),
    };
    let running = run(&bundle, options)?;
    if waiter {
        let files = state.files(&id).into_iter().map(Removal::File);
        let directory = Removal::Directory(state.of(&id));
        let cgroups = running
            .cgroup
            .removals()
            .map(|path| Removal::Directory(path.into()));
        let error = become_waiter(&WaiterArgs {
            name: OsStr::new("flatrack"),
            pidfd: running.pidfd.as_fd(),
            helpers: Vec::new(),
            keep: Vec::new(),
            last_words: None,
            removals: cgroups.chain(files).chain([directory]).collect(),
            finish: "/bin/false".as_ref(),
            finish_arguments: Vec::new(),
        });
        return Err(error.into());
    }
    let exit = match running.terminal {
        Some(master) => flatrack_engine::terminal::Proxy::new(master).run(&running.pidfd, &[])?,
        None => flatrack_sys::process::wait(&running.pidfd)?,
    };
    delete(&state, &id, true)?;
    Ok(exit.code())
}
