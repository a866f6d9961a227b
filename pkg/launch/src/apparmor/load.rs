//! The profile of an app's start.

use std::fs;
use std::path::{Path, PathBuf};

use flatrack_spec::apparmor::{self, Label, Profile};
use flatrack_spec::{Deployment, Plan};
use serde::{Deserialize, Serialize};

use super::decide::Generated;
use super::inherited::inherited;
use super::store::Store;
use super::{Confinement, Kernel};
use crate::instance::Claim;
use crate::{Error, Machine, State};

/// In an instance's directory: the generated profile that it runs under.
const MARK: &str = "apparmor.json";

/// What an instance runs under.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    name: String,
    text: String,
}

/// Makes the profile from the plan, loads it, and puts the label into the plan.
///
/// # Errors
/// As [`Store::load`].
pub(crate) fn confine(
    plan: &mut Plan,
    deployment: &Deployment,
    confinement: &Confinement,
    claim: &Claim,
    machine: &Machine,
) -> Result<Option<PathBuf>, Error> {
    if confinement.generated != Some(Generated::Load) {
        return Ok(None);
    }
    // a terminal of the app's own is no file of the caller's
    let inherited = if plan.terminal {
        Vec::new()
    } else {
        inherited()
    };
    let id = &deployment.id;
    let kernel = Kernel::probe().map_err(|why| Error::request(why, None))?;
    let store = Store::open(&machine.state)?;
    store.forget_instances(&machine.state, &kernel)?;
    let mut profile = apparmor::profile(plan, id, confinement.mode, &inherited);
    if others_run_under_another(&profile, claim.number, &machine.state) {
        // what runs keeps the profile that it started with
        let name = format!("{}+{}", profile.name, claim.number);
        profile = apparmor::profile_named(plan, name, confinement.mode, &inherited);
    }
    store.load(&profile, &home_of(deployment), &kernel)?;
    let mark = claim.dir().join(MARK);
    let named = confinement.named.iter().cloned();
    plan.apparmor = Label::new(named.chain([profile.name.clone()]));
    let text = profile.to_string();
    let name = profile.name;
    store.write(&mark, &Mark { name, text })?;
    Ok(Some(mark))
}

/// Whether another instance is there whose profile has this name and another text.
fn others_run_under_another(profile: &Profile, me: u32, state: &State) -> bool {
    let text = profile.to_string();
    state
        .numbers()
        .into_iter()
        .filter(|number| *number != me && state.has_monitor(*number))
        .filter_map(|number| {
            let bytes = fs::read(state.dir(number).join(MARK)).ok()?;
            serde_json::from_slice::<Mark>(&bytes).ok()
        })
        .any(|mark| mark.name == profile.name && mark.text != text)
}

/// Removes the profiles of single instances that are gone, and of apps that are not installed any more.
///
/// # Errors
/// As [`Store::unload`].
pub(crate) fn forget(machine: &Machine) -> Result<(), Error> {
    match Kernel::probe() {
        Ok(kernel) if machine.facts.privileged => {
            let store = Store::open(&machine.state)?;
            store.forget_instances(&machine.state, &kernel)?;
            store.forget_apps(&kernel)
        }
        _ => Ok(()),
    }
}

/// What is there as long as the app is: the directory of all its versions where it is installed, else its own.
pub(super) fn home_of(deployment: &Deployment) -> PathBuf {
    let tree = deployment.app.as_ref().unwrap_or(&deployment.usr);
    let id = deployment.id.as_str();
    let kinds = ["app", "runtime"].map(|kind| Path::new(kind).join(id));
    let of_all = |path: &&Path| kinds.iter().any(|kind| path.ends_with(kind));
    let home = tree.path.ancestors().find(of_all);
    home.unwrap_or(&tree.path).to_owned()
}
