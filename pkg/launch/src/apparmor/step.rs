//! Programs that run before the app does, each in a sandbox of its own: a manifest's commands, the runtime's `ldconfig`.

use flatrack_perms::{AppArmor, AppId, ProfileMode};
use flatrack_spec::Plan;
use flatrack_spec::apparmor::{InheritedFile, Label, profile_name, profile_named};

use super::Kernel;
use super::decide::{Generated, decide};
use super::inherited::inherited;
use super::store::Store;
use crate::instance::Claim;
use crate::{Error, Machine};

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// a command of a manifest, with the caller's output
    Build,
    /// the runtime's `ldconfig`, without it
    Linker,
}

impl Step {
    /// A name that no app's own profile has: the instance it belongs to comes last, by which a killed start's is found.
    fn name(self, id: &AppId, instance: u32) -> String {
        let word = match self {
            Self::Build => "build",
            Self::Linker => "linker",
        };
        format!("{}+{word}+{instance}", profile_name(id))
    }

    fn inherited(self) -> Vec<InheritedFile> {
        match self {
            Self::Build => inherited(),
            Self::Linker => Vec::new(),
        }
    }
}

/// The profile of one step, which is gone with this value.
#[derive(Debug)]
#[must_use]
pub(crate) struct StepProfile<'m> {
    name: String,
    machine: &'m Machine,
}

impl Drop for StepProfile<'_> {
    fn drop(&mut self) {
        // what cannot be removed now is by the next start, or by `ps --gc`
        if let (Ok(kernel), Ok(store)) = (Kernel::probe(), Store::open(&self.machine.state)) {
            drop(store.unload(&self.name, &kernel));
        }
    }
}

/// Makes a profile from a step's own plan, loads it, and puts the label into the plan, with the profiles that are `required`. There is no
/// profile of its own where an app for which nobody asked for one would run without, and for ordinary users.
///
/// # Errors
/// As [`Store::load`]; a required profile that is not there.
pub(crate) fn confine_step<'m>(
    step: Step,
    plan: &mut Plan,
    id: &AppId,
    required: &AppArmor,
    claim: &Claim,
    machine: &'m Machine,
) -> Result<Option<StepProfile<'m>>, Error> {
    let kernel = Kernel::probe();
    let decide = |asked: &AppArmor| {
        let kernel = kernel.as_ref().map_err(|why| *why);
        decide(asked, id, kernel, machine.facts.privileged)
    };
    let named = decide(required)?.named;
    let own = match &kernel {
        Ok(kernel) if decide(&AppArmor::default())?.generated == Some(Generated::Load) => {
            let name = step.name(id, claim.number);
            let inherited = step.inherited();
            let profile = profile_named(plan, name.clone(), ProfileMode::Enforce, &inherited);
            Store::open(&machine.state)?.load(&profile, claim.dir(), kernel)?;
            Some(StepProfile { name, machine })
        }
        _ => None,
    };
    plan.apparmor = Label::new(
        named
            .into_iter()
            .chain(own.as_ref().map(|it| it.name.clone())),
    );
    Ok(own)
}
