//! Apps built from a manifest just before they run: simple modules, local sources, no compiler.
//!
//! The build lives in the instance's own directory and goes with it. Its commands run in a sandbox of their own: the SDK
//! at `/usr`, the app's files writable at `/app`, the sources at `/run/build/NUMBER`, no network, no host files and
//! none of the permissions that the app asks for, under an AppArmor profile of each command's own. The node's policy bounds them as it
//! bounds the app: its limits hold, and the profiles that it requires.

mod extract;

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use flatrack_metadata::Manifest;
use flatrack_metadata::manifest::{ManifestError, Module, PartialRef};
use flatrack_perms::{
    Arch, Branch, Conditions, EnvName, Grant, Layer, LayerStack, Policy, Pref, Source,
};
use flatrack_spec::{
    Build, Deployment, EtcEntry, Input, Launch, Linker, Replaced, Services, Session, Tree, plan,
};
use flatrack_store::{BuildDir, FullRef, Installations, RefKind};

use crate::apparmor::{Step, confine_step};
use crate::bundle::Prepared;
use crate::host::RealHost;
use crate::instance::Claim;
use crate::load::{App, cgroup, installed};
use crate::pin::Pins;
use crate::{Error, Machine, Request, policy, sources, supervise};

/// What of the caller's environment a build sees.
const INHERITED: [&str; 6] = ["TERM", "USER", "LOGNAME", "LANG", "LC_ALL", "HOME"];

/// A manifest that is still to be built.
#[derive(Debug)]
pub(crate) struct Pending {
    manifest: Manifest,
    /// directory of the manifest, where its sources are
    sources: PathBuf,
    /// where the build happens; becomes the directory of the instance
    pub(crate) claim: Claim,
    sdk: Deployment,
}

/// One command of a module.
#[derive(Clone, Copy)]
struct Work<'a> {
    module: &'a Module,
    /// the module's number
    number: usize,
    /// the command's number in it
    nth: usize,
    /// where the module's sources are
    directory: &'a Path,
    command: &'a str,
}

/// Reads a manifest and prepares an app whose files are still to be built.
pub(crate) fn from_manifest(
    request: &Request,
    machine: &Machine,
    installations: &Installations,
    path: &Path,
) -> Result<App, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let (manifest, warnings) =
        Manifest::parse(&sources::text(path, &bytes)?).map_err(manifest_error)?;
    refuse_cleanup(&manifest)?;
    let arch = request
        .arch
        .clone()
        .unwrap_or_else(|| installations.default_arch().clone());
    let branch = request
        .branch
        .clone()
        .unwrap_or_else(|| manifest.branch.clone());
    let metadata = manifest
        .to_metadata(&arch)
        .map_err(|error| Error::request(error.to_string(), error.hint.as_deref()))?;

    let claim = machine.state.claim()?;
    let app = claim.dir().join("app");
    for dir in [app.clone(), app.join("files"), claim.dir().join("build")] {
        make(&dir)?;
    }
    let file = app.join("metadata");
    fs::write(&file, metadata).map_err(|source| Error::Io { path: file, source })?;
    let dir = BuildDir::open(&app)?;
    let full_ref = FullRef::new(RefKind::App, manifest.id.clone(), arch.clone(), branch);
    let sdk = sdk(&manifest, &arch, installations, &app, machine)?;
    let mut ready = installed(request, machine, installations, dir.into_deploy(full_ref))?;
    ready.warnings.extend(warnings);
    let sources = path
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let sources = fs::canonicalize(sources).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    ready.pending = Some(Pending {
        manifest,
        sources,
        claim,
        sdk,
    });
    Ok(ready)
}

impl Pending {
    /// Builds every module, and gives the directory on to the run.
    pub(crate) fn build(self, machine: &Machine) -> Result<Claim, Error> {
        let policy = policy::in_force(&self.manifest.id)?;
        let modules: Vec<&Module> = self
            .manifest
            .modules
            .iter()
            .filter(|module| !module.disabled && module.arches.has(&self.sdk.arch))
            .collect();
        for (number, module) in modules.into_iter().enumerate() {
            let directory = self.claim.dir().join("build").join(number.to_string());
            make(&directory)?;
            extract::all(&module.sources, &self.sources, &directory, &self.sdk.arch)?;
            let commands = module.build_commands.iter().chain(&module.post_install);
            for (nth, command) in commands.enumerate() {
                let work = Work {
                    module,
                    number,
                    nth,
                    directory: &directory,
                    command,
                };
                self.command(&work, machine, &policy)?;
            }
        }
        Ok(self.claim)
    }

    /// Neither the app's nor that of another command.
    fn cgroup_name(&self, work: &Work<'_>) -> String {
        let (id, instance) = (&self.manifest.id, self.claim.number);
        format!("{id}-{instance}-build-{}-{}", work.number, work.nth)
    }

