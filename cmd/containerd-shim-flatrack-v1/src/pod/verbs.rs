//! Calls about containers and processes that are there.

use flatrack_sys::process::{pidfd_open, pidfd_send_signal};
use rustix::termios::{Winsize, tcsetwinsize};

use super::calls::{Answer, nothing, now};
use super::{Name, Pod, Reply, pid};
use crate::error::{Code, Error, Result};
use crate::messages::event::{TaskPaused, TaskResumed};
use crate::messages::task::{
    CloseRequest, Connected, ContainerRequest, KillRequest, Pids, ProcessRequest, ResizeRequest,
    Started, State, Stats, Status, UpdateRequest,
};
use crate::stats;

impl Pod {
    pub(super) fn wait(&mut self, reply: Reply, request: ProcessRequest) -> Result<Answer> {
        let process = self.process(&named(request))?;
        match process.exit() {
            Some(exit) => Ok(Answer::Now(exit.waited())),
            None => {
                process.waiters.push(reply);
                Ok(Answer::Later)
            }
        }
    }

    pub(super) fn state(&mut self, request: ProcessRequest) -> Result<Answer> {
        let name = named(request);
        let container = self.container(&name.container)?;
        let (bundle, paused) = (container.bundle.display().to_string(), container.paused);
        let process = self.process(&name)?;
        let status = match process.status() {
            Status::Running if paused => Status::Paused,
            status => status,
        };
        let exit = process.exit();
        now(&State {
            id: name.container.clone(),
            bundle,
            pid: process.pid,
            status: status.into(),
            stdin: process.io.stdin.clone(),
            stdout: process.io.stdout.clone(),
            stderr: process.io.stderr.clone(),
            terminal: process.io.terminal,
            exit_status: exit.map_or(0, |exit| exit.status),
            exited_at: exit.map(|exit| exit.at.into()),
            exec_id: name.exec,
        })
    }

    pub(super) fn kill(&mut self, reply: Reply, request: &KillRequest) -> Result<Answer> {
        let name = Name {
            container: request.id.clone(),
            exec: request.exec_id.clone(),
        };
        let process = self.process(&name)?;
        if process.exit().is_some() {
            return Err(Error::new(Code::NotFound, "process already finished"));
        }
        if !name.exec.is_empty() {
            // it has not been waited for, so the number is its own
            let number = i32::try_from(request.signal).unwrap_or(0);
            let sent =
                pidfd_open(pid(process.pid)?).and_then(|target| pidfd_send_signal(target, number));
            return match sent {
                Ok(()) => nothing(),
                Err(_) => Err(Error::new(Code::NotFound, "process already finished")),
            };
        }
        let runtime = self.container(&name.container)?.runtime.clone();
        runtime.forget_messages();
        let mut command = runtime.verb("kill");
        if request.all {
            command.arg("--all");
        }
        command.arg(&name.container).arg(request.signal.to_string());
        self.simple(command, reply, name.container, "kill", |_, _| {})
    }

    pub(super) fn pause(&mut self, reply: Reply, request: &ContainerRequest) -> Result<Answer> {
        let command = self.verb("pause", &request.id)?;
        self.simple(command, reply, request.id.clone(), "pause", |pod, id| {
            if let Ok(container) = pod.container(id) {
                container.paused = true;
            }
            let container_id = id.to_owned();
            pod.publisher.publish(&TaskPaused { container_id });
        })
    }

    pub(super) fn resume(&mut self, reply: Reply, request: &ContainerRequest) -> Result<Answer> {
        let command = self.verb("resume", &request.id)?;
        self.simple(command, reply, request.id.clone(), "resume", |pod, id| {
            if let Ok(container) = pod.container(id) {
                container.paused = false;
            }
            let container_id = id.to_owned();
            pod.publisher.publish(&TaskResumed { container_id });
        })
    }

