//! What an app runs under.

use flatrack_perms::{AppArmor, AppId, ProfileChoice, ProfileMode};
use flatrack_spec::apparmor::{Label, profile_name};

use super::{Kernel, parser};
use crate::Error;

/// The confinement of one start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Confinement {
    /// other profiles that are in force, which somebody loaded
    pub(crate) named: Vec<String>,
    /// the profile made from the permissions, and how it comes into the kernel
    pub(crate) generated: Option<Generated>,
    /// the mode that was asked for
    pub(crate) mode: ProfileMode,
    /// why there is no generated profile although nobody said so
    pub(crate) without: Option<String>,
}

/// The generated profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generated {
    /// this process loads it
    Load,
    /// root loaded it before
    Preloaded,
}

impl Confinement {
    /// The label that is to be in force.
    pub(crate) fn label(&self, id: &AppId) -> Option<Label> {
        let own = self.generated.map(|_| profile_name(id));
        Label::new(self.named.iter().cloned().chain(own))
    }
}

/// Decides, and refuses what was asked for and cannot be given.
///
/// Without any wish the generated profile is used where it can be.
pub(crate) fn decide(
    asked: &AppArmor,
    id: &AppId,
    kernel: Result<&Kernel, &'static str>,
    is_root: bool,
) -> Result<Confinement, Error> {
    let mode = asked
        .mode
        .as_ref()
        .map_or(ProfileMode::Enforce, |m| m.value);
    let mut confinement = Confinement {
        mode,
        ..Confinement::default()
    };
    let profile = asked.profile.as_ref().map(|granted| &granted.value);
    let is_wish = asked.profile.as_ref().map(|granted| &granted.origin);
    let origin = is_wish
        .or(asked.stack.values().next())
        .or(asked.mode.as_ref().map(|mode| &mode.origin));
    if profile == Some(&ProfileChoice::Unconfined) && asked.stack.is_empty() {
        return Ok(confinement);
    }
    let kernel = match (kernel, origin) {
        (Ok(kernel), _) => kernel,
        (Err(why), None) => {
            confinement.without = Some(why.to_owned());
            return Ok(confinement);
        }
        (Err(why), Some(origin)) => {
            let message =
                format!("no AppArmor profile can be in force: {why}; asked for by {origin}");
            return Err(Error::request(
                message,
                Some(
                    "`flatrack doctor` shows what this machine can enforce; `--apparmor=unconfined` runs the app without",
                ),
            ));
        }
    };
    let named = match profile {
        Some(ProfileChoice::Named(name)) => Some(name),
        _ => None,
    };
    for name in asked.stack.keys().chain(named) {
        require(kernel, name.as_str(), mode)?;
        confinement.named.push(name.to_string());
    }
    let wants_generated = !matches!(
        profile,
        Some(ProfileChoice::Unconfined | ProfileChoice::Named(_))
    );
    if wants_generated {
        match generated(kernel, id, mode, is_root) {
            Ok(how) => confinement.generated = Some(how),
            Err(why) if origin.is_none() => confinement.without = Some(why),
            Err(why) => {
                return Err(Error::request(
                    format!("the generated AppArmor profile cannot be in force: {why}"),
                    Some(
                        "root loads it with `flatrack apparmor load`; `--apparmor=unconfined` runs the app without",
                    ),
                ));
            }
        }
    }
    Ok(confinement)
}

fn generated(
    kernel: &Kernel,
    id: &AppId,
    mode: ProfileMode,
    is_root: bool,
) -> Result<Generated, String> {
    if is_root {
        return match parser::find() {
            Some(_) => Ok(Generated::Load),
            None => Err("`apparmor_parser` is not installed".to_owned()),
        };
    }
    let name = profile_name(id);
    match kernel.find(&name) {
        None => Err(format!("`{name}` is not loaded, and only root can load it")),
        Some(loaded) if mode == ProfileMode::Enforce && !loaded.enforces() => {
            Err(format!("`{name}` is loaded in the mode `{}`", loaded.mode))
        }
        Some(_) => Ok(Generated::Preloaded),
    }
}

/// A profile that somebody else loaded must be there, and deny unless nothing else was asked for.
fn require(kernel: &Kernel, name: &str, mode: ProfileMode) -> Result<(), Error> {
    match kernel.find(name) {
        None => Err(Error::request(
            format!("the AppArmor profile `{name}` is not loaded"),
            Some(
                "load it with `apparmor_parser --replace FILE`; `flatrack apparmor status` lists what is loaded",
            ),
        )),
        Some(loaded) if mode == ProfileMode::Enforce && !loaded.enforces() => Err(Error::request(
            format!(
                "the AppArmor profile `{name}` is in the mode `{}`: it denies nothing",
                loaded.mode
            ),
            Some("load it in enforce mode, or say `--apparmor-mode=complain`"),
        )),
        Some(_) => Ok(()),
    }
}
