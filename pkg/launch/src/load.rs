//! From the name of an app to its layers: find it, read what it asks for, read what overrides say.

use std::path::{Path, PathBuf};

use flatrack_metadata::{AppMetadata, Diagnostic, layer};
use flatrack_perms::{
    Arch, Branch, Layer, LayerStack, Permission, Pref, Provenance, Resolved, Source, Untrusted,
};
use flatrack_spec::pod::Pod;
use flatrack_spec::{Deployment, EtcEntry, Launch, Linker, Tree};
use flatrack_store::{
    BuildDir, Deploy, DeployLock, Environment, Found, FullRef, Installations, RefKind, Target,
};

use crate::around::Around;
use crate::driver::Driver;
use crate::extensions::{self, ExtensionRow, Found as Extensions};
use crate::instance::Claim;
use crate::{
    Error, Machine, Request, build, forward, forwarding, linker, overrides, provenance, sources,
    surroundings,
};

/// An app, ready to be resolved.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) layers: LayerStack,
    pub(crate) deployment: Deployment,
    /// where its files come from, for the node's policy
    pub(crate) provenance: Provenance,
    /// the command of its metadata
    pub(crate) command: Option<String>,
    /// where it was found, for people
    pub(crate) place: String,
    /// what text was passed over and why
    pub(crate) warnings: Vec<Diagnostic>,
    /// extensions, mounted or not
    pub(crate) extensions: Vec<ExtensionRow>,
    /// what else a person should know before the start
    pub(crate) notes: Vec<String>,
    /// keeps Flatpak from deleting the trees while they are used
    pub(crate) locks: Vec<DeployLock>,
    /// a manifest whose files are still to be built
    pub(crate) pending: Option<build::Pending>,
}

impl App {
    pub(crate) fn arch(&self) -> &Arch {
        &self.deployment.arch
    }

    /// A number and a directory for the instance. A manifest is built there first.
    pub(crate) fn claim(&mut self, machine: &Machine) -> Result<Claim, Error> {
        match self.pending.take() {
            Some(pending) => pending.build(machine),
            None => machine.state.claim(),
        }
    }

    /// How the app is to be run.
    pub(crate) fn launch(
        &self,
        request: &Request,
        resolved: &Resolved,
        machine: &Machine,
        claim: &Claim,
        around: &Around,
    ) -> Result<Launch, Error> {
        let command = request.command.as_ref().or(self.command.as_ref());
        let command = command.map(|command| {
            std::iter::once(command)
                .cloned()
                .chain(forwarding::arguments(request))
                .collect::<Vec<_>>()
        });
        if let Some(nul) = command.iter().flatten().find(|word| word.contains('\0')) {
            let message = format!("`{}` has a NUL byte in it", Untrusted(nul));
            return Err(Error::request(message, None));
        }
        Ok(Launch {
            instance: claim.number,
            command: command.unwrap_or_default(),
            cwd: request.cwd.clone(),
            caller_cwd: std::env::current_dir().ok(),
            terminal: request.terminal,
            window: request.terminal.then(forward::window).flatten(),
            extra_args: request.options.clone(),
            // what stands in for one run is not worth a cache
            linker: match around.handed.replaced.any() {
                true => Linker::Paths,
                false => linker::plan_for(&self.deployment, machine),
            },
            state: machine.state.root(),
            per_app: machine
                .state
                .per_app(&self.deployment.id, machine.facts.user.uid)?,
            sandbox: request.run.sandbox,
            clear_env: request.run.clear_env,
            replaced: around.handed.replaced.clone(),
            binds: around.handed.binds.clone(),
            session: around.opened.session.clone(),
            services: around.found.services.clone(),
            settings: around.settings.clone(),
            build: None,
            cdi: crate::cdi::load(resolved)?,
            pod: Pod::default(),
            apparmor: None,
            cgroup: cgroup(
                resolved,
                &format!("{}-{}", self.deployment.id, claim.number),
                machine,
            ),
        })
    }
}

/// Where the cgroup of an app, or of a step before it, is made. A user's apps without limits need none.
pub(crate) fn cgroup(resolved: &Resolved, name: &str, machine: &Machine) -> Option<PathBuf> {
    let privileged = machine.facts.privileged;
    (privileged || has_cgroup_limits(resolved))
        .then(|| Driver::choose(&machine.cgroups).path(privileged, name))
}

fn has_cgroup_limits(resolved: &Resolved) -> bool {
    use flatrack_perms::Limit;
    resolved.parts().limits.list().iter().any(|limit| {
        !matches!(
            limit.value,
            Limit::Rlimit(..) | Limit::OomScoreAdj(_) | Limit::Nice(_)
        )
    })
}

