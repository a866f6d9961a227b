//! What a file would change, before it is deployed.

use std::path::PathBuf;

use flatrack_perms::{Origin, Policy, Right, Source, Warning};
use flatrack_store::RefKind;
use serde::Serialize;

use super::files::Files;
use crate::around::Around;
use crate::load::{App, load};
use crate::pipeline::{confinement, make_plan, resolve_under};
use crate::{Error, Machine, Request, Scope};

/// An app under the policy as it is and as it would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// the app
    pub app: String,
    /// under the files of this machine
    pub now: Start,
    /// with the files that are tried
    pub then: Start,
    /// what it would have more or less of; empty where one of the two is refused
    pub changes: Vec<Change>,
}

/// Whether the app may start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Start {
    /// it may
    Allowed,
    /// it is refused
    Refused {
        /// why
        why: String,
        /// what can be done
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
    },
}

/// One right that would be another, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// what it is now; absent where it is new
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// what it would be; absent where it would be taken away
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// who says so; absent where a bound is gone with a file that is replaced
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Origin>,
}

/// Tries files on one app. Each replaces the file of this machine that has its name. Without any, what the files of
/// this machine change is told.
///
/// # Errors
/// No such app, or a file that is not understood. That the app would be refused is no error.
pub fn trial(request: &Request, files: &[PathBuf]) -> Result<Trial, Error> {
    let (now, then) = before_and_after(files)?;
    one(request, now.as_ref(), &then, &Machine::probe()?)
}

/// The same for every app that is installed.
///
/// # Errors
/// As [`trial`], bar that an app which cannot be read is shown as refused.
pub fn trials(scope: &Scope, files: &[PathBuf]) -> Result<Vec<Trial>, Error> {
    let (now, then) = before_and_after(files)?;
    let machine = Machine::probe()?;
    let mut ids: Vec<String> = crate::list(scope)?
        .into_iter()
        .filter(|info| info.kind == RefKind::App.as_str())
        .map(|info| info.id)
        .collect();
    ids.dedup();
    let trials = ids.into_iter().map(|id| {
        let mut request = Request::new(&id);
        request.scope = scope.clone();
        one(&request, now.as_ref(), &then, &machine).unwrap_or_else(|error| Trial {
            app: id,
            now: refused(&error),
            then: refused(&error),
            changes: Vec::new(),
        })
    });
    Ok(trials.collect())
}

/// The files that count now, and those that would. `None` is no policy at all.
fn before_and_after(tried: &[PathBuf]) -> Result<(Option<Files>, Files), Error> {
    let installed = Files::installed()?;
    if tried.is_empty() {
        return Ok((None, installed));
    }
    let mut then = installed.clone();
    for path in tried {
        then = then.with(path)?;
    }
    Ok((Some(installed), then))
}

fn one(
    request: &Request,
    now: Option<&Files>,
    then: &Files,
    machine: &Machine,
) -> Result<Trial, Error> {
    let app = load(request, machine)?;
    let now = under(now, request, &app, machine);
    let then = under(Some(then), request, &app, machine);
    Ok(Trial {
        app: app.deployment.id.to_string(),
        changes: match (&now, &then) {
            (Ok(now), Ok(then)) => changes(now, then),
            _ => Vec::new(),
        },
        now: start(&now),
        then: start(&then),
    })
}

/// What an app has, and what it asked for in vain.
struct Given {
    rights: Vec<Right>,
    lowered: Vec<Warning>,
}

/// As far as a start can be followed without making anything.
fn under(
    files: Option<&Files>,
    request: &Request,
    app: &App,
    machine: &Machine,
) -> Result<Given, Error> {
    let policy = match files {
        Some(files) => files.bound(&app.deployment.id)?,
        None => Policy::default(),
    };
    let (resolved, lowered) = resolve_under(app, machine, &policy)?;
    let claim = machine.state.claim()?;
    let around = Around::fixed(&resolved, request, machine)?;
    let mut launch = app.launch(request, &resolved, machine, &claim, &around)?;
    launch.apparmor = confinement(app, &resolved, machine)?.label(&app.deployment.id);
    let _plan = make_plan(app, &resolved, &launch, machine)?;
    Ok(Given {
        rights: resolved.parts().rights(),
        lowered,
    })
}

fn start(outcome: &Result<Given, Error>) -> Start {
    match outcome {
        Ok(_) => Start::Allowed,
        Err(error) => refused(error),
    }
}

fn refused(error: &Error) -> Start {
    Start::Refused {
        why: error.whole(),
        hint: error.hint(),
    }
}

/// Rights are told apart by what they are about.
fn changes(now: &Given, then: &Given) -> Vec<Change> {
    let find =
        |list: &[Right], subject: &str| list.iter().find(|right| right.subject == subject).cloned();
    let gone_or_other = now.rights.iter().map(|right| {
        let new = find(&then.rights, &right.subject);
        (Some(right.clone()), new)
    });
    let added = then
        .rights
        .iter()
        .filter(|right| find(&now.rights, &right.subject).is_none())
        .map(|right| (None, Some(right.clone())));
    gone_or_other
        .chain(added)
        .filter_map(|(old, new)| {
            let what = |right: &Option<Right>| right.as_ref().map(|right| right.what.clone());
            let (old_text, new_text) = (what(&old), what(&new));
            (old_text != new_text).then(|| Change {
                by: by(old_text.as_deref(), new.as_ref(), then),
                now: old_text,
                then: new_text,
            })
        })
        .collect()
}

/// Whose bound it was: the new right says so itself, or else the warning does.
fn by(old: Option<&str>, new: Option<&Right>, then: &Given) -> Option<Origin> {
    let of_policy = |origin: &Origin| origin.source == Source::Policy;
    let new = new.map(|right| right.origin.clone()).filter(of_policy);
    let warned = || {
        let mut lowered = then.lowered.iter();
        let warning = lowered.find(|warning| Some(warning.asked.as_str()) == old);
        warning.map(|warning| warning.by.clone())
    };
    new.or_else(warned)
}
