//! `flatrack apparmor`: look at profiles, load them, remove them, read what they denied.

use std::fs::File;
use std::path::{Path, PathBuf};

use flatrack_perms::{AppId, Untrusted};
use flatrack_spec::apparmor::{Profile, profile, profile_name};

pub use super::denials::Denial;
use super::load::home_of;
use super::store::{Store, names_of};
use super::{Kernel, Loaded, denials as audit, in_use};
use crate::around::Around;
use crate::pipeline::{make_plan, resolve};
use crate::{Error, Machine, Request, load as app};

/// The profile that is generated for an app, for standard input and output that are pipes.
///
/// # Errors
/// As for a run, bar what needs a start.
pub fn show(request: &Request) -> Result<Profile, Error> {
    Ok(make(request)?.0)
}

/// The profile, and what is there as long as the app is.
fn make(request: &Request) -> Result<(Profile, PathBuf), Error> {
    let machine = Machine::probe()?;
    let app = app::load(request, &machine)?;
    let (resolved, _) = resolve(&app, &machine)?;
    let claim = machine.state.claim()?;
    let around = Around::open(&app, &resolved, request, &machine, &claim, &mut |_| {})?;
    let launch = app.launch(request, &resolved, &machine, &claim, &around)?;
    let plan = make_plan(&app, &resolved, &launch, &machine)?;
    let mode = resolved.parts().apparmor.mode.as_ref();
    let mode = mode.map_or_else(Default::default, |mode| mode.value);
    let profile = profile(&plan, &app.deployment.id, mode, &[]);
    Ok((profile, home_of(&app.deployment)))
}

/// Loads it, so that ordinary users' instances of the app run under it.
///
/// # Errors
/// Not root, or no AppArmor, or the profile is refused.
pub fn load(request: &Request) -> Result<Profile, Error> {
    let (profile, home) = make(request)?;
    let machine = Machine::probe()?;
    let kernel = kernel(&machine)?;
    Store::open(&machine.state)?.load(&profile, &home, &kernel)?;
    Ok(profile)
}

/// Removes every generated profile of an app from the kernel. The app need not be installed any more.
///
/// # Errors
/// Not root, no such profile, something runs under it, or the kernel refuses.
pub fn unload(id: &str) -> Result<(), Error> {
    let id = AppId::parse(id)
        .map_err(|error| Error::request(format!("`{}`: {error}", Untrusted(id)), None))?;
    let machine = Machine::probe()?;
    let kernel = kernel(&machine)?;
    let store = Store::open(&machine.state)?;
    let mut names = names_of(&store, &id);
    let own = profile_name(&id);
    if kernel.find(&own).is_some() && !names.contains(&own) {
        names.push(own);
    }
    if names.is_empty() {
        return Err(Error::request(
            format!("no profile of `{id}` is loaded"),
            Some("`flatrack apparmor status` lists what is"),
        ));
    }
    if let Some(used) = names.iter().find(|name| in_use::is(name)) {
        return Err(Error::request(
            format!("the profile `{used}` is in use: what runs under it would run without"),
            Some("end the app first, `flatrack kill` does"),
        ));
    }
    names
        .iter()
        .try_for_each(|name| store.unload(name, &kernel))
}

/// Generated profiles in the kernel, or with `all` every profile.
///
/// # Errors
/// A kernel without AppArmor.
pub fn status(all: bool) -> Result<Vec<Loaded>, Error> {
    let mut profiles = probe()?.profiles();
    profiles.retain(|profile| all || profile.name.starts_with("flatrack."));
    Ok(profiles)
}

/// Where to look for what was denied.
#[derive(Debug, Clone)]
pub enum Log {
    /// the kernel's own log, and the audit daemon's where there is one
    Kernel,
    /// a file, such as the output of `journalctl -k`
    File(PathBuf),
    /// standard input
    Input,
}

/// What an app was denied, and the permission that would allow it.
///
/// # Errors
/// A log that cannot be read.
pub fn denials(id: &str, log: &Log) -> Result<Vec<Denial>, Error> {
    let id = AppId::parse(id)
        .map_err(|error| Error::request(format!("`{}`: {error}", Untrusted(id)), None))?;
    let read = |path: &Path, file: &mut dyn std::io::Read| {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|source| Error::Io {
                path: path.to_owned(),
                source,
            })
            .map(|_| String::from_utf8_lossy(&bytes).into_owned())
    };
    let open = |path: &Path| {
        File::open(path).map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })
    };
    let text = match log {
        Log::Input => read(Path::new("-"), &mut std::io::stdin().lock())?,
        Log::File(path) => read(path, &mut open(path)?)?,
        Log::Kernel => {
            let audit = Path::new("/var/log/audit/audit.log");
            let mut text = audit::kernel_log()?;
            if audit.exists() {
                text += &read(audit, &mut open(audit)?)?;
            }
            text
        }
    };
    Ok(audit::parse(&text, &profile_name(&id)))
}

fn probe() -> Result<Kernel, Error> {
    Kernel::probe().map_err(|why| {
        Error::request(
            why,
            Some("`flatrack doctor` shows what this machine can enforce"),
        )
    })
}

fn kernel(machine: &Machine) -> Result<Kernel, Error> {
    let kernel = probe()?;
    if machine.facts.privileged {
        Ok(kernel)
    } else {
        Err(Error::request(
            "only root can load or remove profiles",
            None,
        ))
    }
}
