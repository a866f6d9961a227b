//! Verbs for apps that run: look, join, end.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use flatrack_engine::oci::BoxBuilder;
use flatrack_engine::{ExecOptions, Status};
use flatrack_perms::Untrusted;
use serde::Serialize;

use crate::instance::Record;
use crate::supervise::{clean, container};
use crate::{Error, Machine, Outcome, forward};

const SIGTERM: i32 = 15;
const SIGKILL: i32 = 9;

/// One running app, for `ps`.
#[derive(Debug, Clone, Serialize)]
pub struct ProcessRow {
    /// who it is
    #[serde(flatten)]
    pub record: Record,
    /// process 1 of the sandbox, in the host's numbers
    pub pid: i32,
    /// `running`, `paused`
    pub status: String,
}

/// Lists what runs.
///
/// # Errors
/// State that cannot be read.
pub fn ps() -> Result<Vec<ProcessRow>, Error> {
    rows(&Machine::probe()?)
}

pub(crate) fn rows(machine: &Machine) -> Result<Vec<ProcessRow>, Error> {
    let engine = machine.state.engine()?;
    let mut rows = Vec::new();
    for number in machine.state.numbers() {
        let Some(record) = machine.state.record(number) else {
            continue;
        };
        let Ok(info) = flatrack_engine::info(&engine, &container(number)?) else {
            continue;
        };
        if matches!(info.status, Status::Running | Status::Paused) {
            rows.push(ProcessRow {
                record,
                pid: info.pid,
                status: info.status.to_string(),
            });
        }
    }
    Ok(rows)
}

/// The instances that a name means: a number, or an app's id for all of its instances.
pub(crate) fn matching(machine: &Machine, name: &str) -> Result<Vec<ProcessRow>, Error> {
    let mut found = rows(machine)?;
    found.retain(|row| row.record.app == name || row.record.instance.to_string() == name);
    if found.is_empty() {
        return Err(Error::NotRunning(Untrusted(name).to_string()));
    }
    Ok(found)
}

/// Sends a signal to every instance of that name.
///
/// # Errors
/// Nothing of that name runs, or no such signal.
pub fn kill(name: &str, signal: &str) -> Result<(), Error> {
    let number = signal_number(signal)?;
    let machine = Machine::probe()?;
    for row in matching(&machine, name)? {
        flatrack_engine::kill(
            &machine.state.engine()?,
            &container(row.record.instance)?,
            number,
        )?;
    }
    Ok(())
}

/// Names as in `kill -l`, with and without `SIG`, and numbers.
fn signal_number(text: &str) -> Result<i32, Error> {
    const NAMES: [(&str, i32); 12] = [
        ("HUP", 1),
        ("INT", 2),
        ("QUIT", 3),
        ("ABRT", 6),
        ("KILL", 9),
        ("USR1", 10),
        ("USR2", 12),
        ("TERM", 15),
        ("CONT", 18),
        ("STOP", 19),
        ("TSTP", 20),
        ("WINCH", 28),
    ];
    let name = text.to_ascii_uppercase();
    let name = name.trim_start_matches("SIG");
    let known = NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, number)| *number);
    known
        .or_else(|| name.parse().ok().filter(|number| (1..=64).contains(number)))
        .ok_or_else(|| {
            let message = format!("`{}` is no signal", Untrusted(text));
            Error::request(
                message,
                Some("a name such as `TERM`, or a number from 1 to 64"),
            )
        })
}

/// Asks every instance of that name to end, and ends it after the timeout.
///
/// # Errors
/// Nothing of that name runs.
pub fn stop(name: &str, timeout: Duration) -> Result<(), Error> {
    let machine = Machine::probe()?;
    let engine = machine.state.engine()?;
    let found = matching(&machine, name)?;
    for row in &found {
        flatrack_engine::kill(&engine, &container(row.record.instance)?, SIGTERM)?;
    }
    let deadline = Instant::now() + timeout;
    for row in &found {
        let id = container(row.record.instance)?;
        let runs =
            || flatrack_engine::info(&engine, &id).is_ok_and(|info| info.status != Status::Stopped);
        while runs() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        if runs() {
            drop(flatrack_engine::kill(&engine, &id, SIGKILL));
        }
    }
    Ok(())
}

