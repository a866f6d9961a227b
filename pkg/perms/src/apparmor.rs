//! AppArmor: which profile an app runs under, whether it denies, what is stacked on top.

mod required;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::{Granted, Origin, ValueError};

pub use required::{IfUnavailable, RequiredAppArmor, Requirement};

/// The name of a loaded profile. It becomes part of a label, so nothing that a label gives a meaning to may be in it.
///
/// ```
/// use flatrack_perms::ProfileName;
/// assert!(ProfileName::parse("site-baseline").is_ok());
/// assert!(ProfileName::parse("one//&two").is_err());
/// assert!(ProfileName::parse("unconfined").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProfileName(String);

impl ProfileName {
    /// Checks a name: letters, digits and `. _ - + /`, none of which makes a stack, a namespace or a pattern.
    ///
    /// # Errors
    /// Any other character, `//`, a leading `-`, or `unconfined`, which is no profile.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let good = |c: char| c.is_ascii_alphanumeric() || "._-+/".contains(c);
        if text.is_empty() || text.len() > 255 {
            return Err(ValueError::whole(
                text,
                "a profile's name has 1 to 255 characters",
            ));
        }
        if let Some((at, bad)) = text.char_indices().find(|(_, c)| !good(*c)) {
            let range = at..at + bad.len_utf8();
            return Err(ValueError::part(
                range,
                "this character is not allowed in a profile's name",
            )
            .hint("letters, digits and `. _ - + /`; several profiles are written as a list"));
        }
        if text == "unconfined" || text.starts_with('-') || text.contains("//") {
            return Err(ValueError::whole(text, "this is not a profile's name"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The profile that an app runs under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileChoice {
    /// one made from the app's own permissions
    Generated,
    /// none
    Unconfined,
    /// one that the machine's administrator loaded
    Named(ProfileName),
}

impl ProfileChoice {
    /// Reads `generated`, `unconfined` or a name.
    ///
    /// # Errors
    /// As [`ProfileName::parse`].
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "generated" => Ok(Self::Generated),
            "unconfined" => Ok(Self::Unconfined),
            name => ProfileName::parse(name).map(Self::Named),
        }
    }
}

impl fmt::Display for ProfileChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generated => "generated",
            Self::Unconfined => "unconfined",
            Self::Named(name) => name.as_str(),
        })
    }
}

/// What a profile does with what it does not allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileMode {
    /// it is denied
    #[default]
    Enforce,
    /// it is reported, and happens
    Complain,
}

impl ProfileMode {
    /// The mode of that name.
    ///
    /// # Errors
    /// Any other word.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "enforce" => Ok(Self::Enforce),
            "complain" => Ok(Self::Complain),
            _ => Err(ValueError::whole(text, "this word is not known here")
                .hint("`enforce` or `complain`")),
        }
    }

    /// As the kernel writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Complain => "complain",
        }
    }
}

/// One thing that a layer says of AppArmor. `None` takes back what lower layers said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppArmorGrant {
    /// the profile
    Profile(Option<ProfileChoice>),
    /// its mode
    Mode(Option<ProfileMode>),
    /// a profile on top, which can only take away
    Stack(Option<ProfileName>),
}

impl AppArmorGrant {
    /// Reads a value of a key of `[X-AppArmor]`.
    ///
    /// # Errors
    /// A value that is not of the key's form.
    pub fn parse(key: &str, value: &str) -> Result<Self, ValueError> {
        Ok(match Self::nothing(key) {
            Self::Profile(_) => Self::Profile(Some(ProfileChoice::parse(value)?)),
            Self::Mode(_) => Self::Mode(Some(ProfileMode::parse(value)?)),
            Self::Stack(_) => Self::Stack(Some(ProfileName::parse(value)?)),
        })
    }

    /// What takes back what lower layers say of a key.
    #[must_use]
    pub fn nothing(key: &str) -> Self {
        match key {
            "profile" => Self::Profile(None),
            "mode" => Self::Mode(None),
            _ => Self::Stack(None),
        }
    }

    /// The key and the value, as written.
    #[must_use]
    pub fn as_written(&self) -> (&'static str, String) {
        fn text(value: Option<&impl ToString>) -> String {
            value.map(ToString::to_string).unwrap_or_default()
        }
        match self {
            Self::Profile(choice) => ("profile", text(choice.as_ref())),
            Self::Mode(mode) => ("mode", text(mode.map(ProfileMode::as_str).as_ref())),
            Self::Stack(name) => ("stack", text(name.as_ref())),
        }
    }

