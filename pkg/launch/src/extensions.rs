//! The extensions of an app and its runtime: found, locked, and told of.

use std::fs;

use flatrack_metadata::ExtensionPoint;
use flatrack_perms::{Pref, Tree, Untrusted};
use flatrack_store::{DeployLock, Extension, Installations, PassedOver, Surroundings, Why};
use serde::Serialize;

use crate::{Error, provenance};

/// An extension that could be mounted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtensionRow {
    /// its name, `ID/ARCH/BRANCH`; `ID` is the point's where nothing is installed
    pub extension: String,
    /// where it was found
    #[serde(skip_serializing_if = "String::is_empty")]
    pub installation: String,
    /// its commit; `local` for a directory kept by hand
    #[serde(skip_serializing_if = "String::is_empty")]
    pub commit: String,
    /// where it is mounted
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mounted_at: Option<String>,
    /// why it is not
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_mounted: Option<String>,
}

/// The extensions of one tree.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// for the plan
    pub(crate) mounted: Vec<flatrack_spec::Extension>,
    /// keeps Flatpak from deleting them
    pub(crate) locks: Vec<DeployLock>,
    /// where they come from
    pub(crate) trees: Vec<Tree>,
    /// for people
    pub(crate) rows: Vec<ExtensionRow>,
    /// what a person should know before the start
    pub(crate) warnings: Vec<String>,
}

/// Finds the extensions of the app or the runtime that is mounted at `root`.
pub(crate) fn find(
    installations: &Installations,
    points: &[ExtensionPoint],
    parent: &Pref,
    root: &str,
    around: &Surroundings,
) -> Result<Found, Error> {
    let resolved = installations.extensions(points, parent, around)?;
    let mut found = Found::default();
    for extension in resolved.mounted {
        found.locks.extend(extension.deploy.lock()?);
        found.rows.push(mounted(root, &extension));
        found
            .trees
            .push(provenance::tree("extension", &extension.deploy));
        found.mounted.push(for_plan(extension)?);
    }
    for passed_over in resolved.passed_over {
        if let Why::Damaged(error) = &passed_over.why {
            let id = &passed_over.pref;
            let text = format!("warning: the extension `{id}` is left out: {error}");
            found.warnings.push(match error.hint() {
                Some(hint) => format!("{text}\nhint: {hint}"),
                None => text,
            });
        }
        found.rows.push(not_mounted(&passed_over));
    }
    Ok(found)
}

fn for_plan(extension: Extension) -> Result<flatrack_spec::Extension, Error> {
    let Extension {
        deploy,
        point,
        directory,
        own_parent,
        ..
    } = extension;
    // the way to one that is kept by hand may have links, which its owner made
    let path = deploy.files.path();
    let files = fs::canonicalize(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    Ok(flatrack_spec::Extension {
        id: deploy.full_ref.pref.id,
        commit: deploy.commit,
        files,
        directory,
        suffix: point.suffix,
        own_parent,
        ld_path: point.add_ld_path,
        merge_dirs: point.merge_dirs,
    })
}

fn mounted(root: &str, extension: &Extension) -> ExtensionRow {
    let mut at = std::path::Path::new(root).join(&extension.directory);
    at.extend(&extension.point.suffix);
    ExtensionRow {
        extension: extension.deploy.full_ref.pref.to_string(),
        installation: extension.deploy.place.name().to_owned(),
        commit: extension.deploy.commit.clone(),
        mounted_at: Some(at.to_string_lossy().into_owned()),
        not_mounted: None,
    }
}

fn not_mounted(passed_over: &PassedOver) -> ExtensionRow {
    let why = match &passed_over.why {
        Why::NotInstalled => "not installed".to_owned(),
        Why::NotEnabled(conditions) => {
            let all: Vec<String> = conditions
                .iter()
                .map(|one| format!("`{}`", Untrusted(&one.to_string())))
                .collect();
            format!("{} does not hold here", all.join(" or "))
        }
        Why::Damaged(error) => error.to_string(),
    };
    ExtensionRow {
        extension: passed_over.pref.to_string(),
        installation: String::new(),
        commit: String::new(),
        mounted_at: None,
        not_mounted: Some(why),
    }
}
