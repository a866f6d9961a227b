//! A kubelet, as far as the tests go: pods and containers over containerd's CRI socket.

use std::net::TcpStream;
use std::path::{Path, PathBuf};

use hyper_util::rt::TokioIo;
use k8s_cri::v1::runtime_service_client::RuntimeServiceClient;
use k8s_cri::v1::{
    ContainerConfig, ContainerMetadata, ContainerState, ContainerStatsRequest,
    ContainerStatusRequest, CreateContainerRequest, ExecRequest, ExecSyncRequest, ExecSyncResponse,
    IdMapping, ImageSpec, LinuxContainerConfig, LinuxContainerResources,
    LinuxContainerSecurityContext, LinuxPodSandboxConfig, LinuxSandboxSecurityContext, Mount,
    NamespaceMode, NamespaceOption, PodSandboxConfig, PodSandboxMetadata, RemoveContainerRequest,
    RemovePodSandboxRequest, RunPodSandboxRequest, RuntimeHandlerFeatures, StartContainerRequest,
    StatusRequest, StopContainerRequest, StopPodSandboxRequest, UpdateContainerResourcesRequest,
    UserNamespace, VersionRequest,
};
use serde_json::Value;
use tokio::runtime::Runtime;
use tonic::transport::{Channel, Endpoint, Uri};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use super::containerd::Containerd;

/// One that talks to a containerd.
pub(crate) struct Kubelet {
    runtime: Runtime,
    client: RuntimeServiceClient<Channel>,
    logs: PathBuf,
}

/// Calls a method of the interface.
macro_rules! try_call {
    ($kubelet:expr, $method:ident, $request:expr) => {{
        let mut client = $kubelet.client.clone();
        $kubelet.runtime.block_on(client.$method($request))
    }};
}

/// Calls a method and gives its answer.
macro_rules! call {
    ($kubelet:expr, $method:ident, $request:expr) => {
        match try_call!($kubelet, $method, $request) {
            Ok(answer) => answer.into_inner(),
            Err(status) => panic!("{}: {}", stringify!($method), status.message()),
        }
    };
}

