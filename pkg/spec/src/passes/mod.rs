//! The passes that make a plan, in order.
//!
//! A pass is a small function for one concern. Later mounts cover earlier ones, so the order is part of the
//! sandbox; it is Flatpak's.

mod appdata;
mod device_nodes;
mod devices;
mod environment;
mod etc;
mod exports;
mod host_view;
mod kernel;
mod leaves;
mod namespaces;
mod narrowing;
mod ports;
mod process;
mod resources;
mod tree;

use flatrack_perms::{Origin, Permission, Resolved};

use crate::{Deployment, Facts, Host, Launch, Plan, Reason};

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

    /// The app's own directory below home; apps only.
    pub(crate) fn app_data(&self) -> Option<std::path::PathBuf> {
        (!self.deployment.is_runtime).then(|| {
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

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nothing says what to run.
    #[error("`{0}` names no command to run")]
    NoCommand(String),
    /// The home directory cannot be shown at its path.
    #[error("the home directory `{0}` lies where the sandbox keeps its own files")]
    Home(String),
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
    kernel::pass,
    etc::pass,
    crate::info::pass,
    devices::pass,
    device_nodes::pass,
    appdata::pass,
    exports::pass,
    host_view::pass,
    namespaces::pass,
    environment::pass,
    device_nodes::environment,
    resources::pass,
    process::pass,
    leaves::pass,
    narrowing::pass,
    ports::pass,
    crate::landlock::pass,
];

/// Makes the plan.
///
/// # Errors
/// See [`PlanError`].
pub fn plan(input: &Input<'_>) -> Result<Plan, PlanError> {
    let mut plan = Plan::default();
    for pass in PASSES {
        pass(input, &mut plan)?;
    }
    Ok(plan)
}
