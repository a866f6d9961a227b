//! Making a container and starting it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use prost::Message as _;

use super::calls::Answer;
use super::{Container, Name, Phase, Pod, Process, Reply, failure};
use crate::cgroup::Cgroup;
use crate::error::{Code, Error, Result};
use crate::messages::event::{TaskCreate, TaskIo, TaskStart};
use crate::messages::options::Options;
use crate::messages::task::{CreateRequest, ProcessRequest, Started};
use crate::oom::Watch;
use crate::rootfs;
use crate::runtime::Runtime;
use crate::saved::Saved;
use crate::stdio::Io;

impl Pod {
    pub(super) fn create(&mut self, reply: Reply, request: &CreateRequest) -> Result<Answer> {
        let id = request.id.clone();
        if self.containers.contains_key(&id) {
            let message = format!("the container `{}` exists", id.escape_default());
            return Err(Error::new(Code::AlreadyExists, message));
        }
        if !request.checkpoint.is_empty() {
            return Err(Error::new(
                Code::Unimplemented,
                "checkpoints are not supported",
            ));
        }
        let options = Options::read(request.options.as_ref())
            .map_err(|why| Error::new(Code::InvalidArgument, why))?;
        let bundle = PathBuf::from(&request.bundle);
        let runtime = Runtime::new(&options, &self.namespace, &bundle);
        Saved::new(&options).write(&bundle)?;
        let rootfs = bundle.join("rootfs");
        if !request.rootfs.is_empty() {
            rootfs::directory(&rootfs)?;
            rootfs::mount_all(&request.rootfs, &rootfs)?;
        }
        let made = self.create_in(reply, request, &bundle, &runtime, &rootfs);
        if made.is_err() {
            rootfs::unmount_all(&rootfs);
        }
        made
    }

    fn create_in(
        &mut self,
        reply: Reply,
        request: &CreateRequest,
        bundle: &Path,
        runtime: &Runtime,
        rootfs: &Path,
    ) -> Result<Answer> {
        let name = Name {
            container: request.id.clone(),
            exec: String::new(),
        };
        let io = Io {
            stdin: request.stdin.clone(),
            stdout: request.stdout.clone(),
            stderr: request.stderr.clone(),
            terminal: request.terminal,
        };
        let pid_file = bundle.join("init.pid");
        let mut command = runtime.verb("create");
        command
            .arg("--bundle")
            .arg(bundle)
            .arg("--pid-file")
            .arg(&pid_file);
        let console = match io.terminal {
            true => Some(self.new_console()?),
            false => None,
        };
        let pumps = match &console {
            Some(console) => {
                command.arg("--console-socket").arg(console.path());
                Vec::new()
            }
            None => {
                let (streams, pumps) = io.pipes(&self.speaker(&name))?;
                streams.give(&mut command);
                pumps
            }
        };
        command.arg(&request.id);
        runtime.forget_messages();
        let container = Container {
            bundle: bundle.to_owned(),
            rootfs: rootfs.to_owned(),
            runtime: runtime.clone(),
            processes: BTreeMap::from([(String::new(), Process::new(io.clone()))]),
            paused: false,
            cgroup: Cgroup::default(),
            oom: None,
            oom_kills: 0,
        };
        let event = TaskCreate {
            container_id: request.id.clone(),
            bundle: request.bundle.clone(),
            rootfs: request.rootfs.clone(),
            io: Some(TaskIo {
                stdin: io.stdin,
                stdout: io.stdout,
                stderr: io.stderr,
                terminal: io.terminal,
            }),
            pid: 0,
        };
        let answer = self.job(command, reply, {
            let name = name.clone();
            move |pod, succeeded| {
                let made = match succeeded {
                    true => pod.created(&name, &pid_file, console, event),
                    false => Err(pod.container(&name.container)?.failure("create")),
                };
                if made.is_err() {
                    pod.forget(&name.container);
                }
                made
            }
        })?;
        // known from here on: its end may come at any time
        self.containers.insert(name.container.clone(), container);
        self.pumps
            .extend(pumps.into_iter().map(|pump| (name.clone(), pump)));
        Ok(answer)
    }

    fn created(
        &mut self,
        name: &Name,
        pid_file: &Path,
        console: Option<crate::console::Console>,
        event: TaskCreate,
    ) -> Result<Vec<u8>> {
        let pid = read_pid(pid_file)?;
        if let Some(console) = console {
            let master = console.take()?;
            self.connect_terminal(name, master)?;
        }
        let container = self.container(&name.container)?;
        container.cgroup = Cgroup::of(pid);
        container.oom = Watch::new(&container.cgroup);
        self.process(name)?.pid = pid;
        self.publisher.publish(&TaskCreate { pid, ..event });
        self.ended_early(name, pid);
        Ok(Started { pid }.encode_to_vec())
    }

    /// Takes back what was made of a container that could not be created.
    fn forget(&mut self, id: &str) {
        if let Some(container) = self.containers.remove(id) {
            rootfs::unmount_all(&container.rootfs);
        }
        self.pumps.retain(|(name, _)| name.container != id);
    }

    pub(super) fn start(&mut self, reply: Reply, request: ProcessRequest) -> Result<Answer> {
        let name = Name {
            container: request.id,
            exec: request.exec_id,
        };
        if !name.exec.is_empty() {
            return self.start_exec(reply, &name);
        }
        let process = self.process(&name)?;
        if process.phase != Phase::Created {
            return Err(Error::new(
                Code::FailedPrecondition,
                "the container has been started",
            ));
        }
        process.phase = Phase::Starting;
        let container = self.container(&name.container)?;
        container.runtime.forget_messages();
        let mut command = container.runtime.verb("start");
        command.arg(&name.container);
        self.job(command, reply, move |pod, succeeded| {
            let pid = pod.process(&name)?.pid;
            if !succeeded {
                let failure = failure(&pod.container(&name.container)?.runtime, "start");
                pod.told_of_start(&name);
                return Err(failure);
            }
            pod.publisher.publish(&TaskStart {
                container_id: name.container.clone(),
                pid,
            });
            pod.told_of_start(&name);
            Ok(Started { pid }.encode_to_vec())
        })
    }
}

/// The number that the runtime wrote.
pub(super) fn read_pid(path: &Path) -> Result<u32> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
    let number = text.trim().parse().ok().filter(|pid| *pid > 0);
    number.ok_or_else(|| Error::unknown(format!("`{}` holds no number", path.display())))
}