impl Kubelet {
    pub(crate) fn of(containerd: &Containerd) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let channel = runtime.block_on(connect(containerd.socket())).unwrap();
        let kubelet = Self {
            runtime,
            client: RuntimeServiceClient::new(channel),
            logs: containerd.place("logs"),
        };
        let version = call!(kubelet, version, VersionRequest::default());
        assert_eq!(version.runtime_name, "containerd");
        kubelet
    }

    /// A pod that has started, by the handler `flatrack`, in the network of the machine.
    pub(crate) fn pod(&self, name: &str) -> Pod<'_> {
        let options = NamespaceOption {
            network: NamespaceMode::Node.into(),
            ..NamespaceOption::default()
        };
        self.pod_in(name, options)
    }

    /// A pod with users of its own: root in it is this user outside.
    pub(crate) fn pod_with_users(&self, name: &str, root: u32) -> Pod<'_> {
        let ids = vec![IdMapping {
            host_id: root,
            container_id: 0,
            length: 65_536,
        }];
        let users = UserNamespace {
            mode: NamespaceMode::Pod.into(),
            uids: ids.clone(),
            gids: ids,
        };
        let options = NamespaceOption {
            userns_options: Some(users),
            ..NamespaceOption::default()
        };
        self.pod_in(name, options)
    }

    fn pod_in(&self, name: &str, options: NamespaceOption) -> Pod<'_> {
        let config = PodSandboxConfig {
            metadata: Some(PodSandboxMetadata {
                name: name.to_owned(),
                uid: format!("{name}-{}", std::process::id()),
                namespace: "default".to_owned(),
                attempt: 0,
            }),
            log_directory: self.logs.display().to_string(),
            linux: Some(LinuxPodSandboxConfig {
                cgroup_parent: format!("/{}", cgroup()),
                security_context: Some(LinuxSandboxSecurityContext {
                    namespace_options: Some(options.clone()),
                    ..LinuxSandboxSecurityContext::default()
                }),
                ..LinuxPodSandboxConfig::default()
            }),
            ..PodSandboxConfig::default()
        };
        let request = RunPodSandboxRequest {
            config: Some(config.clone()),
            runtime_handler: "flatrack".to_owned(),
        };
        let id = call!(self, run_pod_sandbox, request).pod_sandbox_id;
        Pod {
            kubelet: self,
            id,
            config,
            options,
        }
    }

    /// What the handler `flatrack` is said to be able to do.
    pub(crate) fn features(&self) -> RuntimeHandlerFeatures {
        let status = call!(self, status, StatusRequest::default());
        let mut handlers = status.runtime_handlers.into_iter();
        let ours = handlers.find(|handler| handler.name == "flatrack");
        ours.unwrap().features.unwrap_or_default()
    }

    pub(crate) fn exec_sync(&self, container: &str, command: &[&str]) -> ExecSyncResponse {
        let request = ExecSyncRequest {
            container_id: container.to_owned(),
            cmd: owned(command),
            timeout: 20,
        };
        call!(self, exec_sync, request)
    }

    /// What `kubectl exec --stdin` is made of: a further program whose streams go over a connection of their own.
    pub(crate) fn exec(&self, container: &str, command: &[&str], tty: bool) -> Streams {
        let request = ExecRequest {
            container_id: container.to_owned(),
            cmd: owned(command),
            tty,
            stdin: true,
            stdout: true,
            // a terminal has one output
            stderr: !tty,
        };
        Streams::at(&call!(self, exec, request).url)
    }

    pub(crate) fn state(&self, container: &str) -> (ContainerState, i32) {
        let request = ContainerStatusRequest {
            container_id: container.to_owned(),
            verbose: false,
        };
        let status = call!(self, container_status, request).status.unwrap();
        (status.state(), status.exit_code)
    }

    /// The memory that it works with, in bytes.
    pub(crate) fn memory_of(&self, container: &str) -> u64 {
        let request = ContainerStatsRequest {
            container_id: container.to_owned(),
        };
        let stats = call!(self, container_stats, request).stats.unwrap();
        let memory = stats.memory.unwrap();
        memory.working_set_bytes.unwrap().value
    }

    pub(crate) fn limit_memory(&self, container: &str, megabytes: i64) {
        let request = UpdateContainerResourcesRequest {
            container_id: container.to_owned(),
            linux: Some(memory(megabytes)),
            ..UpdateContainerResourcesRequest::default()
        };
        call!(self, update_container_resources, request);
    }

    /// The limit in force, in MiB.
    pub(crate) fn memory_limit(&self, container: &str) -> u64 {
        let place = Path::new(&cgroup()).join(container);
        let files = [("memory", "memory.limit_in_bytes"), ("", "memory.max")];
        let mut texts = files.iter().filter_map(|(hierarchy, file)| {
            let dir = Path::new("/sys/fs/cgroup").join(hierarchy);
            std::fs::read_to_string(dir.join(&place).join(file)).ok()
        });
        let bytes: u64 = texts.next_back().unwrap().trim().parse().unwrap();
        bytes >> 20
    }

    pub(crate) fn end(&self, container: &str) {
        let container_id = container.to_owned();
        let stop = StopContainerRequest {
            container_id: container_id.clone(),
            timeout: 5,
        };
        call!(self, stop_container, stop);
        call!(
            self,
            remove_container,
            RemoveContainerRequest { container_id }
        );
    }
}

impl Drop for Kubelet {
    /// What is above the pods' cgroups is the kubelet's.
    fn drop(&mut self) {
        let hierarchies = Path::new("/sys/fs/cgroup");
        let all = std::fs::read_dir(hierarchies).into_iter().flatten();
        let all = all.filter_map(|entry| Some(entry.ok()?.path()));
        for hierarchy in all.chain([hierarchies.to_owned()]) {
            let _most_have_none = std::fs::remove_dir(hierarchy.join(cgroup()));
        }
    }
}

/// The cgroup of this process' pods.
fn cgroup() -> String {
    format!("flatrack-kubelet-{}", std::process::id())
}

async fn connect(socket: PathBuf) -> Result<Channel, tonic::transport::Error> {
    let connector = tower::service_fn(move |_: Uri| {
        let socket = socket.clone();
        async move {
            tokio::net::UnixStream::connect(socket)
                .await
                .map(TokioIo::new)
        }
    });
    Endpoint::from_static("http://localhost")
        .connect_with_connector(connector)
        .await
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Limits of a container.
pub(crate) fn memory(megabytes: i64) -> LinuxContainerResources {
    LinuxContainerResources {
        memory_limit_in_bytes: megabytes << 20,
        ..LinuxContainerResources::default()
    }
}

/// A pod that runs.
pub(crate) struct Pod<'k> {
    kubelet: &'k Kubelet,
    id: String,
    config: PodSandboxConfig,
    options: NamespaceOption,
}

