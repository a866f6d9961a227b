//! Where a job runs: on the machine as it is, or where only cgroup v2 is to be seen.
//!
//! crun refuses a machine that mounts both cgroup versions. For it a second copy of this program lives in a mount
//! namespace of its own with cgroup2 on `/sys/fs/cgroup`, and runs and times what it is told.

use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::job::Job;
use crate::Result;

const ENTER: &str = "mount -t cgroup2 none /sys/fs/cgroup && exec \"$@\"";

#[derive(Serialize, Deserialize)]
struct Order {
    job: Job,
    warm_up: bool,
}

/// A place to run jobs.
#[derive(Debug)]
pub(crate) enum Lane {
    /// The machine as it is.
    Machine,
    /// A mount namespace with cgroup v2 only.
    Unified {
        child: Child,
        orders: ChildStdin,
        answers: BufReader<ChildStdout>,
    },
}

impl Lane {
    /// The place where crun runs: the machine itself when it has cgroup v2 only.
    pub(crate) fn unified() -> Result<Self> {
        if std::path::Path::new("/sys/fs/cgroup/cgroup.controllers").exists() {
            return Ok(Self::Machine);
        }
        let mut child = Command::new("unshare")
            .args(["--mount", "sh", "-c", ENTER, "lane"])
            .arg(std::env::current_exe()?)
            .args(["bench", "lane"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a lane without pipes".into());
        };
        Ok(Self::Unified {
            child,
            orders,
            answers: BufReader::new(answers),
        })
    }

    /// Times one run of a job there.
    pub(crate) fn time(&mut self, job: &Job) -> Result<Duration> {
        match self {
            Self::Machine => job.time(),
            Self::Unified { .. } => self.order(job, false),
        }
    }

    /// Runs a job once for the caches.
    pub(crate) fn warm_up(&mut self, job: &Job) -> Result {
        match self {
            Self::Machine => job.warm_up(),
            Self::Unified { .. } => self.order(job, true).map(drop),
        }
    }

    fn order(&mut self, job: &Job, warm_up: bool) -> Result<Duration> {
        let Self::Unified {
            orders, answers, ..
        } = self
        else {
            return job.time();
        };
        let order = serde_json::to_string(&Order {
            job: job.clone(),
            warm_up,
        })?;
        writeln!(orders, "{order}")?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            return Err("the lane with cgroup v2 ended".into());
        }
        let answer: std::result::Result<Duration, String> = serde_json::from_str(&line)?;
        Ok(answer?)
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        if let Self::Unified { child, .. } = self {
            // best effort: a lane that is gone already is as well
            let _gone = child.kill().and_then(|()| child.wait()).is_ok();
        }
    }
}

/// The other end: runs orders from standard input until it closes.
pub(crate) fn serve() -> Result {
    for line in stdin().lock().lines() {
        let Order { job, warm_up } = serde_json::from_str(&line?)?;
        let result = if warm_up {
            job.warm_up().map(|()| Duration::ZERO)
        } else {
            job.time()
        };
        let answer = serde_json::to_string(&result.map_err(|error| error.to_string()))?;
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}