/// What to run in a running app.
#[derive(Debug, Clone)]
pub struct ExecRequest {
    /// number of an instance, or an app's id
    pub instance: String,
    /// command and arguments
    pub command: Vec<String>,
    /// further variables, `VAR=VALUE`
    pub env: Vec<String>,
    /// where to start; the app's own directory if absent
    pub cwd: Option<PathBuf>,
    /// a terminal of its own
    pub terminal: bool,
}

/// Runs a command in a running app, under everything the app is under.
///
/// # Errors
/// Nothing, or more than one instance of that name runs; the command cannot be started.
pub fn exec(request: &ExecRequest) -> Result<Outcome, Error> {
    let machine = Machine::probe()?;
    let engine = machine.state.engine()?;
    let found = matching(&machine, &request.instance)?;
    let [row] = found.as_slice() else {
        let numbers: Vec<String> = found
            .iter()
            .map(|row| row.record.instance.to_string())
            .collect();
        let message = format!("several instances of it run: {}", numbers.join(", "));
        return Err(Error::request(message, Some("name one by its number")));
    };
    let id = container(row.record.instance)?;
    let spec = engine.spec(&id)?;
    let Some(mut process) = spec.process().clone() else {
        return Err(Error::request(
            "the instance has no process to take after",
            None,
        ));
    };
    let mut env = process.env().clone().unwrap_or_default();
    for pair in &request.env {
        let Some((name, _)) = pair.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            let message = format!("`--env={}` is not of the form VAR=VALUE", Untrusted(pair));
            return Err(Error::request(message, None));
        };
        let prefix = format!("{name}=");
        env.retain(|old| !old.starts_with(&prefix));
        env.push(pair.clone());
    }
    process
        .set_args(Some(request.command.clone()))
        .set_env(Some(env));
    process.set_terminal(Some(request.terminal));
    if let Some((rows, columns)) = request.terminal.then(forward::window).flatten() {
        let size = BoxBuilder::default().height(rows).width(columns).build();
        process.set_console_size(size.ok());
    }
    if let Some(cwd) = &request.cwd {
        process.set_cwd(cwd.clone());
    }
    let options = ExecOptions {
        enforce_profile: row.record.enforce,
        ..ExecOptions::new(process)
    };
    forward::hold().map_err(|source| Error::Wait { source })?;
    let executed = match flatrack_engine::exec(&engine, &id, options) {
        Ok(executed) => executed,
        Err(flatrack_engine::Error::Setup(failure)) if failure.exit_code() != 125 => {
            let notes = vec![format!("flatrack: {failure}")];
            return Ok(Outcome {
                code: i32::from(failure.exit_code()),
                notes,
            });
        }
        Err(error) => return Err(error.into()),
    };
    let exit = forward::wait(&executed.pidfd, executed.terminal);
    let exit = exit.map_err(|source| Error::Wait { source })?;
    Ok(Outcome {
        code: i32::from(exit.code()),
        notes: Vec::new(),
    })
}

/// Removes what instances left behind whose app and monitor are both gone, temporary files of apps of which no
/// instance runs, and AppArmor profiles of apps that are not installed any more.
///
/// # Errors
/// Something that cannot be removed.
pub fn gc() -> Result<(), Error> {
    let machine = Machine::probe()?;
    let engine = machine.state.engine()?;
    for number in machine.state.numbers() {
        let runs = flatrack_engine::info(&engine, &container(number)?)
            .is_ok_and(|info| matches!(info.status, Status::Running | Status::Paused));
        if !runs && !machine.state.has_monitor(number) {
            clean(number, &machine.state)?;
        }
    }
    // the place of root's apps at the top of each hierarchy; one that is in use cannot be removed
    for hierarchy in &machine.cgroups.0 {
        drop(std::fs::remove_dir(hierarchy.mount.join("flatrack")));
    }
    crate::apparmor::forget(&machine)?;
    machine
        .state
        .forget_temporary_files(|app| Ok(rows(&machine)?.iter().any(|row| row.record.app == app)))
}
