//! One command line to time, with the descriptors that it wants.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Seek;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::io::{FdFlags, fcntl_setfd};
use serde::{Deserialize, Serialize};

use crate::Result;

/// An argument: a text, or the number of a descriptor on a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Word {
    Text(String),
    Descriptor(PathBuf),
}

/// A command line to run over and over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    program: String,
    pub(crate) words: Vec<Word>,
    environment: BTreeMap<String, String>,
    dir: PathBuf,
}

impl From<&Command> for Job {
    fn from(command: &Command) -> Self {
        let text = |value: &std::ffi::OsStr| value.to_string_lossy().into_owned();
        let environment = command
            .get_envs()
            .filter_map(|(key, value)| Some((text(key), text(value?))))
            .collect();
        Self {
            program: text(command.get_program()),
            words: command
                .get_args()
                .map(|arg| Word::Text(text(arg)))
                .collect(),
            environment,
            dir: command
                .get_current_dir()
                .map(Into::into)
                .unwrap_or_else(|| "/".into()),
        }
    }
}

impl Job {
    /// Runs it once and gives the time from before the spawn to after the exit. Descriptors are opened before.
    pub(crate) fn time(&self) -> Result<Duration> {
        let (mut command, files) = self.prepare()?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let begin = Instant::now();
        let status = command.spawn()?.wait()?;
        let took = begin.elapsed();
        drop(files);
        if status.success() {
            Ok(took)
        } else {
            Err(format!("`{}` failed: {status}", self.program).into())
        }
    }

    /// Runs it once for the caches, and tells what it printed if it fails.
    pub(crate) fn warm_up(&self) -> Result {
        let (mut command, _files) = self.prepare()?;
        // to a file: a pipe would be waited for as long as any child of the job holds it
        let mut said = tempfile::tempfile()?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said.try_clone()?);
        let status = command.status()?;
        if status.success() {
            return Ok(());
        }
        said.rewind()?;
        let said = std::io::read_to_string(said)?;
        Err(format!("`{}` failed: {status}: {}", self.program, said.trim()).into())
    }

    fn prepare(&self) -> Result<(Command, Vec<File>)> {
        let mut command = Command::new(&self.program);
        let mut files = Vec::new();
        for word in &self.words {
            match word {
                Word::Text(text) => command.arg(text),
                Word::Descriptor(path) => {
                    let writable = path.starts_with("/dev");
                    let file = File::options().read(true).write(writable).open(path)?;
                    fcntl_setfd(&file, FdFlags::empty())?;
                    let number = file.as_raw_fd().to_string();
                    files.push(file);
                    command.arg(number)
                }
            };
        }
        command
            .env_clear()
            .envs(&self.environment)
            .current_dir(&self.dir);
        Ok((command, files))
    }
}
