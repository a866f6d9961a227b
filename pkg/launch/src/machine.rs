//! The machine as one run sees it: facts, cgroups, installations, state. Probed once.

use flatrack_engine::cgroup::Hierarchies;
use flatrack_perms::Conditions;
use flatrack_spec::{Facts, User};

use crate::{Error, State, facts};

/// Everything that is looked up before anything else.
#[derive(Debug)]
pub struct Machine {
    /// facts for plans
    pub facts: Facts,
    /// answers for conditional permissions
    pub conditions: Conditions,
    /// the cgroup hierarchies
    pub cgroups: Hierarchies,
    /// where instances are kept
    pub state: State,
}

impl Machine {
    /// Looks.
    ///
    /// # Errors
    /// No home directory, or no place for state.
    pub fn probe() -> Result<Self, Error> {
        let cgroups = Hierarchies::detect().map_err(flatrack_engine::Error::from)?;
        let facts = facts::gather(&cgroups)?;
        let conditions = facts::conditions(&facts);
        let state = State::open(facts.user.uid, facts.runtime_dir.as_deref())?;
        Ok(Self {
            facts,
            conditions,
            cgroups,
            state,
        })
    }

    /// The same for a user of whom nothing is known but what an engine says, and who has no session.
    ///
    /// # Errors
    /// As [`Machine::probe`].
    pub(crate) fn without_session(user: User) -> Result<Self, Error> {
        let cgroups = Hierarchies::detect().map_err(flatrack_engine::Error::from)?;
        let facts = facts::without_session(user, &cgroups);
        let state = State::open(rustix::process::geteuid().as_raw(), None)?;
        Ok(Self {
            conditions: facts::conditions(&facts),
            facts,
            cgroups,
            state,
        })
    }
}