/// Finds and reads what the request names.
pub(crate) fn load(request: &Request, machine: &Machine) -> Result<App, Error> {
    let environment = Environment::from_process();
    let installations = Installations::find(&environment, &request.scope)?;
    match Target::parse(&request.target, Found::look)? {
        Target::Installed {
            kind,
            id,
            arch,
            branch,
        } => {
            let arch = request.arch.clone().or(arch);
            let branch = request.branch.clone().or(branch);
            let commit = request.commit.as_ref();
            let runtime =
                || installations.bare_runtime(&id, arch.as_ref(), branch.as_ref(), commit);
            if kind == Some(RefKind::Runtime) {
                return bare_runtime(request, machine, &installations, runtime()?);
            }
            match installations.app(&id, arch.as_ref(), branch.as_ref(), commit) {
                Ok(deploy) => installed(request, machine, &installations, deploy),
                Err(no_app @ flatrack_store::Error::NotInstalled { .. }) if kind.is_none() => {
                    let runtime = runtime().map_err(|_| no_app)?;
                    bare_runtime(request, machine, &installations, runtime)
                }
                Err(error) => Err(error.into()),
            }
        }
        Target::BuildDir(path) => build_dir(request, machine, &installations, &path),
        Target::Manifest(path) => build::from_manifest(request, machine, &installations, &path),
    }
}

fn bare_runtime(
    request: &Request,
    machine: &Machine,
    installations: &Installations,
    deploy: Deploy,
) -> Result<App, Error> {
    let text = sources::text(&deploy.metadata.path, &deploy.metadata.bytes)?;
    let (metadata, warnings) = AppMetadata::parse(&text, Source::Runtime)?;
    let pref = deploy.full_ref.pref.clone();
    let points = &metadata.extensions;
    let around = surroundings::look(&machine.facts, &[points]);
    let extensions = extensions::find(installations, points, &pref, "/usr", &around)?;
    let layers = vec![metadata.layer.environment_only()];
    Ok(App {
        layers: stack(request, layers),
        provenance: provenance::of(request, &pref, &[("runtime", &deploy)], extensions.trees),
        command: Some("/bin/sh".to_owned()),
        place: deploy.place.name().to_owned(),
        warnings,
        locks: deploy.lock()?.into_iter().chain(extensions.locks).collect(),
        extensions: extensions.rows,
        notes: extensions.warnings,
        pending: None,
        deployment: Deployment {
            id: pref.id.clone(),
            previous_ids: Vec::new(),
            is_runtime: true,
            arch: pref.arch.clone(),
            branch: pref.branch.clone(),
            app: None,
            runtime: pref,
            etc: etc(&deploy),
            usr: tree(&deploy, extensions.mounted),
            user_installation: user_installation(machine),
        },
    })
}

fn build_dir(
    request: &Request,
    machine: &Machine,
    installations: &Installations,
    path: &Path,
) -> Result<App, Error> {
    let dir = BuildDir::open(path)?;
    let text = sources::text(&dir.metadata.path, &dir.metadata.bytes)?;
    let (metadata, _) = AppMetadata::parse(&text, Source::App)?;
    let branch = request
        .branch
        .clone()
        .map_or_else(|| Branch::parse("master"), Ok);
    let branch = branch.map_err(|error| Error::request(error.to_string(), None))?;
    let arch = match (&request.arch, &metadata.runtime) {
        (Some(arch), _) => arch.clone(),
        (None, Some(runtime)) => runtime.arch.clone(),
        (None, None) => installations.default_arch().clone(),
    };
    let full_ref = FullRef::new(RefKind::App, metadata.id, arch, branch);
    installed(request, machine, installations, dir.into_deploy(full_ref))
}

/// An app with its files, on the runtime that it or the request names.
pub(crate) fn installed(
    request: &Request,
    machine: &Machine,
    installations: &Installations,
    deploy: Deploy,
) -> Result<App, Error> {
    let runtime = |pref: &Pref| Ok(installations.runtime(pref, request.runtime_commit.as_ref())?);
    let overrides = overrides::layers(&machine.facts, &deploy)?;
    let ground = Ground {
        runtime: &runtime,
        overrides,
    };
    on_runtime(request, machine, installations, deploy, ground)
}

/// What an app stands on besides its own files.
pub(crate) struct Ground<'a> {
    /// opens the runtime that it names
    pub(crate) runtime: &'a dyn Fn(&Pref) -> Result<Deploy, Error>,
    /// flatrack's own overrides, and what of them was passed over
    pub(crate) overrides: (Vec<Layer>, Vec<Diagnostic>),
}

