//! From the engine's bundle to one that holds the app.

use std::path::{Path, PathBuf};

use flatrack_engine::oci::{LinuxIdMapping, Process, Spec};
use flatrack_engine::seccomp::{self, SeccompProgram};
use flatrack_engine::{Bundle, ContainerId, Root};
use flatrack_metadata::{PolicyFile, SourceText};
use flatrack_perms::{AppId, EnvName, Grant, OnExcess, Policy, Pref, ProfileMode, Untrusted};
use flatrack_spec::pod::{Pod, PodError, devices, is_fixed, join, mounts};
use flatrack_spec::{
    Input, Launch, Linker, Plan, Replaced, Services, Session, Settings, Shape, plan,
};
use flatrack_store::{Environment, Installations};

use super::host::PodHost;
use super::{generated, image, inherited, profile, runtime};
use crate::bundle::Prepared;
use crate::load::{App, Ground, on_runtime};
use crate::pin::Pins;
use crate::pipeline::{confinement, lowered_text, resolve_under};
use crate::{Error, Machine, Request, Scope, facts, policy};

/// The most that an app in a pod gets of the machine; data, so that each row can be read and reviewed.
const BOUND: &str = include_str!("../../../../configs/pod/bound.toml");

/// Where its home is if the document does not say.
const HOME: &str = "/home/app";

/// What the engine is to be told besides the bundle.
#[derive(Debug)]
#[must_use]
pub struct InPod {
    /// the app's own filter, if the document has one of the pod's
    pub further_seccomp: Option<SeccompProgram>,
    /// the profiles must deny what they do not allow
    pub enforce_profile: bool,
}

/// Puts the app of an image into the bundle that the engine made for it. What it asked for and does not get is told through `warn`.
///
/// # Errors
/// The image, its runtime or the document cannot be used, or the node's policy refuses. Nothing is left behind then.
pub fn place(
    bundle: &mut Bundle,
    container: &ContainerId,
    warn: &mut dyn FnMut(&str),
) -> Result<InPod, Error> {
    generated::forget(&bundle.dir)?;
    let made = make(bundle, container, warn);
    if made.is_err() {
        drop(generated::forget(&bundle.dir));
    }
    made
}

fn make(
    bundle: &mut Bundle,
    container: &ContainerId,
    warn: &mut dyn FnMut(&str),
) -> Result<InPod, Error> {
    let document = bundle.spec.clone();
    let process = document.process().as_ref();
    let process = process.ok_or(PodError::Document("process"))?;
    let machine = machine(process)?;
    let mut request = Request::new(container.as_str());
    request.scope = Scope::System;
    environment(process, &mut request, warn)?;
    let installations = Installations::find(&Environment::from_process(), &request.scope)?;
    let deploy = image::open(&rootfs(bundle), installations.default_arch())?;
    let mounted = runtime::mounted(&document)?;
    let runtime = |pref: &Pref| match &mounted {
        Some(mounted) => mounted.open(pref),
        None => Ok(installations.runtime(pref, None)?),
    };
    let ground = Ground {
        runtime: &runtime,
        // they are somebody's, and a pod is nobody's
        overrides: Default::default(),
    };
    let app = on_runtime(&request, &machine, &installations, deploy, ground)?;
    let id = app.deployment.id.clone();
    is_who_it_should_be(&document, &id)?;
    // first what the node leaves it anywhere, and may refuse; then what of that a pod gets
    let (asked, _) = resolve_under(&app, &machine, &policy::for_app(&id)?)?;
    let (resolved, lowered) = resolve_under(&app, &machine, &bound(&id)?)?;
    let notes = app.warnings.iter().map(|ignored| ignored.to_string());
    let notes = notes.chain(lowered.iter().map(lowered_text));
    let plain = |note: String| note.trim_start_matches("warning: ").trim_end().to_owned();
    notes.for_each(|note| warn(&plain(note)));

    let home = generated::directory(&bundle.dir);
    let mut launch = launch(&app, &document, process, &machine)?;
    let (given, withheld) = devices(&document, asked.parts());
    launch.pod.devices = given;
    for path in withheld {
        warn(&format!(
            "the device `{}` of the document is not given: the app does not ask for it",
            Untrusted(&path)
        ));
    }
    // the app has it at `/usr`
    launch.pod.mounts.retain(|mount| {
        mounted
            .as_ref()
            .is_none_or(|runtime| runtime.at != mount.at)
    });
    let input = Input {
        resolved: &resolved,
        deployment: &app.deployment,
        launch: &launch,
        facts: &machine.facts,
        host: &PodHost::of(&app.deployment),
    };
    let plan = plan(&input)?;
    let confinement = confinement(&app, &resolved, &machine)?;
    for lack in &confinement.lacks {
        warn(&format!("AppArmor is degraded: {lack}"));
    }
    let written = Prepared::new(&plan, &machine, Pins::new())?.write(&home, app.arch())?;
    let (uid, gid) = outside(&document, &plan);
    generated::give(&written.made, uid, gid)?;
    let mut rendered = written.bundle.spec;
    inherited::bound(&mut rendered);
    bundle.spec = join(&document, &plan, &rendered)?;
    bundle.root = written.bundle.root;
    if let Root::Tmpfs { skeleton, .. } = &mut bundle.root {
        skeleton.owned_by(plan.ids.0, plan.ids.1);
    }
    bundle.pins = written.bundle.pins;
    let further_seccomp = further_filter(&document, &rendered)?;
    // last of all: who fails before leaves no profile behind
    let label = profile::confine(
        &plan,
        &id,
        container.as_str(),
        &confinement,
        process.apparmor_profile().as_deref(),
        // which is there as long as the container is
        &bundle.dir,
        &machine,
    )?;
    let enforce_profile = label.is_some() && confinement.mode == ProfileMode::Enforce;
    if let Some(process) = bundle.spec.process_mut() {
        process.set_apparmor_profile(label.map(|label| label.to_string()));
    }
    Ok(InPod {
        further_seccomp,
        enforce_profile,
    })
}

