//! A build directory as `flatpak build-init` leaves it, written by hand: for tests of text, stock or broken.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::app::write_script;
use crate::{Testbed, User};

/// A directory with `metadata` and `files/`, which `flatrack run DIR` takes.
#[derive(Debug)]
#[must_use = "nothing is written before `write`"]
pub struct BuildDir {
    dir: PathBuf,
    user: User,
    metadata: String,
    scripts: Vec<(String, String)>,
}

impl BuildDir {
    pub(crate) fn new(bed: &Testbed, id: &str, runtime: &str) -> Self {
        Self {
            dir: bed.root().join("builds").join(id),
            user: bed.user(),
            metadata: format!("[Application]\nname={id}\nruntime={runtime}\ncommand=main\n"),
            scripts: vec![("main".to_owned(), "echo hello".to_owned())],
        }
    }

    /// Further lines of its metadata, groups and all.
    pub fn lines(mut self, text: &str) -> Self {
        self.metadata.push_str(text);
        self.metadata.push('\n');
        self
    }

    /// The whole metadata, whatever it is.
    pub fn raw_metadata(mut self, text: &str) -> Self {
        text.clone_into(&mut self.metadata);
        self
    }

    /// What its command does, in shell.
    pub fn script(mut self, text: &str) -> Self {
        text.clone_into(&mut self.scripts[0].1);
        self
    }

    /// Writes it, and gives the directory.
    ///
    /// # Panics
    /// When the directory cannot be written.
    #[track_caller]
    pub fn write(self) -> PathBuf {
        match self.try_write() {
            Ok(()) => self.dir,
            Err(error) => panic!("cannot write `{}`: {error}", self.dir.display()),
        }
    }

    fn try_write(&self) -> io::Result<()> {
        let bin = self.dir.join("files/bin");
        fs::create_dir_all(&bin)?;
        fs::write(self.dir.join("metadata"), &self.metadata)?;
        for (name, text) in &self.scripts {
            write_script(&bin, name, text)?;
        }
        self.user.own(self.dir.parent().unwrap_or(Path::new("/")))
    }
}
