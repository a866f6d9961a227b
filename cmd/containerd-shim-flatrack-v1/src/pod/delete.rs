//! Removing containers and processes that have ended.

use std::time::Instant;

use prost::Message as _;

use super::calls::Answer;
use super::{Draining, Exit, Name, Phase, Pod, Reply};
use crate::error::{Code, Error, Result};
use crate::messages::event::TaskDelete;
use crate::messages::task::{Deleted, ProcessRequest};
use crate::rootfs;

impl Pod {
    /// Removes one, once the rest of its output has gone to its reader.
    pub(super) fn delete(&mut self, reply: Reply, request: ProcessRequest) -> Result<Answer> {
        let name = Name {
            container: request.id,
            exec: request.exec_id,
        };
        match self.process(&name)?.phase {
            Phase::Stopped(_) | Phase::Created => {}
            Phase::Starting | Phase::Running => {
                return Err(Error::new(
                    Code::FailedPrecondition,
                    "the process still runs",
                ));
            }
        }
        let since = Instant::now();
        self.draining.push(Draining { name, since, reply });
        Ok(Answer::Later)
    }

    pub(super) fn delete_now(&mut self, name: &Name, reply: Reply) -> Result<Answer> {
        let process = self.process(name)?;
        let (pid, exit) = (process.pid, process.exit());
        if !name.exec.is_empty() {
            drop(std::fs::remove_file(&process.document));
            let exit = exit.unwrap_or_else(|| Exit::now(0));
            let processes = &mut self.container(&name.container)?.processes;
            let waiters = processes.remove(&name.exec).map(|process| process.waiters);
            for waiter in waiters.into_iter().flatten() {
                self.answers.push((waiter, Ok(exit.waited())));
            }
            return Ok(Answer::Now(deleted(pid, exit)));
        }
        let runtime = self.container(&name.container)?.runtime.clone();
        runtime.forget_messages();
        let mut command = runtime.verb("delete");
        // one that never ran is ended by it
        if exit.is_none() {
            command.arg("--force");
        }
        command.arg(&name.container);
        let name = name.clone();
        self.job(command, reply, move |pod, succeeded| {
            if !succeeded {
                return Err(pod.container(&name.container)?.failure("delete"));
            }
            let exit = exit.unwrap_or_else(|| Exit::now(137));
            if let Some(container) = pod.containers.remove(&name.container) {
                rootfs::unmount_all(&container.rootfs);
                for waiter in container
                    .processes
                    .into_values()
                    .flat_map(|process| process.waiters)
                {
                    pod.answers.push((waiter, Ok(exit.waited())));
                }
            }
            pod.pumps
                .retain(|(other, _)| other.container != name.container);
            pod.publisher.publish(&TaskDelete {
                container_id: name.container.clone(),
                pid,
                exit_status: exit.status,
                exited_at: Some(exit.at.into()),
                id: String::new(),
            });
            Ok(deleted(pid, exit))
        })
    }
}

fn deleted(pid: u32, exit: Exit) -> Vec<u8> {
    Deleted {
        pid,
        exit_status: exit.status,
        exited_at: Some(exit.at.into()),
    }
    .encode_to_vec()
}
