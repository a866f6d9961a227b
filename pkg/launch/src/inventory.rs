//! What is installed.

use flatrack_store::{Environment, Installations};
use serde::Serialize;

use crate::load::load;
use crate::{Error, ExtensionRow, Machine, Request, Scope};

/// One app or runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// `app` or `runtime`
    pub kind: String,
    /// the id
    pub id: String,
    /// the architecture
    pub arch: String,
    /// the branch
    pub branch: String,
    /// the commit; empty where there is none
    pub commit: String,
    /// where it was found
    pub installation: String,
    /// the runtime of an app, `ID/ARCH/BRANCH`
    #[serde(skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// the command of an app
    #[serde(skip_serializing_if = "String::is_empty")]
    pub command: String,
    /// its files on the host
    #[serde(skip_serializing_if = "String::is_empty")]
    pub location: String,
    /// extensions of the app and its runtime, mounted or not
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<ExtensionRow>,
}

/// Lists what is installed.
///
/// # Errors
/// An installation that is not declared.
pub fn list(scope: &Scope) -> Result<Vec<Info>, Error> {
    let installations = Installations::find(&Environment::from_process(), scope)?;
    let row = |found: flatrack_store::Installed| Info {
        kind: found.full_ref.kind.to_string(),
        id: found.full_ref.pref.id.to_string(),
        arch: found.full_ref.pref.arch.to_string(),
        branch: found.full_ref.pref.branch.to_string(),
        commit: found.commit,
        installation: found.place.name().to_owned(),
        runtime: String::new(),
        command: String::new(),
        location: String::new(),
        extensions: Vec::new(),
    };
    Ok(installations
        .list(None)
        .installed
        .into_iter()
        .map(row)
        .collect())
}

/// Shows one app.
///
/// # Errors
/// As for a run, bar what needs a start.
pub fn info(request: &Request) -> Result<Info, Error> {
    let machine = Machine::probe()?;
    let app = load(request, &machine)?;
    let deployment = &app.deployment;
    let tree = deployment.app.as_ref().unwrap_or(&deployment.usr);
    Ok(Info {
        kind: if deployment.is_runtime {
            "runtime"
        } else {
            "app"
        }
        .to_owned(),
        id: deployment.id.to_string(),
        arch: deployment.arch.to_string(),
        branch: deployment.branch.to_string(),
        commit: tree.commit.clone(),
        installation: app.place.clone(),
        runtime: deployment.runtime.to_string(),
        command: app.command.clone().unwrap_or_default(),
        location: tree.path.to_string_lossy().into_owned(),
        extensions: app.extensions.clone(),
    })
}
