//! What the files of this machine say.

use std::path::PathBuf;

use flatrack_perms::{AppId, Bound, Untrusted};
use serde::Serialize;

use super::files::Files;
use crate::Error;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRow {
    /// where it is
    pub file: PathBuf,
    /// the vendor's file that does not count because of this one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<PathBuf>,
    /// its rules
    pub rules: Vec<RuleRow>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    /// which apps
    pub apps: String,
    /// the reason
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// what they get at most
    pub bounds: Vec<Bound>,
}

/// Every file that counts, in order.
///
/// # Errors
/// A file that cannot be read or is not understood.
pub fn show() -> Result<Vec<FileRow>, Error> {
    let files = Files::installed()?;
    let rows = files.iter().map(|file| FileRow {
        file: file.path.clone(),
        instead_of: file.instead_of.clone(),
        rules: file
            .content
            .rules
            .iter()
            .map(|rule| RuleRow {
                apps: rule.apps.to_string(),
                why: rule.why.clone(),
                bounds: rule.bound.bounds(),
            })
            .collect(),
    });
    Ok(rows.collect())
}

/// What all files together leave an app. It need not be installed.
///
/// # Errors
/// As [`show`]; no id; ceilings that cannot both hold.
pub fn effective(id: &str) -> Result<Vec<Bound>, Error> {
    let id = AppId::parse(id).map_err(|error| {
        let message = format!("`{}`: {error}", Untrusted(id));
        Error::request(message, error.hint.as_deref())
    })?;
    Ok(Files::installed()?.bound(&id)?.bounds())
}
