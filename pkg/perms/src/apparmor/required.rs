//! The AppArmor profiles that the node's policy requires.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{AppArmor, ProfileChoice, ProfileMode, ProfileName};
use crate::{Granted, Origin};

/// What happens where a required profile cannot be in force. The later one is tighter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IfUnavailable {
    /// the app starts without it, and that is told
    Degrade,
    /// the start is refused
    #[default]
    Refuse,
}

impl IfUnavailable {
    /// Every word with its meaning.
    pub const WORDS: [(&'static str, Self); 2] =
        [("degrade", Self::Degrade), ("refuse", Self::Refuse)];
}

/// Something that a rule requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Requirement {
    /// where it was written
    pub origin: Origin,
    /// what happens where it cannot be had
    pub if_unavailable: IfUnavailable,
}

impl Requirement {
    /// The tighter one of two; the first if they are alike.
    fn and(&mut self, other: &Self) {
        if other.if_unavailable > self.if_unavailable {
            *self = other.clone();
        }
    }

    fn may_lack(&self) -> bool {
        self.if_unavailable == IfUnavailable::Degrade
    }
}

/// What the node's policy requires. Every part of it makes the confinement tighter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RequiredAppArmor {
    /// the generated profile must be among those in force
    pub generated: Option<Requirement>,
    /// what is not allowed must be denied
    pub enforce: Option<Requirement>,
    /// profiles that must be among those in force
    pub profiles: BTreeMap<ProfileName, Requirement>,
}

impl RequiredAppArmor {
    /// Adds what another rule requires.
    pub fn and(&mut self, other: &Self) {
        let Self {
            generated,
            enforce,
            profiles,
        } = other;
        for (mine, theirs) in [
            (&mut self.generated, generated),
            (&mut self.enforce, enforce),
        ] {
            match (mine, theirs) {
                (Some(mine), Some(theirs)) => mine.and(theirs),
                (none @ None, theirs) => none.clone_from(theirs),
                (Some(_), None) => {}
            }
        }
        for (name, theirs) in profiles {
            let mine = self.profiles.entry(name.clone());
            mine.or_insert_with(|| theirs.clone()).and(theirs);
        }
    }

    /// Whether nothing is required.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Everything required: key, value, the requirement.
    #[must_use]
    pub fn list(&self) -> Vec<(&'static str, String, &Requirement)> {
        let generated = self.generated.iter();
        let generated = generated.map(|by| ("profile", "generated".to_owned(), by));
        let enforce = self.enforce.iter();
        let enforce = enforce.map(|by| ("mode", ProfileMode::Enforce.as_str().to_owned(), by));
        let profiles = self.profiles.iter();
        let profiles = profiles.map(|(name, by)| ("stack", name.to_string(), by));
        generated.chain(enforce).chain(profiles).collect()
    }

    /// Tightens what was asked for. What had to be changed is told: what it was, who asked, what it is now, who requires it.
    ///
    /// What somebody else asked for as well stays what must be there, however gently the policy requires it.
    pub(crate) fn tighten<E>(
        &self,
        asked: &mut AppArmor,
        mut lower: impl FnMut(String, &Origin, String, &Origin) -> Result<(), E>,
    ) -> Result<(), E> {
        let others_must_have = asked.must_have().is_some();
        if let Some(by) = &self.generated {
            let mut origin = by.origin.clone();
            let implied = match asked.profile.take() {
                Some(Granted {
                    value: ProfileChoice::Named(name),
                    origin,
                }) => {
                    asked.stack.insert(name, origin);
                    false
                }
                Some(Granted {
                    value: ProfileChoice::Unconfined,
                    origin,
                }) => {
                    let (was, is) = ("apparmor=unconfined", "apparmor=generated");
                    lower(was.into(), &origin, is.into(), &by.origin)?;
                    false
                }
                Some(Granted {
                    value: ProfileChoice::Generated,
                    origin: asker,
                }) => {
                    // who insists is named where it cannot be had
                    if by.may_lack() {
                        origin = asker;
                    }
                    true
                }
                // whoever asks for a mode or a stack asks for the generated profile below it
                None => others_must_have,
            };
            asked.may_lack.profile = by.may_lack() && !implied;
            let value = ProfileChoice::Generated;
            asked.profile = Some(Granted { value, origin });
        }
        for (name, by) in &self.profiles {
            if !asked.stack.contains_key(name) && by.may_lack() && !named(asked, name) {
                asked.may_lack.stack.insert(name.clone());
            }
            let origin = || by.origin.clone();
            asked.stack.entry(name.clone()).or_insert_with(origin);
        }
        if let Some(by) = &self.enforce {
            let origin = by.origin.clone();
            let complains = |mode: &&Granted<ProfileMode>| mode.value == ProfileMode::Complain;
            if let Some(mode) = asked.mode.as_ref().filter(complains) {
                let (was, is) = ("apparmor-mode=complain", "apparmor-mode=enforce");
                lower(was.into(), &mode.origin, is.into(), &origin)?;
            }
            asked.may_lack.mode = by.may_lack() && asked.mode.is_none();
            let value = ProfileMode::Enforce;
            asked.mode = Some(Granted { value, origin });
        }
        Ok(())
    }
}

fn named(asked: &AppArmor, name: &ProfileName) -> bool {
    let choice = asked.profile.as_ref().map(|profile| &profile.value);
    matches!(choice, Some(ProfileChoice::Named(chosen)) if chosen == name)
}
