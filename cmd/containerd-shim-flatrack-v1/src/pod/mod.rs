//! The containers of one pod, and what is being done with them.
//!
//! Calls of the runtime are jobs: nobody waits for one, since a hook may take long and other containers' calls come meanwhile. Ends of
//! processes are taken in the order in which they are told: none is lost, however soon it comes.

mod calls;
mod create;
mod delete;
mod exec;
mod process;
mod verbs;

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitOptions, WaitStatus, wait};

use crate::cgroup::Cgroup;
use crate::console::Console;
use crate::error::{Code, Error, Result};
use crate::events::Publisher;
use crate::logger::Speaker;
use crate::messages::event::{TaskExit, TaskOOM};
use crate::oom::Watch;
use crate::runtime::Runtime;
use crate::stdio::{Flow, Pump};

pub(crate) use calls::{Answer, METHODS};
pub(crate) use process::{Exit, Phase, Process};

/// Output that nobody takes is waited for so long before its container is deleted.
const STALLED: Duration = Duration::from_secs(2);

/// To whom an answer goes: a connection, and a call on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) connection: u64,
    pub(crate) stream: u32,
}

/// A process, by its container and, beside the first one, its own name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) container: String,
    pub(crate) exec: String,
}

/// A container.
#[derive(Debug)]
pub(crate) struct Container {
    bundle: PathBuf,
    rootfs: PathBuf,
    runtime: Runtime,
    /// the first has no name
    processes: BTreeMap<String, Process>,
    paused: bool,
    cgroup: Cgroup,
    oom: Option<Watch>,
    oom_kills: u64,
}

type Then = Box<dyn FnOnce(&mut Pod, bool) -> Result<Vec<u8>>>;

/// A call of the runtime that goes on.
struct Job {
    reply: Reply,
    then: Then,
}

/// What waits until a process's output has gone away.
struct Draining {
    name: Name,
    since: Instant,
    reply: Reply,
}

/// All of it.
pub(crate) struct Pod {
    namespace: String,
    pub(crate) containers: BTreeMap<String, Container>,
    jobs: BTreeMap<i32, Job>,
    /// ends of processes that nobody knows yet, while jobs go on
    early: BTreeMap<i32, Exit>,
    pub(crate) pumps: Vec<(Name, Pump)>,
    draining: Vec<Draining>,
    pub(crate) publisher: Publisher,
    /// answers that are ready
    pub(crate) answers: Vec<(Reply, Result<Vec<u8>>)>,
    /// whether the shim is to end
    pub(crate) done: bool,
    consoles: u64,
}

