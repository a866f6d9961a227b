//! Names of files as a person would type them, for origins and error places.

use std::path::Path;
use std::sync::Arc;

use flatrack_metadata::SourceText;

use crate::Error;

/// The text of a file that was read as bytes.
pub(crate) fn text(path: &Path, bytes: &[u8]) -> Result<SourceText, Error> {
    let name: Arc<str> = path.to_string_lossy().into();
    Ok(SourceText::new(name, bytes)?)
}
