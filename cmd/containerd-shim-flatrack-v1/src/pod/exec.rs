//! Further processes in a container.

use std::path::Path;

use prost::Message as _;

use super::calls::{Answer, nothing};
use super::create::read_pid;
use super::{Name, Phase, Pod, Process, Reply};
use crate::console::Console;
use crate::error::{Code, Error, Result};
use crate::messages::event::{TaskExecAdded, TaskExecStarted};
use crate::messages::task::{ExecRequest, Started};
use crate::stdio::Io;

impl Pod {
    /// Takes one in; it starts later.
    pub(super) fn exec(&mut self, request: ExecRequest) -> Result<Answer> {
        let spec = request.spec.map(|any| any.value).unwrap_or_default();
        let container = self.container(&request.id)?;
        let name = &request.exec_id;
        // it becomes part of a file's name
        if name.is_empty() || name.contains('/') || name.starts_with('.') {
            let message = format!("`{}` is no name of a process", name.escape_default());
            return Err(Error::new(Code::InvalidArgument, message));
        }
        if container.processes.contains_key(name) {
            let message = format!("the process `{}` exists", name.escape_default());
            return Err(Error::new(Code::AlreadyExists, message));
        }
        let document = container.bundle.join(format!("{name}.process.json"));
        std::fs::write(&document, spec).map_err(|error| Error::io("write", &document, &error))?;
        let io = Io {
            stdin: request.stdin,
            stdout: request.stdout,
            stderr: request.stderr,
            terminal: request.terminal,
        };
        let process = Process {
            document,
            ..Process::new(io)
        };
        container.processes.insert(name.clone(), process);
        self.publisher.publish(&TaskExecAdded {
            container_id: request.id,
            exec_id: request.exec_id,
        });
        nothing()
    }

    pub(super) fn start_exec(&mut self, reply: Reply, name: &Name) -> Result<Answer> {
        let process = self.process(name)?;
        if process.phase != Phase::Created {
            return Err(Error::new(
                Code::FailedPrecondition,
                "the process has been started",
            ));
        }
        let (io, document) = (process.io.clone(), process.document.clone());
        let speaker = self.speaker(name);
        let console = match io.terminal {
            true => Some(self.new_console()?),
            false => None,
        };
        let container = self.container(&name.container)?;
        container.runtime.forget_messages();
        let pid_file = container.bundle.join(format!("{}.pid", name.exec));
        let mut command = container.runtime.verb("exec");
        command.arg("--detach").arg("--process").arg(&document);
        command.arg("--pid-file").arg(&pid_file);
        let pumps = match &console {
            Some(console) => {
                command
                    .arg("--tty")
                    .arg("--console-socket")
                    .arg(console.path());
                Vec::new()
            }
            None => {
                let (streams, pumps) = io.pipes(&speaker)?;
                streams.give(&mut command);
                pumps
            }
        };
        command.arg(&name.container);
        let answer = self.job(command, reply, {
            let name = name.clone();
            move |pod, succeeded| pod.exec_started(&name, succeeded, &pid_file, console)
        })?;
        self.process(name)?.phase = Phase::Starting;
        self.pumps
            .extend(pumps.into_iter().map(|pump| (name.clone(), pump)));
        Ok(answer)
    }

    fn exec_started(
        &mut self,
        name: &Name,
        succeeded: bool,
        pid_file: &Path,
        console: Option<Console>,
    ) -> Result<Vec<u8>> {
        let started = match succeeded {
            true => read_pid(pid_file),
            false => Err(self.container(&name.container)?.failure("exec")),
        };
        let pid = match started {
            Ok(pid) => pid,
            Err(error) => {
                // as under runc's shim: it has ended, with the code of what cannot be found
                self.pumps.retain(|(other, _)| other != name);
                self.told_of_start(name);
                self.exited(name, super::Exit::now(127));
                return Err(error);
            }
        };
        self.process(name)?.pid = pid;
        if let Some(console) = console {
            let master = console.take()?;
            self.connect_terminal(name, master)?;
        }
        self.publisher.publish(&TaskExecStarted {
            container_id: name.container.clone(),
            exec_id: name.exec.clone(),
            pid,
        });
        self.told_of_start(name);
        self.ended_early(name, pid);
        Ok(Started { pid }.encode_to_vec())
    }
}