impl Pod {
    pub(crate) fn new(namespace: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            containers: BTreeMap::new(),
            jobs: BTreeMap::new(),
            early: BTreeMap::new(),
            pumps: Vec::new(),
            draining: Vec::new(),
            publisher: Publisher::new(namespace),
            answers: Vec::new(),
            done: false,
            consoles: 0,
        }
    }

    /// Starts the runtime; `then` hears whether it succeeded, and its result is the answer.
    fn job(
        &mut self,
        mut command: Command,
        reply: Reply,
        then: impl FnOnce(&mut Self, bool) -> Result<Vec<u8>> + 'static,
    ) -> Result<Answer> {
        let child = command.spawn();
        // standard streams that were given to it are the container's alone
        let program = command.get_program().to_owned();
        drop(command);
        let child = child.map_err(|error| Error::io("start", program.as_ref(), &error))?;
        let pid = i32::try_from(child.id()).map_err(|_| Error::unknown("no process number"))?;
        let then = Box::new(then);
        self.jobs.insert(pid, Job { reply, then });
        Ok(Answer::Later)
    }

    /// Takes the ends of all processes that have ended.
    pub(crate) fn reap(&mut self) {
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            let exit = Exit::now(code(status));
            let pid = pid.as_raw_nonzero().get();
            if let Some(job) = self.jobs.remove(&pid) {
                let result = (job.then)(self, exit.status == 0);
                self.answers.push((job.reply, result));
            } else {
                self.ended(pid, exit);
            }
            if self.jobs.is_empty() {
                self.early.clear();
            }
        }
    }

    fn ended(&mut self, pid: i32, exit: Exit) {
        let name = self.containers.iter().find_map(|(id, container)| {
            let mut processes = container.processes.iter();
            let (exec, _) = processes.find(|(_, process)| process.runs_as(pid))?;
            Some(Name {
                container: id.clone(),
                exec: exec.clone(),
            })
        });
        match name {
            Some(name) => self.exited(&name, exit),
            None => drop(self.early.insert(pid, exit)),
        }
    }

    /// The end of a process that may have ended before it was known.
    fn ended_early(&mut self, name: &Name, pid: u32) {
        let early = i32::try_from(pid)
            .ok()
            .and_then(|pid| self.early.remove(&pid));
        if let Some(exit) = early {
            self.exited(name, exit);
        }
    }

    /// Tells the world of an end; of one whose start is still being told, afterwards.
    fn exited(&mut self, name: &Name, exit: Exit) {
        let Some(container) = self.containers.get_mut(&name.container) else {
            return;
        };
        let Some(process) = container.processes.get_mut(&name.exec) else {
            return;
        };
        if process.phase == Phase::Starting {
            process.held = Some(exit);
            return;
        }
        process.phase = Phase::Stopped(exit);
        let (pid, waiters) = (process.pid, std::mem::take(&mut process.waiters));
        if name.exec.is_empty() {
            self.count_kills(&name.container);
        }
        self.publisher.publish(&TaskExit {
            container_id: name.container.clone(),
            id: match name.exec.as_str() {
                "" => name.container.clone(),
                exec => exec.to_owned(),
            },
            pid,
            exit_status: exit.status,
            exited_at: Some(exit.at.into()),
        });
        for waiter in waiters {
            self.answers.push((waiter, Ok(exit.waited())));
        }
    }

    /// What the start's end leaves to be told.
    fn told_of_start(&mut self, name: &Name) {
        let held = match self.process(name) {
            Ok(process) => {
                process.phase = Phase::Running;
                process.held.take()
            }
            Err(_) => None,
        };
        if let Some(exit) = held {
            self.exited(name, exit);
        }
    }

    /// Tells of kills for memory that have not been told yet.
    pub(crate) fn count_kills(&mut self, id: &str) {
        let Some(container) = self.containers.get_mut(id) else {
            return;
        };
        if let Some(watch) = &container.oom {
            watch.clear();
        }
        let kills = container.cgroup.oom_kills();
        if kills > container.oom_kills {
            container.oom_kills = kills;
            self.publisher.publish(&TaskOOM {
                container_id: id.to_owned(),
            });
        }
    }

    /// The containers whose kills are watched.
    pub(crate) fn watches(&self) -> impl Iterator<Item = (&str, &Watch)> {
        let all = self.containers.iter();
        all.filter_map(|(id, container)| Some((id.as_str(), container.oom.as_ref()?)))
    }

    /// Moves output and input, and answers who waited for the last of it.
    pub(crate) fn pump(&mut self, room: &mut [u8]) {
        let now = Instant::now();
        let draining = &mut self.draining;
        self.pumps.retain_mut(|(name, pump)| match pump.run(room) {
            Flow::Ended => false,
            Flow::Open { moved } => {
                if moved {
                    let theirs = draining.iter_mut().filter(|it| it.name == *name);
                    theirs.for_each(|it| it.since = now);
                }
                true
            }
        });
        for draining in std::mem::take(&mut self.draining) {
            // one that never ran has said nothing
            let ran = self
                .process(&draining.name)
                .is_ok_and(|it| it.exit().is_some());
            let flows = ran
                && self
                    .pumps
                    .iter()
                    .any(|(name, pump)| *name == draining.name && pump.is_output());
            if flows && now.duration_since(draining.since) < STALLED {
                self.draining.push(draining);
                continue;
            }
            self.pumps.retain(|(name, _)| *name != draining.name);
            match self.delete_now(&draining.name, draining.reply) {
                Ok(Answer::Now(payload)) => self.answers.push((draining.reply, Ok(payload))),
                Ok(Answer::Later) => {}
                Err(error) => self.answers.push((draining.reply, Err(error))),
            }
        }
    }

    /// When to look again at what nothing tells of; never where there is no such thing.
    pub(crate) fn patience(&self) -> Option<Duration> {
        const DRAINING: Duration = Duration::from_millis(50);
        match self.draining.is_empty() {
            false => Some(DRAINING),
            true => self.publisher.patience(),
        }
    }

    fn container(&mut self, id: &str) -> Result<&mut Container> {
        let missing = || {
            Error::new(
                Code::NotFound,
                format!("no container `{}`", id.escape_default()),
            )
        };
        self.containers.get_mut(id).ok_or_else(missing)
    }

    fn process(&mut self, name: &Name) -> Result<&mut Process> {
        let container = self.container(&name.container)?;
        let missing = || {
            let exec = name.exec.escape_default();
            Error::new(Code::NotFound, format!("no process `{exec}`"))
        };
        container.processes.get_mut(&name.exec).ok_or_else(missing)
    }

    fn new_console(&mut self) -> Result<Console> {
        self.consoles += 1;
        Console::new(self.consoles)
    }

    /// Connects a process with its terminal.
    /// How programs that take what a process says know it.
    fn speaker(&self, name: &Name) -> Speaker {
        let id = match name.exec.as_str() {
            "" => &name.container,
            exec => exec,
        };
        Speaker {
            namespace: self.namespace.clone(),
            id: id.to_owned(),
        }
    }

    fn connect_terminal(&mut self, name: &Name, master: OwnedFd) -> Result<()> {
        let io = self.process(name)?.io.clone();
        let pumps = io.terminal(std::os::fd::AsFd::as_fd(&master), &self.speaker(name))?;
        let process = self.process(name)?;
        process.console = Some(master);
        self.pumps
            .extend(pumps.into_iter().map(|pump| (name.clone(), pump)));
        Ok(())
    }
}

impl Container {
    fn init(&self) -> Option<&Process> {
        self.processes.get("")
    }

    /// The runtime's last message, or that it has none.
    fn failure(&self, doing: &str) -> Error {
        failure(&self.runtime, doing)
    }
}

fn failure(runtime: &Runtime, doing: &str) -> Error {
    let message = runtime.message();
    let message = message.unwrap_or_else(|| "the runtime failed without a message".to_owned());
    Error::unknown(format!("{doing}: {message}"))
}

fn code(status: WaitStatus) -> u32 {
    let signal = || status.terminating_signal().map(|signal| 128 + signal);
    let code = status.exit_status().or_else(signal).unwrap_or(255);
    u32::try_from(code).unwrap_or(255)
}

/// A process number that can be signalled.
fn pid(number: u32) -> Result<Pid> {
    let pid = i32::try_from(number).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| Error::new(Code::FailedPrecondition, "the process has not started"))
}
