//! The parser's own cache, which outlives a boot: what was compiled once is only loaded after it.
//!
//! The parser finds what it made by the name of the text's file, and believes in time stamps. Here a text's name holds a
//! digest of it and of the parser, and a file under that name is used only if it holds this very text: no clock decides.
//! For what the kernel can mediate the parser keeps a directory each, by itself.
//!
//! ```text
//! CACHE/apparmor/text/PROFILE+DIGEST            what was given to the parser
//! CACHE/apparmor/made/FEATURES/PROFILE+DIGEST   what it made of it
//! ```

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::parser;
use crate::{Error, State};

/// A directory that only root can look into.
#[derive(Debug)]
pub(super) struct Cache {
    text: PathBuf,
    made: PathBuf,
}

impl Cache {
    /// Opens it, made if need be.
    ///
    /// # Errors
    /// A directory that is not the caller's, or cannot be made.
    pub(super) fn open(state: &State) -> Result<Self, Error> {
        let dir = state.lasting_cache("apparmor")?;
        let (text, made) = (dir.join("text"), dir.join("made"));
        Ok(Self { text, made })
    }

    /// Where the parser keeps what it makes.
    pub(super) fn made(&self) -> &Path {
        &self.made
    }

    /// Puts a text where the parser is to read it. What was kept for the profile before goes.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn put(&self, profile: &str, text: &str) -> io::Result<PathBuf> {
        let file = self.text.join(format!("{profile}+{}", digest(text)?));
        if fs::read(&file).is_ok_and(|found| found == text.as_bytes()) {
            return Ok(file);
        }
        self.forget(profile);
        for dir in [&self.text, &self.made] {
            fs::create_dir_all(dir)?;
        }
        let temporary = self.text.join("new");
        fs::write(&temporary, text)?;
        fs::rename(&temporary, &file)?;
        Ok(file)
    }

    /// Removes what is kept for a profile. What cannot be removed is never used for another text.
    pub(super) fn forget(&self, profile: &str) {
        let prefix = format!("{profile}+");
        let by_features = entries(&self.made);
        for path in by_features
            .chain([self.text.clone()])
            .flat_map(|dir| entries(&dir))
        {
            let name = path.file_name().and_then(|name| name.to_str());
            if name.is_some_and(|name| name.starts_with(&prefix)) {
                drop(fs::remove_file(&path));
            }
        }
    }
}

fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Of a text and of the parser that compiles it. It need not withstand who looks for two texts with one digest: the
/// text itself is compared, and what was made of another goes with that.
fn digest(text: &str) -> io::Result<String> {
    let parser = parser::find().ok_or(io::ErrorKind::NotFound)?.metadata()?;
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    for number in [
        parser.mtime(),
        parser.mtime_nsec(),
        parser.size().cast_signed(),
    ] {
        hasher.write_i64(number);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
