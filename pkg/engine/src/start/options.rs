//! What is said of a container besides its document.

use std::fmt;

use rustix::process::Pid;

use crate::cgroup::Reach;
use crate::child::BeforeExec;
use crate::descriptors::Descriptors;
use crate::id::ContainerId;
use crate::seccomp::SeccompProgram;
use crate::state::StateDir;

/// The caller's own step in the middle of a start; see [`Options::when_made`].
pub type WhenMade = Box<dyn FnOnce(Pid) -> std::io::Result<()>>;

/// How a container is made, apart from its spec.
pub struct Options {
    /// Its name.
    pub id: ContainerId,
    /// Where its state is kept.
    pub state: StateDir,
    /// The compiled filter of the spec's profile. If the spec has a profile and this is `None`, the profile is compiled now.
    pub seccomp: Option<SeccompProgram>,
    /// A further filter beside the spec's own, in the container's first program and in every one that joins it: what either of them
    /// denies is denied. The spec must have a profile and `no_new_privs`.
    pub further_seccomp: Option<SeccompProgram>,
    /// In a new user namespace, allow none below it.
    pub limit_user_namespaces: bool,
    /// Run last before the program, in the container, without privileges, with no_new_privs as the spec says, and under the
    /// document's Landlock rules. It must not make threads.
    pub before_exec: Option<BeforeExec>,
    /// Run in the calling process once the container's first process exists, before it may run its program: for what others must be
    /// able to read about it from its first moment on.
    pub when_made: Option<WhenMade>,
    /// What the program inherits of open files.
    pub descriptors: Descriptors,
    /// Give a container without a terminal a session of its own, out of reach of the caller's terminal.
    pub new_session: bool,
    /// If the spec has no HOME, set the one that the container's own list of users has for its user.
    pub find_home: bool,
    /// Every profile of the spec's AppArmor label must deny what it does not allow; one in complain mode is refused.
    pub enforce_profile: bool,
    /// Have the kernel kill the container's first process when the process that made it ends.
    pub die_with_parent: bool,
    /// Give the container a session keyring of its own, so that the caller's keys are out of its reach.
    pub new_keyring: bool,
    /// In which hierarchies of cgroup v1 it is.
    pub reach: Reach,
    /// Go on where device rules cannot be enforced because the user may not make cgroups, and say so in [`crate::cgroup::Cgroup::not_enforced`].
    pub allow_not_enforced: bool,
}

impl Options {
    /// The usual ones.
    pub fn new(id: ContainerId, state: StateDir) -> Self {
        Self {
            id,
            state,
            seccomp: None,
            further_seccomp: None,
            limit_user_namespaces: false,
            before_exec: None,
            when_made: None,
            descriptors: Descriptors::default(),
            new_session: false,
            find_home: false,
            enforce_profile: false,
            die_with_parent: false,
            new_keyring: true,
            reach: Reach::Needed,
            allow_not_enforced: false,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
