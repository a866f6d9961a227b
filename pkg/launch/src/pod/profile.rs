//! The AppArmor profile of one container: made from its plan, loaded before it, gone after it.

use std::path::Path;

use flatrack_perms::AppId;
use flatrack_spec::Plan;
use flatrack_spec::apparmor::{Label, profile_name, profile_named};

use crate::apparmor::{Confinement, Generated, Kernel, OF_A_POD, Store, in_use, inherited};
use crate::{Error, Machine, State};

/// What engines write for no profile.
const NONE: [&str; 2] = ["", "unconfined"];

fn name(app: &str, container: &str) -> String {
    format!("{app}{OF_A_POD}{container}")
}

/// Loads the profile and gives the label: the generated profile, those that are required, and the pod's own.
///
/// # Errors
/// As [`Store::load`].
pub(super) fn confine(
    plan: &Plan,
    app: &AppId,
    container: &str,
    confinement: &Confinement,
    of_the_pod: Option<&str>,
    home: &Path,
    machine: &Machine,
) -> Result<Option<Label>, Error> {
    let mut names = confinement.named.clone();
    let stack = of_the_pod.unwrap_or_default().split("//&");
    names.extend(stack.filter(|one| !NONE.contains(one)).map(str::to_owned));
    if confinement.generated == Some(Generated::Load) {
        let inherited = match plan.terminal {
            true => Vec::new(),
            false => inherited(),
        };
        let name = name(&profile_name(app), container);
        let profile = profile_named(plan, name.clone(), confinement.mode, &inherited);
        let kernel = Kernel::probe().map_err(|why| Error::request(why, None))?;
        let store = Store::open(&machine.state)?;
        // of containers whose making was cut short
        store.forget_apps(&kernel)?;
        store.load(&profile, home, &kernel)?;
        names.push(name);
    }
    Ok(Label::new(names))
}

/// Removes the profile of a container that is gone.
pub(super) fn forget(app: &AppId, container: &str, state: &State) -> Result<(), Error> {
    let Ok(kernel) = Kernel::probe() else {
        return Ok(());
    };
    let name = name(&profile_name(app), container);
    match kernel.find(&name) {
        // what runs under a profile that is removed runs on without
        Some(_) if !in_use::is(&name) => Store::open(state)?.unload(&name, &kernel),
        _ => Ok(()),
    }
}