/// The same on another ground than the machine's own.
pub(crate) fn on_runtime(
    request: &Request,
    machine: &Machine,
    installations: &Installations,
    deploy: Deploy,
    ground: Ground<'_>,
) -> Result<App, Error> {
    let text = sources::text(&deploy.metadata.path, &deploy.metadata.bytes)?;
    let (metadata, mut warnings) = AppMetadata::parse(&text, Source::App)?;
    metadata.check_id(&deploy.full_ref.pref.id)?;
    let pref = runtime_pref(request, &metadata, &deploy.full_ref.pref)?;
    let runtime = (ground.runtime)(&pref)?;
    let runtime_text = sources::text(&runtime.metadata.path, &runtime.metadata.bytes)?;
    let (runtime_metadata, _) = AppMetadata::parse(&runtime_text, Source::Runtime)?;

    let app_points = &metadata.extensions;
    let runtime_points = &runtime_metadata.extensions;
    let around = surroundings::look(&machine.facts, &[app_points, runtime_points]);
    let find = |points, parent: &Deploy, root| -> Result<Extensions, Error> {
        extensions::find(installations, points, &parent.full_ref.pref, root, &around)
    };
    let in_app = find(app_points, &deploy, "/app")?;
    let in_runtime = find(runtime_points, &runtime, "/usr")?;

    let mut layers = vec![
        runtime_metadata.layer.environment_only(),
        metadata.layer.clone(),
    ];
    for file in flatrack_store::overrides(&deploy)? {
        let (layer, more) = layer::parse(file.source, &sources::text(&file.path, &file.bytes)?)?;
        layers.push(layer);
        warnings.extend(more);
    }
    let (own, more) = ground.overrides;
    layers.extend(own);
    warnings.extend(more);
    let locks = [deploy.lock()?, runtime.lock()?]
        .into_iter()
        .flatten()
        .chain(in_app.locks)
        .chain(in_runtime.locks)
        .collect();
    let id = deploy.full_ref.pref.id.clone();
    let of = [("app", &deploy), ("runtime", &runtime)];
    let in_both = [in_app.trees, in_runtime.trees].concat();
    Ok(App {
        layers: stack(request, layers),
        provenance: provenance::of(request, &runtime.full_ref.pref, &of, in_both),
        command: metadata.command.clone(),
        place: deploy.place.name().to_owned(),
        warnings,
        locks,
        extensions: [in_app.rows, in_runtime.rows].concat(),
        notes: [in_app.warnings, in_runtime.warnings].concat(),
        pending: None,
        deployment: Deployment {
            id,
            previous_ids: deploy.previous_ids.clone(),
            is_runtime: false,
            arch: deploy.full_ref.pref.arch.clone(),
            branch: deploy.full_ref.pref.branch.clone(),
            app: Some(tree(&deploy, in_app.mounted)),
            runtime: runtime.full_ref.pref.clone(),
            etc: etc(&runtime),
            usr: tree(&runtime, in_runtime.mounted),
            user_installation: user_installation(machine),
        },
    })
}

/// The layers, reduced where the run is sandboxed, and the command line on top of them.
fn stack(request: &Request, mut layers: Vec<Layer>) -> LayerStack {
    if request.run.sandbox {
        layers = layers.into_iter().map(Layer::sandboxed).collect();
    }
    layers.push(command_line(request));
    LayerStack::new(layers)
}

/// Permissions of the command line, and what `--devel` implies.
fn command_line(request: &Request) -> Layer {
    let mut layer = request.layer.clone();
    if request.devel {
        layer.push(flatrack_perms::Grant::Permission {
            permission: Permission::Devel,
            allow: true,
            condition: None,
        });
    }
    layer
}

/// The runtime: the app's own or its SDK, with what the request replaces of it.
fn runtime_pref(request: &Request, metadata: &AppMetadata, app: &Pref) -> Result<Pref, Error> {
    let own = if request.devel {
        &metadata.sdk
    } else {
        &metadata.runtime
    };
    let key = if request.devel { "sdk" } else { "runtime" };
    let Some(mut pref) = own.clone() else {
        return Err(Error::request(
            format!("the metadata of `{}` names no {key}", app.id),
            None,
        ));
    };
    let bad = |error: flatrack_perms::ValueError| {
        let text = request.runtime.clone().unwrap_or_default();
        let message = format!("`--runtime={}`: {error}", Untrusted(&text));
        Error::request(message, error.hint.as_deref())
    };
    if let Some(text) = &request.runtime {
        let mut parts = text.split('/');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        if let Some(id) = next() {
            pref.id = flatrack_perms::AppId::parse(id).map_err(bad)?;
        }
        if let Some(arch) = next() {
            pref.arch = Arch::parse(arch).map_err(bad)?;
        }
        if let Some(branch) = next() {
            pref.branch = Branch::parse(branch).map_err(bad)?;
        }
        if parts.next().is_some() {
            let message = format!("`--runtime={}` has more than three parts", Untrusted(text));
            return Err(Error::request(message, Some("write ID[/ARCH[/BRANCH]]")));
        }
    }
    if let Some(branch) = &request.runtime_version {
        pref.branch = branch.clone();
    }
    Ok(pref)
}

fn tree(deploy: &Deploy, extensions: Vec<flatrack_spec::Extension>) -> Tree {
    Tree {
        path: deploy.files.path().to_owned(),
        commit: deploy.commit.clone(),
        extensions,
    }
}

fn etc(deploy: &Deploy) -> Vec<EtcEntry> {
    deploy
        .etc
        .iter()
        .map(|entry| EtcEntry {
            name: entry.name.to_owned(),
            source: entry.source.clone(),
        })
        .collect()
}

/// Hidden even from apps that see the home directory, so its place counts, not whether it exists.
fn user_installation(machine: &Machine) -> PathBuf {
    let fallback = || machine.facts.user.home.join(".local/share/flatpak");
    Environment::from_process()
        .user_dir()
        .unwrap_or_else(fallback)
}