    /// Runs one command in the build's sandbox.
    fn command(&self, work: &Work<'_>, machine: &Machine, policy: &Policy) -> Result<(), Error> {
        let Work {
            module,
            number,
            directory,
            command,
            ..
        } = *work;
        let inside = PathBuf::from(format!("/run/build/{number}"));
        let cwd = match &module.subdir {
            Some(subdir) => inside.join(subdir),
            None => inside.clone(),
        };
        let mut layer = Layer::new(Source::App);
        for (name, value) in self.manifest.build_env.iter().chain(&module.build_env) {
            let name =
                EnvName::parse(name).map_err(|error| Error::request(error.to_string(), None))?;
            layer.push(Grant::Env {
                name,
                value: value.clone(),
            });
        }
        let stack = LayerStack::new(vec![layer]);
        let (resolved, _) = stack.resolve(&Conditions::default(), policy)?;
        let mut facts = machine.facts.clone();
        facts
            .environment
            .retain(|name, _| INHERITED.contains(&name.as_str()));
        let launch = Launch {
            instance: self.claim.number,
            command: ["/bin/sh", "-c", command].map(str::to_owned).to_vec(),
            cwd: Some(cwd),
            caller_cwd: None,
            terminal: false,
            window: None,
            extra_args: Vec::new(),
            state: machine.state.root(),
            per_app: self.claim.dir().join("build"),
            sandbox: false,
            clear_env: false,
            replaced: Replaced::default(),
            binds: Vec::new(),
            session: Session::default(),
            services: Services::default(),
            settings: flatrack_spec::Settings::default(),
            linker: Linker::Paths,
            cdi: Vec::new(),
            build: Some(Build {
                directory: directory.to_owned(),
                inside,
            }),
            cgroup: cgroup(&resolved, &self.cgroup_name(work), machine),
            // comes from the plan
            pod: flatrack_spec::pod::Pod::default(),
            apparmor: None,
        };
        let input = Input {
            resolved: &resolved,
            deployment: &self.sdk,
            launch: &launch,
            facts: &facts,
            host: &RealHost,
        };
        let mut plan = plan(&input)?;
        let required = &resolved.parts().apparmor;
        let id = &self.sdk.id;
        let _profile = confine_step(Step::Build, &mut plan, id, required, &self.claim, machine)?;
        let mut written = Prepared::new(&plan, machine, Pins::new())?
            .write(&self.claim.dir().join("step"), &self.sdk.arch)?;
        match supervise::run_to_end(&mut written, &self.claim, machine)? {
            0 => Ok(()),
            code => {
                let name = flatrack_perms::Untrusted(&module.name).to_string();
                let command = flatrack_perms::Untrusted(command).to_string();
                Err(Error::request(
                    format!("module `{name}`: `{command}` ended with exit code {code}"),
                    Some(
                        "the build sees the sources in its working directory, the SDK at /usr and the app at /app",
                    ),
                ))
            }
        }
    }
}

/// The SDK with the app's files, as the build sees them.
fn sdk(
    manifest: &Manifest,
    arch: &Arch,
    installations: &Installations,
    app: &Path,
    machine: &Machine,
) -> Result<Deployment, Error> {
    let named = |part: &PartialRef, branch: &Branch| Pref {
        id: part.id.clone(),
        arch: part.arch.clone().unwrap_or_else(|| arch.clone()),
        branch: part.branch.clone().unwrap_or_else(|| branch.clone()),
    };
    let pref = named(&manifest.sdk, &manifest.runtime_version);
    let sdk = installations.runtime(&pref, None)?;
    Ok(Deployment {
        id: manifest.id.clone(),
        previous_ids: Vec::new(),
        is_runtime: false,
        arch: arch.clone(),
        branch: manifest.branch.clone(),
        app: Some(Tree {
            path: app.join("files"),
            commit: String::new(),
            extensions: Vec::new(),
        }),
        runtime: pref,
        usr: Tree {
            path: sdk.files.path().to_owned(),
            commit: sdk.commit.clone(),
            extensions: Vec::new(),
        },
        etc: sdk
            .etc
            .iter()
            .map(|entry| EtcEntry {
                name: entry.name.to_owned(),
                source: entry.source.clone(),
            })
            .collect(),
        user_installation: machine.facts.user.home.join(".local/share/flatpak"),
    })
}

fn refuse_cleanup(manifest: &Manifest) -> Result<(), Error> {
    let asked = !manifest.cleanup.is_empty()
        || !manifest.cleanup_commands.is_empty()
        || manifest
            .modules
            .iter()
            .any(|module| !module.cleanup.is_empty());
    if asked {
        let hint = Some("leave them out, or remove the files in a build command");
        return Err(Error::request(
            "`cleanup` of a manifest is not supported yet",
            hint,
        ));
    }
    Ok(())
}

fn manifest_error(error: ManifestError) -> Error {
    match error {
        ManifestError::Wrong(place) | ManifestError::NotSupported { place, .. } => {
            Error::Text(*place)
        }
    }
}

pub(crate) fn make(path: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .mode(0o755)
        .create(path)
        .map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })
}