impl Pod<'_> {
    /// Starts a container with a memory limit in MiB and gives its id.
    pub(crate) fn start(&self, name: &str, image: &str, command: &[&str], limit: i64) -> String {
        self.start_with(name, image, command, limit, Vec::new())
    }

    /// The same with volumes.
    pub(crate) fn start_with(
        &self,
        name: &str,
        image: &str,
        command: &[&str],
        limit: i64,
        mounts: Vec<Mount>,
    ) -> String {
        let config = ContainerConfig {
            metadata: Some(ContainerMetadata {
                name: name.to_owned(),
                attempt: 0,
            }),
            image: Some(ImageSpec {
                image: image.to_owned(),
                ..ImageSpec::default()
            }),
            args: owned(command),
            log_path: format!("{name}.log"),
            linux: Some(LinuxContainerConfig {
                resources: Some(memory(limit)),
                security_context: Some(LinuxContainerSecurityContext {
                    namespace_options: Some(self.options.clone()),
                    ..LinuxContainerSecurityContext::default()
                }),
            }),
            mounts,
            ..ContainerConfig::default()
        };
        let request = CreateContainerRequest {
            pod_sandbox_id: self.id.clone(),
            config: Some(config),
            sandbox_config: Some(self.config.clone()),
        };
        let container_id = call!(self.kubelet, create_container, request).container_id;
        let start = StartContainerRequest {
            container_id: container_id.clone(),
        };
        call!(self.kubelet, start_container, start);
        container_id
    }

    /// A volume, whose owners are the same inside as outside.
    pub(crate) fn volume(&self, host: &Path, inside: &str) -> Mount {
        let users = self.options.userns_options.clone().unwrap_or_default();
        Mount {
            container_path: inside.to_owned(),
            host_path: host.display().to_string(),
            uid_mappings: users.uids,
            gid_mappings: users.gids,
            ..Mount::default()
        }
    }

    /// What a container has said, in the kubelet's form.
    pub(crate) fn log(&self, name: &str) -> String {
        let path = Path::new(&self.config.log_directory).join(format!("{name}.log"));
        std::fs::read_to_string(path).unwrap_or_default()
    }
}

impl Drop for Pod<'_> {
    fn drop(&mut self) {
        let pod_sandbox_id = self.id.clone();
        let stop = StopPodSandboxRequest {
            pod_sandbox_id: pod_sandbox_id.clone(),
        };
        let stopped = try_call!(self.kubelet, stop_pod_sandbox, stop);
        let remove = RemovePodSandboxRequest { pod_sandbox_id };
        let removed = try_call!(self.kubelet, remove_pod_sandbox, remove);
        // not twice
        if !std::thread::panicking() {
            stopped.unwrap();
            removed.unwrap();
        }
    }
}

/// The streams of a further program, as channels of a WebSocket (`v4.channel.k8s.io` of Kubernetes' remote commands).
pub(crate) struct Streams(WebSocket<TcpStream>);

/// What a program has said on its streams, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i64,
}

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const END: u8 = 3;
const RESIZE: u8 = 4;

impl Streams {
    fn at(url: &str) -> Self {
        let mut request = url.replacen("http", "ws", 1).into_client_request().unwrap();
        let protocol = "v4.channel.k8s.io".parse().unwrap();
        request
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", protocol);
        let server = request.uri().authority().unwrap().to_string();
        let connection = TcpStream::connect(server).unwrap();
        Self(tungstenite::client(request, connection).unwrap().0)
    }

    fn send(&mut self, channel: u8, text: &str) {
        let message = [&[channel], text.as_bytes()].concat();
        self.0.send(Message::binary(message)).unwrap();
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.send(STDIN, text);
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        let size = serde_json::json!({"Width": width, "Height": height});
        self.send(RESIZE, &size.to_string());
    }

    /// Everything up to the end.
    pub(crate) fn finish(mut self) -> Said {
        let mut said = [Vec::new(), Vec::new()];
        loop {
            let message = self.0.read().unwrap().into_data();
            match message.split_first() {
                Some((&STDOUT, text)) => said[0].extend_from_slice(text),
                Some((&STDERR, text)) => said[1].extend_from_slice(text),
                Some((&END, status)) if !status.is_empty() => {
                    let [stdout, stderr] = said.map(|text| String::from_utf8(text).unwrap());
                    return Said {
                        stdout,
                        stderr,
                        code: exit_code(&serde_json::from_slice(status).unwrap()),
                    };
                }
                _ => {}
            }
        }
    }
}

/// The code in a `Status` of Kubernetes.
fn exit_code(status: &Value) -> i64 {
    if status["status"] == "Success" {
        return 0;
    }
    let causes = status["details"]["causes"].as_array().unwrap();
    let cause = causes.iter().find(|cause| cause["reason"] == "ExitCode");
    let code = cause.unwrap()["message"].as_str().unwrap();
    code.parse().unwrap()
}