    pub(super) fn update(&mut self, reply: Reply, request: &UpdateRequest) -> Result<Answer> {
        let container = self.container(&request.id)?;
        let file = container.bundle.join("resources.json");
        let resources = request.resources.as_ref().map(|any| any.value.as_slice());
        let written = std::fs::write(&file, resources.unwrap_or(b"{}"));
        written.map_err(|error| Error::io("write", &file, &error))?;
        container.runtime.forget_messages();
        let mut command = container.runtime.verb("update");
        command.arg("--resources").arg(&file).arg(&request.id);
        self.simple(command, reply, request.id.clone(), "update", |_, _| {})
    }

    fn verb(&mut self, verb: &str, id: &str) -> Result<std::process::Command> {
        let runtime = &self.container(id)?.runtime;
        runtime.forget_messages();
        let mut command = runtime.verb(verb);
        command.arg(id);
        Ok(command)
    }

    /// A call of the runtime whose success is all there is to say.
    fn simple(
        &mut self,
        command: std::process::Command,
        reply: Reply,
        id: String,
        doing: &'static str,
        after: fn(&mut Self, &str),
    ) -> Result<Answer> {
        self.job(command, reply, move |pod, succeeded| {
            if succeeded {
                after(pod, &id);
                return Ok(Vec::new());
            }
            let container = pod.container(&id)?;
            let gone = container.init().is_none_or(|init| init.exit().is_some());
            match gone && doing == "kill" {
                true => Err(Error::new(Code::NotFound, "process already finished")),
                false => Err(container.failure(doing)),
            }
        })
    }

    pub(super) fn pids(&mut self, request: &ContainerRequest) -> Result<Answer> {
        let cgroup = &self.container(&request.id)?.cgroup;
        let controller = if cgroup.is_v1() { "memory" } else { "" };
        let text = cgroup.text(controller, "cgroup.procs");
        let processes = text.lines().filter_map(|line| line.parse().ok());
        now(&Pids {
            processes: processes.map(|pid| Started { pid }).collect(),
        })
    }

    pub(super) fn resize(&mut self, request: ResizeRequest) -> Result<Answer> {
        let name = Name {
            container: request.id,
            exec: request.exec_id,
        };
        let Some(console) = &self.process(&name)?.console else {
            return Err(Error::new(
                Code::FailedPrecondition,
                "the process has no terminal",
            ));
        };
        let cells = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
        let size = Winsize {
            ws_row: cells(request.height),
            ws_col: cells(request.width),
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let resized = tcsetwinsize(console, size);
        resized.map_err(|error| Error::unknown(format!("the terminal: {error}")))?;
        nothing()
    }

    pub(super) fn close_input(&mut self, request: CloseRequest) -> Result<Answer> {
        let name = Name {
            container: request.id,
            exec: request.exec_id,
        };
        self.process(&name)?;
        if request.stdin {
            let theirs = self.pumps.iter_mut().filter(|(other, _)| *other == name);
            theirs.for_each(|(_, pump)| pump.close_input());
        }
        nothing()
    }

    pub(super) fn stats(&mut self, request: &ContainerRequest) -> Result<Answer> {
        let container = self.container(&request.id)?;
        let runs = container.init().is_some_and(|init| init.exit().is_none());
        if !runs {
            return Err(Error::new(Code::NotFound, "the container has ended"));
        }
        now(&Stats {
            stats: Some(stats::of(&container.cgroup)),
        })
    }

    pub(super) fn connect(&mut self, request: &ContainerRequest) -> Result<Answer> {
        let init = self.container(&request.id)?.init();
        let task_pid = init.map_or(0, |init| init.pid);
        now(&Connected {
            shim_pid: std::process::id(),
            task_pid,
            version: String::new(),
        })
    }

    /// Ends the shim, unless other containers of the pod are still there.
    pub(super) fn shutdown(&mut self) -> Answer {
        self.done = self.containers.is_empty();
        Answer::Now(Vec::new())
    }
}

fn named(request: ProcessRequest) -> Name {
    Name {
        container: request.id,
        exec: request.exec_id,
    }
}
