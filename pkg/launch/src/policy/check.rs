//! Whether policy files are understood, before they are deployed.

use std::path::PathBuf;

use flatrack_metadata::PolicyFile;
use flatrack_metadata::policy::conflict;
use serde::Serialize;

use super::files::{Files, not_read, read};
use crate::Error;

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// the file
    pub file: PathBuf,
    /// how many rules it has
    pub rules: usize,
    /// what is wrong, with the place underlined
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// what should be known besides
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

impl Checked {
    /// Whether the file can be deployed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.error.is_none()
    }
}

/// Looks at each of these files, alone and beside those before it; without any, at those of this machine.
///
/// # Errors
/// Files of this machine that cannot be read.
pub fn check(files: &[PathBuf]) -> Result<Vec<Checked>, Error> {
    let installed = match files {
        [] => Files::installed()?.iter().map(|f| f.path.clone()).collect(),
        _ => Vec::new(),
    };
    let mut good = Vec::new();
    let mut checked = Vec::new();
    for path in files.iter().chain(&installed) {
        let mut row = Checked {
            file: path.clone(),
            rules: 0,
            error: None,
            warning: not_read(path).map(|why| format!("`{}` {why}", path.display())),
        };
        match read(path) {
            Ok(content) => {
                row.rules = content.rules.len();
                good.push(content);
                if let Some(conflict) =
                    conflict(good.iter().flat_map(|file: &PolicyFile| &file.rules))
                {
                    row.error = Some(format!("error: {conflict}"));
                    good.pop();
                }
            }
            Err(error) => row.error = Some(text(&error)),
        }
        checked.push(row);
    }
    Ok(checked)
}

/// An error as it is printed; one with a place has its first word already, and may have others behind it.
fn text(error: &Error) -> String {
    match error {
        Error::Text(first) => {
            let all = PolicyFile::problems(&first.source);
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            match all.is_empty() {
                true => first.to_string(),
                false => all.join("\n"),
            }
        }
        other => format!("error: {}", other.whole()),
    }
}