/// The app's own filter, where the document has another one.
fn further_filter(document: &Spec, rendered: &Spec) -> Result<Option<SeccompProgram>, Error> {
    let filter = |spec: &Spec| {
        let linux = spec.linux().as_ref()?;
        linux.seccomp().clone()
    };
    let further = filter(document).and_then(|_| filter(rendered));
    let compiled = further
        .map(|profile| seccomp::compile(&profile))
        .transpose();
    Ok(compiled.map_err(flatrack_engine::Error::from)?)
}

/// The document's root file system.
pub(super) fn rootfs(bundle: &Bundle) -> PathBuf {
    let root = bundle.spec.root().as_ref();
    let path = root.map_or_else(PathBuf::new, |root| bundle.dir.join(root.path()));
    // a node may keep its images behind a link; the image's own are below
    path.canonicalize().unwrap_or(path)
}

/// The machine without anybody's session: nobody is logged in where an engine starts containers.
fn machine(process: &Process) -> Result<Machine, Error> {
    let home = process.env().iter().flatten().find_map(|variable| {
        let home = Path::new(variable.strip_prefix("HOME=")?);
        let plain = home.is_absolute() && home != Path::new("/");
        plain.then(|| home.to_owned())
    });
    let user = process.user();
    Machine::without_session(facts::user_in_pod(
        user.uid(),
        user.gid(),
        home.unwrap_or_else(|| HOME.into()),
    ))
}

/// The document's variables win over the image's, but for those that say where things are.
fn environment(
    process: &Process,
    request: &mut Request,
    warn: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    for variable in process.env().iter().flatten() {
        let Some((name, value)) = variable.split_once('=') else {
            continue;
        };
        if is_fixed(name) {
            continue;
        }
        match EnvName::parse(name) {
            Ok(name) => request.layer.push(Grant::Env {
                name,
                value: Some(value.to_owned()),
            }),
            Err(error) => warn(&format!("`{}`: {error}", Untrusted(name))),
        }
    }
    Ok(())
}

/// An annotation can say which app it is to be, and is then held to it.
fn is_who_it_should_be(document: &Spec, id: &AppId) -> Result<(), Error> {
    let annotations = document.annotations().as_ref();
    match annotations.and_then(|all| all.get("org.flatrack.app")) {
        Some(named) if named != id.as_str() => Err(Error::request(
            format!(
                "the image holds the app `{id}`, and the annotation `org.flatrack.app` says `{}`",
                Untrusted(named)
            ),
            Some("use another image, or leave the annotation out"),
        )),
        _ => Ok(()),
    }
}

/// The node's policy and the bound, of which each only takes away.
fn bound(id: &AppId) -> Result<Policy, Error> {
    let text = SourceText::new("the bound for pods", BOUND.as_bytes())?;
    let file = PolicyFile::parse(&text)?;
    let mut policy = policy::for_app(id)?;
    policy.and(&flatrack_metadata::policy::combine([&file], id)?)?;
    // most apps ask for something that no pod has; that is nothing to refuse them for
    policy.on_excess = OnExcess::Lower;
    Ok(policy)
}

fn launch(
    app: &App,
    document: &Spec,
    process: &Process,
    machine: &Machine,
) -> Result<Launch, Error> {
    let shape = |source: &Path| match std::fs::metadata(source) {
        Ok(found) if !found.is_dir() => Shape::File,
        _ => Shape::Tree,
    };
    let cwd = Some(process.cwd().clone()).filter(|cwd| cwd != Path::new("/"));
    Ok(Launch {
        instance: 0,
        command: command(app, process.args().as_deref().unwrap_or_default()),
        cwd,
        caller_cwd: None,
        terminal: process.terminal() == Some(true),
        window: None,
        extra_args: Vec::new(),
        state: machine.state.root(),
        per_app: machine.state.root(),
        // nothing is kept outside of the container and its volumes
        sandbox: true,
        // the document's variables are a layer above the image's
        clear_env: true,
        replaced: Replaced::default(),
        binds: Vec::new(),
        session: Session::default(),
        services: Services::default(),
        settings: Settings::default(),
        linker: Linker::Paths,
        build: None,
        cdi: Vec::new(),
        cgroup: None,
        pod: Pod {
            mounts: mounts(document, &shape)?,
            devices: Vec::new(),
        },
        apparmor: None,
    })
}

/// The document's command; the app's id in its place, which engines want something in, stands for the app's own.
fn command(app: &App, args: &[String]) -> Vec<String> {
    match args.split_first() {
        Some((first, rest)) if first == app.deployment.id.as_str() => {
            app.command.iter().chain(rest).cloned().collect()
        }
        Some(_) => args.to_vec(),
        None => app.command.iter().cloned().collect(),
    }
}

/// The app's user as this process sees it.
fn outside(document: &Spec, plan: &Plan) -> (u32, u32) {
    let linux = document.linux().as_ref();
    let map = |maps: Option<&[LinuxIdMapping]>, id: u32| {
        let found = maps.into_iter().flatten().find_map(|map| {
            let at = id.checked_sub(map.container_id())?;
            (at < map.size()).then(|| map.host_id() + at)
        });
        found.unwrap_or(id)
    };
    (
        map(linux.and_then(|l| l.uid_mappings().as_deref()), plan.ids.0),
        map(linux.and_then(|l| l.gid_mappings().as_deref()), plan.ids.1),
    )
}
