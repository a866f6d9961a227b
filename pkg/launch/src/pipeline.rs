//! One run, from the name of an app to its exit code.

use std::path::Path;

use flatrack_perms::{Parts, ProfileMode, Resolved, Untrusted, Warning};
use flatrack_spec::apparmor::Label;
use flatrack_spec::{Input, Plan, plan};
use flatrack_sys::tiny::Removal;

use crate::apparmor::{self, Confinement, Kernel};
use crate::bundle::{Prepared, Written};
use crate::host::RealHost;
use crate::instance::Claim;
use crate::load::{App, load};
use crate::{Error, Machine, Request, supervise};

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// exit code for the caller
    pub code: i32,
    /// what the caller should be told, such as a kill for memory
    pub notes: Vec<String>,
}

/// Runs an app and waits for it. What is ignored or lowered is told through `warn`. Where it can, the calling
/// process becomes the waiter and this does not return.
///
/// # Errors
/// Anything that keeps the app from starting; nothing is left behind then.
pub fn run(request: &Request, warn: &mut dyn FnMut(&str)) -> Result<Outcome, Error> {
    let machine = Machine::probe()?;
    let mut app = load(request, &machine)?;
    let (resolved, warnings) = resolve(&app, &machine)?;
    app.warnings
        .iter()
        .for_each(|ignored| warn(ignored.to_string().trim_end()));
    warnings
        .iter()
        .for_each(|lowered| warn(&lowered_text(lowered)));
    let claim = app.claim(&machine)?;
    let confinement = confinement(&app, &resolved, &machine)?;
    let label = confinement.label(&app.deployment.id);
    let mut plan = make_plan(&app, &resolved, request, &machine, &claim, label)?;
    let inherited = if plan.terminal {
        Vec::new()
    } else {
        apparmor::inherited()
    };
    let mark = apparmor::confine(
        &mut plan,
        &app.deployment.id,
        &confinement,
        &inherited,
        &claim,
        &machine,
    )?;
    let mut bundle =
        Prepared::new(&plan, &machine)?.write(&claim.dir().join("bundle"), app.arch())?;
    bundle.made.extend(mark.map(Removal::File));
    let enforce = plan.apparmor.is_some() && confinement.mode == ProfileMode::Enforce;
    supervise::start_and_wait(bundle, &app, &plan, enforce, claim, &machine)
}

fn lowered_text(warning: &Warning) -> String {
    let given = match &warning.given {
        Some(given) => format!("lowered to `{given}`"),
        None => "taken away".to_owned(),
    };
    format!(
        "warning: `{}` is {given} by {}",
        Untrusted(&warning.asked),
        warning.by
    )
}

/// The OCI document that `run` would use.
///
/// # Errors
/// As for [`run`].
pub fn spec(request: &Request) -> Result<String, Error> {
    let machine = Machine::probe()?;
    let app = load(request, &machine)?;
    let (resolved, _) = resolve(&app, &machine)?;
    let claim = machine.state.claim()?;
    let label = confinement(&app, &resolved, &machine)?.label(&app.deployment.id);
    let plan = make_plan(&app, &resolved, request, &machine, &claim, label)?;
    crate::bundle::document(&plan, &claim.dir().join("bundle"), app.arch(), &machine)
}

/// Writes a bundle that runs under any OCI runtime.
///
/// # Errors
/// As for [`run`]; the directory must not exist or be empty.
pub fn bundle(request: &Request, directory: &Path) -> Result<(), Error> {
    let machine = Machine::probe()?;
    let app = load(request, &machine)?;
    if app.pending.is_some() {
        let hint =
            Some("build it with `flatpak-builder` and name the directory or the installed app");
        return Err(Error::request(
            "a bundle needs files that stay; a manifest's are built for one run",
            hint,
        ));
    }
    let (resolved, _) = resolve(&app, &machine)?;
    let claim = machine.state.claim()?;
    // a bundle runs where the generated profile is not loaded; one that was asked for must be there
    let label = match resolved.parts().apparmor.is_empty() {
        true => None,
        false => confinement(&app, &resolved, &machine)?.label(&app.deployment.id),
    };
    let plan = make_plan(&app, &resolved, request, &machine, &claim, label)?;
    let written: Written = Prepared::new(&plan, &machine)?.write(directory, app.arch())?;
    written.fill_rootfs()
}

/// What an app may do, with the one who granted it.
///
/// # Errors
/// As for [`run`], bar what needs a start.
pub fn permissions(request: &Request) -> Result<Parts, Error> {
    let machine = Machine::probe()?;
    let app = load(request, &machine)?;
    Ok(resolve(&app, &machine)?.0.parts().clone())
}

pub(crate) fn resolve(app: &App, machine: &Machine) -> Result<(Resolved, Vec<Warning>), Error> {
    Ok(app.layers.resolve(&machine.conditions, &app.policy)?)
}

/// Which AppArmor profiles are in force.
pub(crate) fn confinement(
    app: &App,
    resolved: &Resolved,
    machine: &Machine,
) -> Result<Confinement, Error> {
    let kernel = Kernel::probe();
    apparmor::decide(
        &resolved.parts().apparmor,
        &app.deployment.id,
        kernel.as_ref().map_err(|why| *why),
        machine.facts.privileged,
    )
}

pub(crate) fn make_plan(
    app: &App,
    resolved: &Resolved,
    request: &Request,
    machine: &Machine,
    claim: &Claim,
    apparmor: Option<Label>,
) -> Result<Plan, Error> {
    let launch = app.launch(request, resolved, machine, claim, apparmor)?;
    let input = Input {
        resolved,
        deployment: &app.deployment,
        launch: &launch,
        facts: &machine.facts,
        host: &RealHost,
    };
    Ok(plan(&input)?)
}
