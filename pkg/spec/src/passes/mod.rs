//! The passes that make a plan, in order.
//!
//! A pass is a small function for one concern. Later mounts cover earlier ones, so the order is part of the
//! sandbox; it is Flatpak's.

mod appdata;
mod binds;
mod device_nodes;
mod devices;
mod environment;
mod etc;
mod exports;
mod extensions;
mod host_view;
mod kernel;
mod leaves;
mod linker;
mod locks;
mod namespaces;
mod narrowing;
mod pod;
mod ports;
mod process;
mod resources;
mod services;
mod settings;
mod sockets;
mod tree;
mod user_dirs;

use std::path::Path;

use flatrack_perms::{Origin, Permission, Resolved, Untrusted};

use crate::{Access, Deployment, Facts, Host, HostLink, Launch, Plan, Reason};

pub use devices::shm_name;
pub use linker::CACHE as LINKER_CACHE;

/// Everything a pass may look at.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// what the app may do
    pub resolved: &'a Resolved,
    /// what is run
    pub deployment: &'a Deployment,
    /// how it is run
    pub launch: &'a Launch,
    /// what is known of the machine
    pub facts: &'a Facts,
    /// the machine's file system
    pub host: &'a dyn Host,
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("deployment", self.deployment)
            .finish_non_exhaustive()
    }
}

impl Input<'_> {
    pub(crate) fn has(&self, permission: Permission) -> bool {
        self.resolved.has(permission)
    }

    pub(crate) fn granted(&self, permission: Permission) -> Reason {
        match self.resolved.parts().permissions.get(&permission) {
            Some(origin) => granted(permission.to_string(), origin),
            None => Reason::Sandbox,
        }
    }

    /// What is at `/usr`.
    pub(crate) fn usr(&self) -> &std::path::Path {
        let runtime = &self.deployment.usr.path;
        self.launch.replaced.usr.as_ref().unwrap_or(runtime)
    }

    /// The app's own directory below home; apps only.
    pub(crate) fn app_data(&self) -> Option<std::path::PathBuf> {
        let keeps = !self.deployment.is_runtime && !self.launch.sandbox;
        keeps.then(|| {
            self.facts
                .user
                .home
                .join(".var/app")
                .join(self.deployment.id.as_str())
        })
    }
}

fn granted(permission: String, origin: &Origin) -> Reason {
    Reason::Granted {
        permission,
        origin: origin.clone(),
    }
}

/// Makes a link in the runtime directory, which the instances of an app share unless it is sandboxed.
pub(crate) fn link_in_runtime_dir(input: &Input<'_>, plan: &mut Plan, name: &str, target: String) {
    if input.launch.sandbox {
        let uid = input.facts.user.uid;
        plan.symlink(format!("/run/user/{uid}/{name}"), target);
    } else {
        plan.host_links.push(HostLink {
            directory: input.launch.per_app.join("xdg-run"),
            name: name.to_owned(),
            target,
        });
    }
}

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nothing says what to run.
    #[error("`{0}` names no command to run")]
    NoCommand(String),
    /// A path leads through a link of another user.
    #[error("the link `{}` belongs to another user", .0.display())]
    ForeignLink(std::path::PathBuf),
    /// The home directory cannot be shown at its path.
    #[error("the home directory `{0}` lies where the sandbox keeps its own files")]
    Home(String),
    /// An extension cannot be mounted where the app or the runtime wants it.
    #[error("the extension `{id}` cannot be mounted: `{}` {why}", Untrusted(.path))]
    Extension {
        /// the extension
        id: String,
        /// the path that is wrong
        path: String,
        /// what is wrong with it, as the end of a sentence
        why: &'static str,
    },
    /// A device that is not there, or is none.
    #[error("`{device}`, asked for by {by}, {problem}")]
    Device {
        /// the device as written
        device: String,
        /// who asked
        by: String,
        /// what is wrong
        problem: &'static str,
        /// what to do
        hint: &'static str,
    },
    /// A narrowing of the network that nothing enforces here.
    #[error("{what} cannot be withheld here: {why}")]
    Narrowing {
        /// what was to be withheld
        what: &'static str,
        /// what is missing
        why: &'static str,
        /// what to do
        hint: &'static str,
    },
    /// A limit that the cgroup interface of this machine does not have.
    #[error("`{limit}` cannot be enforced here: {why}")]
    Limit {
        /// the limit as written
        limit: String,
        /// what is missing
        why: &'static str,
    },
}

type Pass = fn(&Input<'_>, &mut Plan) -> Result<(), PlanError>;

const PASSES: &[Pass] = &[
    tree::pass,
    extensions::pass,
    kernel::pass,
    etc::pass,
    settings::pass,
    linker::pass,
    crate::info::pass,
    devices::pass,
    device_nodes::pass,
    appdata::pass,
    exports::pass,
    user_dirs::pass,
    // servers' variables win over what the app's metadata says of them
    environment::pass,
    device_nodes::environment,
    sockets::pass,
    host_view::pass,
    binds::pass,
    pod::pass,
    locks::pass,
    namespaces::pass,
    services::pass,
    resources::pass,
    process::pass,
    leaves::pass,
    narrowing::pass,
    // said once more, by what looks at the finished plan
    ports::pass,
    crate::landlock::pass,
];

/// What of it the runtime's `ldconfig` gets: the libraries, and a place for the cache.
const LINKER_PASSES: &[Pass] = &[
    tree::pass,
    extensions::pass,
    kernel::pass,
    linker::configure,
    devices::pass,
    namespaces::pass,
    environment::pass,
    resources::pass,
    process::pass,
    leaves::pass,
    crate::landlock::pass,
];

/// Makes the plan.
///
/// # Errors
/// See [`PlanError`].
pub fn plan(input: &Input<'_>) -> Result<Plan, PlanError> {
    follow(PASSES, input)
}

/// Makes the plan of the sandbox in which the runtime's `ldconfig` writes its cache as [`LINKER_CACHE`] into a
/// directory of the host. The input's command is replaced; nothing but that directory outlives it.
///
/// # Errors
/// See [`PlanError`].
pub fn plan_linker_cache(input: &Input<'_>, output: &Path) -> Result<Plan, PlanError> {
    let launch = Launch {
        command: linker::command(),
        cwd: Some("/".into()),
        ..input.launch.clone()
    };
    let input = Input {
        launch: &launch,
        ..*input
    };
    let mut plan = follow(LINKER_PASSES, &input)?;
    plan.bind(output, linker::OUTPUT, Access::ReadWrite, Reason::Sandbox);
    Ok(plan)
}

fn follow(passes: &[Pass], input: &Input<'_>) -> Result<Plan, PlanError> {
    let mut plan = Plan::default();
    for pass in passes {
        pass(input, &mut plan)?;
    }
    Ok(plan)
}