    /// Whether this confines the app, and takes nothing back of what does.
    #[must_use]
    pub fn confines(&self) -> bool {
        matches!(
            self,
            Self::Profile(Some(ProfileChoice::Generated | ProfileChoice::Named(_)))
                | Self::Mode(Some(ProfileMode::Enforce))
                | Self::Stack(Some(_))
        )
    }

    /// Whether an app that says this of itself would confine itself less than every app is confined.
    #[must_use]
    pub fn weakens(&self) -> bool {
        matches!(
            self,
            Self::Profile(Some(ProfileChoice::Unconfined | ProfileChoice::Named(_)))
                | Self::Mode(Some(ProfileMode::Complain))
        )
    }
}

/// What was asked for, and by whom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AppArmor {
    /// the profile
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Granted<ProfileChoice>>,
    /// its mode
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Granted<ProfileMode>>,
    /// profiles on top
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stack: BTreeMap<ProfileName, Origin>,
    /// what of this may be missing
    #[serde(skip_serializing_if = "MayLack::is_nothing")]
    pub may_lack: MayLack,
}

/// What only a policy asks for that lets it go where it cannot be had (`if-unavailable = "degrade"`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MayLack {
    /// the profile, which is the generated one
    pub profile: bool,
    /// the mode
    pub mode: bool,
    /// profiles on top
    pub stack: BTreeSet<ProfileName>,
}

impl MayLack {
    /// Whether everything that was asked for must be there.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl AppArmor {
    /// Who asked first for something that must be there. `unconfined` needs nothing to be there.
    #[must_use]
    pub fn must_have(&self) -> Option<&Origin> {
        let must = |profile: &&Granted<ProfileChoice>| {
            profile.value != ProfileChoice::Unconfined && !self.may_lack.profile
        };
        let profile = self.profile.as_ref().filter(must);
        let mode = self.mode.as_ref().filter(|_| !self.may_lack.mode);
        let mut stack = self.stack.iter();
        let stacked = stack.find(|(name, _)| !self.may_lack.stack.contains(*name));
        profile
            .map(|profile| &profile.origin)
            .or(stacked.map(|(_, origin)| origin))
            .or(mode.map(|mode| &mode.origin))
    }

    /// Whether this confines at least as much as `other`.
    #[must_use]
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let profile = match other.profile.as_ref().map(|profile| &profile.value) {
            Some(ProfileChoice::Unconfined) => true,
            Some(ProfileChoice::Named(name)) => self.names(name),
            Some(ProfileChoice::Generated) | None => !matches!(
                self.profile.as_ref().map(|profile| &profile.value),
                Some(ProfileChoice::Unconfined | ProfileChoice::Named(_))
            ),
        };
        let complains = |armor: &Self| {
            let mode = armor.mode.as_ref().map(|mode| mode.value);
            mode == Some(ProfileMode::Complain)
        };
        let stack = other.stack.keys().all(|name| {
            let may_lack = |armor: &Self| armor.may_lack.stack.contains(name);
            self.names(name) && (!may_lack(self) || may_lack(other))
        });
        profile
            && stack
            && (!complains(self) || complains(other))
            && (other.must_have().is_none() || self.must_have().is_some())
    }

    fn names(&self, name: &ProfileName) -> bool {
        let chosen = self.profile.as_ref().map(|profile| &profile.value);
        self.stack.contains_key(name)
            || matches!(chosen, Some(ProfileChoice::Named(chosen)) if chosen == name)
    }
    /// Whether nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A layer says something more.
    pub(crate) fn say(&mut self, grant: &AppArmorGrant, origin: &Origin) {
        fn granted<T: Clone>(value: Option<&T>, origin: &Origin) -> Option<Granted<T>> {
            value.map(|value| Granted {
                value: value.clone(),
                origin: origin.clone(),
            })
        }
        match grant {
            AppArmorGrant::Profile(choice) => self.profile = granted(choice.as_ref(), origin),
            AppArmorGrant::Mode(mode) => self.mode = granted(mode.as_ref(), origin),
            AppArmorGrant::Stack(Some(name)) => {
                self.stack.insert(name.clone(), origin.clone());
            }
            AppArmorGrant::Stack(None) => self.stack.clear(),
        }
    }

    /// Everything asked for, as written.
    #[must_use]
    pub fn list(&self) -> Vec<(AppArmorGrant, &Origin)> {
        let profile = self.profile.iter();
        let profile = profile.map(|p| (AppArmorGrant::Profile(Some(p.value.clone())), &p.origin));
        let mode = self.mode.iter();
        let mode = mode.map(|m| (AppArmorGrant::Mode(Some(m.value)), &m.origin));
        let stack = self.stack.iter();
        let stack = stack.map(|(name, origin)| (AppArmorGrant::Stack(Some(name.clone())), origin));
        profile.chain(mode).chain(stack).collect()
    }
}
