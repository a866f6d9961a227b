//! `[app.apparmor]`: the profiles that are required.

use flatrack_perms::{
    IfUnavailable, ProfileChoice, ProfileMode, ProfileName, RequiredAppArmor, Requirement,
};
use serde::Deserialize;
use toml::Spanned;

use super::values::{choose, origin, wrong};
use crate::{Diagnostic, SourceText};

/// The table, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Table {
    profile: Option<Spanned<String>>,
    mode: Option<Spanned<String>>,
    #[serde(default)]
    stack: Vec<Spanned<String>>,
    if_unavailable: Option<Spanned<String>>,
}

/// A policy can only ask for denying.
const MODES: [(&str, ProfileMode); 1] = [("enforce", ProfileMode::Enforce)];

impl Table {
    /// A policy requires profiles; it cannot require that there is none.
    pub(super) fn read(&self, text: &SourceText) -> Result<RequiredAppArmor, Diagnostic> {
        let if_unavailable = match &self.if_unavailable {
            Some(word) => choose(text, word, &IfUnavailable::WORDS)?,
            None => IfUnavailable::default(),
        };
        let by = |word: &Spanned<String>| Requirement {
            origin: origin(text, word.span()),
            if_unavailable,
        };
        let mut required = RequiredAppArmor::default();
        if let Some(word) = &self.profile {
            let choice = ProfileChoice::parse(word.get_ref());
            match choice.map_err(|error| wrong(text, word, &error))? {
                ProfileChoice::Generated => required.generated = Some(by(word)),
                ProfileChoice::Named(name) => drop(required.profiles.insert(name, by(word))),
                ProfileChoice::Unconfined => {
                    return Err(text
                        .error(word.span(), "a policy only takes away")
                        .hint("`generated`, or a profile's name"));
                }
            }
        }
        if let Some(word) = &self.mode {
            choose(text, word, &MODES)?;
            required.enforce = Some(by(word));
        }
        for word in &self.stack {
            let name = ProfileName::parse(word.get_ref());
            let name = name.map_err(|error| wrong(text, word, &error))?;
            required.profiles.insert(name, by(word));
        }
        match &self.if_unavailable {
            Some(word) if required.is_nothing() => Err(text
                .error(
                    word.span(),
                    "nothing is required here that could be missing",
                )
                .hint("name a `profile`, a `mode` or a `stack` beside it")),
            _ => Ok(required),
        }
    }
}
