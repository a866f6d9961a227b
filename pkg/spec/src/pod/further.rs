//! A further program in an app's container.

use oci_spec::runtime::{Process, Spec};

use super::{PodError, is_fixed, tighter};

/// Puts a further program under what the first one is under. As whom it runs, where, and at which terminal is the engine's to say.
///
/// # Errors
/// The document is none of a container's.
pub fn further(document: &Spec, asked: &Process) -> Result<Process, PodError> {
    let first = document.process().as_ref();
    let first = first.ok_or(PodError::Document("process"))?;
    let mut process = asked.clone();
    let limits = [asked, first].map(|of| of.rlimits().as_deref().unwrap_or_default());
    process
        .set_capabilities(first.capabilities().clone())
        .set_no_new_privileges(first.no_new_privileges())
        .set_apparmor_profile(first.apparmor_profile().clone())
        .set_oom_score_adj(asked.oom_score_adj().max(first.oom_score_adj()))
        .set_rlimits(Some(tighter::rlimits(limits[0], limits[1])?))
        .set_env(Some(environment(first, asked)));
    Ok(process)
}

/// The first program's variables, with those that were asked for over them, but for those that say where things are.
fn environment(first: &Process, asked: &Process) -> Vec<String> {
    let name = |variable: &String| variable.split('=').next().unwrap_or_default().to_owned();
    let mut all: Vec<String> = first.env().clone().unwrap_or_default();
    for variable in asked.env().iter().flatten() {
        let asked = name(variable);
        match all.iter_mut().find(|known| name(known) == asked) {
            Some(_) if is_fixed(&asked) => {}
            Some(known) => known.clone_from(variable),
            None => all.push(variable.clone()),
        }
    }
    all
}
