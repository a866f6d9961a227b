//! One run, from the name of an app to its exit code.

use std::path::Path;

use flatrack_perms::{Parts, Permission, Policy, ProfileMode, Resolved, Untrusted, Warning};
use flatrack_spec::{Input, Launch, Linker, Plan, plan};
use flatrack_sys::tiny::Removal;

use crate::apparmor::{self, Confinement, Kernel};
use crate::around::Around;
use crate::bundle::{Prepared, Written};
use crate::host::RealHost;
use crate::instance::Claim;
use crate::load::{App, load};
use crate::{
    Error, Machine, Request, dconf, forwarding, linker, policy, rename, services, supervise,
};

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
    let (resolved, lowered) = resolve(&app, &machine)?;
    tell(&app, &lowered, warn);
    // before anything of the app's runs: a manifest's commands do when its instance is claimed
    let confinement = confinement(&app, &resolved, &machine)?;
    let claim = app.claim(&machine)?;
    // given up with the start's end, when the instance can be seen to run
    let _shared = machine
        .state
        .hold_per_app(&app.deployment.id, machine.facts.user.uid)?;
    bring_data(&app, &resolved, &machine, &claim, warn);
    for lack in &confinement.lacks {
        warn(&format!("warning: AppArmor is degraded: {lack}"));
    }
    let mut around = Around::open(&app, &resolved, request, &machine, &claim, warn)?;
    let mut launch = app.launch(request, &resolved, &machine, &claim, &around)?;
    make_cache(&app, &mut launch, &machine, &claim, warn)?;
    launch.apparmor = confinement.label(&app.deployment.id);
    let mut plan = make_plan(&app, &resolved, &launch, &machine)?;
    forwarding::warn_of_hidden(request, &plan, warn);
    let mark = apparmor::confine(&mut plan, &app.deployment, &confinement, &claim, &machine)?;
    let pins = around.take_pins();
    // a proxy listens before its sockets are opened to be mounted
    let beside = around.start(&app, &plan, &machine, &claim)?;
    let mut bundle =
        Prepared::new(&plan, &machine, pins)?.write(&claim.dir().join("bundle"), app.arch())?;
    bundle.made.extend(mark.map(Removal::File));
    let enforce = plan.apparmor.is_some() && confinement.mode == ProfileMode::Enforce;
    supervise::start_and_wait(bundle, &app, &plan, enforce, claim, &machine, beside)
}

/// What the user should know of the app and its permissions.
fn tell(app: &App, lowered: &[Warning], warn: &mut dyn FnMut(&str)) {
    for ignored in &app.warnings {
        warn(ignored.to_string().trim_end());
    }
    for lowered in lowered {
        warn(&lowered_text(lowered));
    }
    app.notes.iter().for_each(|note| warn(note));
}

/// Data and settings from before the app had this name, or was a Flatpak, become its own.
fn bring_data(
    app: &App,
    resolved: &Resolved,
    machine: &Machine,
    claim: &Claim,
    warn: &mut dyn FnMut(&str),
) {
    let named = &app.deployment;
    let renamed = rename::data(&machine.facts.user.home, &named.id, &named.previous_ids);
    let migrated = dconf::migrate(&named.id, resolved, machine, claim);
    renamed.iter().chain(&migrated).for_each(|note| warn(note));
}

/// Makes the linker's cache for the app. Without one the libraries are found all the same.
fn make_cache(
    app: &App,
    launch: &mut Launch,
    machine: &Machine,
    claim: &Claim,
    warn: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    match linker::make(&app.deployment, launch, claim, machine) {
        Err(no_plan @ Error::Plan(_)) => return Err(no_plan),
        Err(error) => {
            warn(&format!(
                "warning: {error}; libraries are found by `LD_LIBRARY_PATH`"
            ));
            launch.linker = Linker::Paths;
        }
        Ok(()) => {}
    }
    Ok(())
}

pub(crate) fn lowered_text(warning: &Warning) -> String {
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
    let around = Around::open(&app, &resolved, request, &machine, &claim, &mut |_| {})?;
    let mut launch = app.launch(request, &resolved, &machine, &claim, &around)?;
    launch.apparmor = confinement(&app, &resolved, &machine)?.label(&app.deployment.id);
    let plan = make_plan(&app, &resolved, &launch, &machine)?;
    crate::bundle::document(&plan, &claim.dir().join("bundle"), app.arch(), &machine)
}

/// Writes a bundle that runs under any OCI runtime. It has no buses and no portals: nobody would serve them.
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
    if resolved.has(Permission::Wayland) {
        return Err(Error::request(
            "a bundle cannot hold a Wayland connection, which is made for each run",
            Some("`--nosocket=wayland` writes it without"),
        ));
    }
    let claim = machine.state.claim()?;
    let mut around = Around::fixed(&resolved, request, &machine)?;
    let mut launch = app.launch(request, &resolved, &machine, &claim, &around)?;
    // a bundle outlives the cache
    launch.linker = Linker::Paths;
    // it runs where the generated profile is not loaded; one that was asked for must be there
    if !resolved.parts().apparmor.is_empty() {
        launch.apparmor = confinement(&app, &resolved, &machine)?.label(&app.deployment.id);
    }
    let plan = make_plan(&app, &resolved, &launch, &machine)?;
    let written: Written =
        Prepared::new(&plan, &machine, around.take_pins())?.write(directory, app.arch())?;
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
    resolve_under(app, machine, &policy::for_app(&app.deployment.id)?)
}

/// The same under another policy than this machine's.
pub(crate) fn resolve_under(
    app: &App,
    machine: &Machine,
    policy: &Policy,
) -> Result<(Resolved, Vec<Warning>), Error> {
    policy.admit(&app.provenance)?;
    let policy = policy::inherited(policy.clone());
    let conditions = services::conditions(&app.layers, machine);
    Ok(app.layers.resolve(&conditions, &policy)?)
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
    launch: &Launch,
    machine: &Machine,
) -> Result<Plan, Error> {
    let input = Input {
        resolved,
        deployment: &app.deployment,
        launch,
        facts: &machine.facts,
        host: &RealHost,
    };
    Ok(plan(&input)?)
}
