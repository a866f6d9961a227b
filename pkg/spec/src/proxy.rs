//! The sandbox of a bus proxy: a container beside the app's, whose root holds the app's identity.
//!
//! Services learn who calls by looking into the root directory of the process at the other end of the connection, and that is the
//! proxy. It gets the host's `/usr` to be executed from, the sockets of the buses, and the directory where it listens.

use std::path::{Path, PathBuf};

use flatrack_perms::{ByteLimit, Granted, Limits};

use crate::plan::{Env, ResourcePlan};
use crate::{Access, Facts, FileKind, Host, NamespaceKind, Node, Plan, Reason, Shape, What, info};

/// Where it listens, inside.
pub const PROXY_DIRECTORY: &str = "/run/proxy";

/// Top-level directories without which no program of the host starts.
const PROGRAMS: [&str; 6] = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"];

/// What a proxy's sandbox is made of.
#[derive(Clone)]
pub struct ProxyInput<'a> {
    /// program and arguments
    pub command: &'a [String],
    /// sockets of real buses, on the host and inside
    pub buses: &'a [(PathBuf, PathBuf)],
    /// the directory on the host where it listens
    pub directory: &'a Path,
    /// a bus that has no path is in the host's network namespace
    pub host_network: bool,
    /// the text by which portals know the app
    pub app_info: &'a str,
    /// its cgroup
    pub cgroup: Option<PathBuf>,
    /// the app's own bound, so that what an app makes its proxy remember is bounded too
    pub memory_max: Option<Granted<ByteLimit>>,
    /// what is known of the machine
    pub facts: &'a Facts,
    /// the machine's file system
    pub host: &'a dyn Host,
}

impl std::fmt::Debug for ProxyInput<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyInput")
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

/// Makes the plan.
pub fn proxy(input: &ProxyInput<'_>) -> Plan {
    let mut plan = Plan {
        command: input.command.to_vec(),
        cwd: "/".into(),
        ids: (input.facts.user.uid, input.facts.user.gid),
        resources: ResourcePlan {
            cgroup: input.cgroup.clone(),
            limits: Limits {
                memory_max: input.memory_max.clone(),
                ..Limits::default()
            },
            disks: Vec::new(),
        },
        ..Plan::default()
    };
    plan.nodes.push(Node::File {
        path: info::PATH.into(),
        mode: 0o600,
        content: input.app_info.to_owned(),
    });
    programs(input, &mut plan);
    for (host, inside) in input.buses {
        plan.bind(host, inside, Access::ReadOnly, Reason::Sandbox);
    }
    plan.bind(
        input.directory,
        PROXY_DIRECTORY,
        Access::ReadWrite,
        Reason::Sandbox,
    );
    plan.mount("/run/flatrack/init", What::Init);
    plan.namespaces
        .extend([NamespaceKind::Mount, NamespaceKind::Pid, NamespaceKind::Ipc]);
    if !input.host_network {
        plan.namespaces.insert(NamespaceKind::Network);
    }
    if !input.facts.privileged {
        plan.namespaces.insert(NamespaceKind::User);
    }
    plan.environment.insert(
        "PATH".to_owned(),
        Env {
            value: "/usr/bin".to_owned(),
            origin: None,
        },
    );
    for mount in &mut plan.mounts {
        if let What::Bind {
            source: crate::Source::Host(path),
            shape,
            ..
        } = &mut mount.what
        {
            *shape = input
                .host
                .kind(path)
                .map_or(Shape::File, |kind| kind.shape());
        }
    }
    plan
}

/// The host's programs and libraries, read-only.
fn programs(input: &ProxyInput<'_>, plan: &mut Plan) {
    let mut show = |path: &str| {
        let Some(source) = input.host.resolve(Path::new(path)) else {
            return;
        };
        plan.bind(source, path, Access::ReadOnly, Reason::Sandbox);
    };
    show("/usr");
    // without it every library is searched for
    show("/etc/ld.so.cache");
    for name in PROGRAMS {
        let path = format!("/{name}");
        match input.host.kind(Path::new(&path)) {
            Some(FileKind::Symlink(target)) => plan.symlink(path, target),
            Some(FileKind::Dir) => {
                plan.bind(path.clone(), path, Access::ReadOnly, Reason::Sandbox);
            }
            _ => {}
        }
    }
}
