//! What an app runs under.

use flatrack_perms::{AppArmor, AppId, Origin, ProfileChoice, ProfileMode, RequiredAppArmor};
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
    /// what the policy requires where it can be had, and why it cannot
    pub(crate) lacks: Vec<String>,
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

/// Decides, and refuses what was asked for and cannot be given. What only a policy asks for, and lets go, is told.
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
    let must_have = asked.must_have();
    if profile == Some(&ProfileChoice::Unconfined) && asked.stack.is_empty() {
        return Ok(confinement);
    }
    let kernel = match (kernel, must_have) {
        (Ok(kernel), _) => kernel,
        (Err(why), None) => {
            confinement.do_without(asked, why);
            return Ok(confinement);
        }
        (Err(why), Some(origin)) => {
            let message =
                format!("no AppArmor profile can be in force: {why}; asked for by {origin}");
            return Err(Error::request(message, Some(WITHOUT_KERNEL)));
        }
    };
    let named = match profile {
        Some(ProfileChoice::Named(name)) => Some(name),
        _ => None,
    };
    for name in asked.stack.keys().chain(named) {
        match require(kernel, name.as_str(), mode) {
            Ok(()) => confinement.named.push(name.to_string()),
            Err(error) if asked.may_lack.stack.contains(name) => {
                confinement.lacks(&error.to_string(), asked.stack.get(name));
            }
            Err(error) => return Err(error),
        }
    }
    let wants_generated = !matches!(
        profile,
        Some(ProfileChoice::Unconfined | ProfileChoice::Named(_))
    );
    if wants_generated {
        match generated(kernel, id, mode, is_root) {
            Ok(how) => confinement.generated = Some(how),
            Err(why) if must_have.is_none() => confinement.do_without(asked, &why),
            Err(why) => {
                return Err(Error::request(
                    format!("the generated AppArmor profile cannot be in force: {why}"),
                    Some(WITHOUT_PROFILE),
                ));
            }
        }
    }
    Ok(confinement)
}

const WITHOUT_KERNEL: &str = "`flatrack doctor` shows what this machine can enforce; `--apparmor=unconfined` runs the app without, unless the \
     policy requires a profile";
const WITHOUT_PROFILE: &str = "root loads it with `flatrack apparmor load`; `--apparmor=unconfined` runs the app without, unless the policy \
     requires it";

impl Confinement {
    /// There is no generated profile, and no other where there is no kernel for it.
    fn do_without(&mut self, asked: &AppArmor, why: &str) {
        self.without = Some(why.to_owned());
        let profile = asked.profile.iter().map(|granted| &granted.origin);
        let stack = asked.stack.values();
        let mode = asked.mode.iter().map(|granted| &granted.origin);
        if let Some(by) = profile.chain(stack).chain(mode).next() {
            self.lacks(why, Some(by));
        }
    }

    fn lacks(&mut self, why: &str, by: Option<&Origin>) {
        let by = by.map(|by| format!("; required, where it can be had, by {by}"));
        self.lacks.push(format!("{why}{}", by.unwrap_or_default()));
    }
}

/// Why what a rule requires cannot be in force here for any app; for single apps more may be missing.
pub(crate) fn obstacle(
    required: &RequiredAppArmor,
    kernel: Result<&Kernel, &'static str>,
    is_root: bool,
) -> Option<String> {
    let kernel = match kernel {
        Ok(kernel) => kernel,
        Err(why) => return Some(why.to_owned()),
    };
    let mut profiles = required.profiles.keys();
    let missing = profiles
        .find_map(|name| require(kernel, name.as_str(), ProfileMode::Enforce).err())
        .map(|error| error.to_string());
    let own = || match (is_root, parser::find()) {
        (false, _) => Some(
            "only apps whose profile root has loaded (`flatrack apparmor load`) have one"
                .to_owned(),
        ),
        (true, None) => Some("`apparmor_parser` is not installed".to_owned()),
        (true, Some(_)) => None,
    };
    missing.or_else(own)
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
