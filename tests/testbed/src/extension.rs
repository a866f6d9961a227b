//! Extensions, and runtimes with extension points, built and installed by the stock tools.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::runtime;
use crate::stock::{Directories, PLATFORM, SDK};

/// What an extension or a runtime is made of.
#[derive(Debug)]
#[must_use = "an extension exists once it is installed"]
pub struct Extension<'a> {
    dirs: &'a Directories,
    work: PathBuf,
    id: String,
    branch: String,
    is_runtime: bool,
    metadata: String,
    content: Vec<(String, Content)>,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Copy(PathBuf),
    Link(String),
}

impl<'a> Extension<'a> {
    pub(crate) fn new(dirs: &'a Directories, work: &Path, id: &str) -> Self {
        Self {
            dirs,
            work: work.to_owned(),
            id: id.to_owned(),
            branch: "1".to_owned(),
            is_runtime: false,
            metadata: String::new(),
            content: Vec::new(),
        }
    }

    pub(crate) fn into_runtime(mut self) -> Self {
        self.is_runtime = true;
        self
    }

    /// Another branch than `1`.
    pub fn branch(mut self, branch: &str) -> Self {
        branch.clone_into(&mut self.branch);
        self
    }

    /// Further lines of its metadata, groups and all.
    pub fn lines(mut self, text: &str) -> Self {
        self.metadata.push_str(text);
        self.metadata.push('\n');
        self
    }

    /// A file with that text.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.content
            .push((path.to_owned(), Content::Text(text.to_owned())));
        self
    }

    /// A file that is a copy of one of the host's.
    pub fn copy(mut self, path: &str, source: &Path) -> Self {
        self.content
            .push((path.to_owned(), Content::Copy(source.to_owned())));
        self
    }

    /// A symbolic link.
    pub fn link(mut self, path: &str, target: &str) -> Self {
        self.content
            .push((path.to_owned(), Content::Link(target.to_owned())));
        self
    }

    /// Builds it and installs it for the testbed's user.
    ///
    /// # Panics
    /// When a stock tool refuses.
    #[track_caller]
    pub fn install(self) {
        if let Err(error) = self.try_install() {
            panic!("cannot build `{}`: {error}", self.id);
        }
    }

    fn try_install(&self) -> io::Result<()> {
        let dir = self.work.join(format!("build-{}-{}", self.id, self.branch));
        let repo = self.work.join("repo");
        fs::create_dir_all(dir.join("files"))?;
        let full = |id: &str| format!("{id}/{}/1", std::env::consts::ARCH);
        let files = if self.is_runtime {
            runtime::write(&dir, &self.id, &full(&self.id), &full(SDK))?;
            let ldconfig = runtime::find_program("ldconfig")?;
            fs::copy(ldconfig, dir.join("usr/bin/ldconfig"))?;
            fs::write(dir.join("usr/etc/ld.so.conf"), "")?;
            "usr"
        } else {
            let text = format!("[Runtime]\nname={}\nruntime={}\n", self.id, full(PLATFORM));
            fs::write(dir.join("metadata"), text)?;
            "files"
        };
        let metadata = dir.join("metadata");
        let text = fs::read_to_string(&metadata)? + &self.metadata;
        fs::write(&metadata, text)?;
        for (path, content) in &self.content {
            let path = dir.join(files).join(path);
            fs::create_dir_all(path.parent().unwrap_or(&dir))?;
            match content {
                Content::Text(text) => fs::write(path, text)?,
                Content::Copy(source) => drop(fs::copy(source, path)?),
                Content::Link(target) => symlink(target, path)?,
            }
        }
        self.dirs.user.own(&self.work)?;
        let [dir, repo_text] = [&dir, &repo].map(|path| path.display().to_string());
        let files = format!("--files={files}");
        self.dirs
            .flatpak(["build-export", &files, &repo_text, &dir, &self.branch])?;
        let full_ref = format!(
            "runtime/{}/{}/{}",
            self.id,
            std::env::consts::ARCH,
            self.branch
        );
        self.dirs.install("--user", &repo, &[&full_ref])
    }
}
