//! A further app, built and installed by the stock tools.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::stock::{Directories, PLATFORM, SDK};

/// An app to build with `flatpak build-init`, `build-finish` and `build-export`, and to install.
#[derive(Debug)]
#[must_use = "an app exists once it is installed"]
pub struct App<'a> {
    dirs: &'a Directories,
    work: PathBuf,
    id: String,
    script: String,
    command: String,
    programs: Vec<PathBuf>,
    finish: Vec<String>,
    runtime: String,
    sdk: String,
    files: Vec<(String, PathBuf)>,
    directories: Vec<String>,
}

impl<'a> App<'a> {
    pub(crate) fn new(dirs: &'a Directories, work: &Path, id: &str) -> Self {
        Self {
            dirs,
            work: work.to_owned(),
            id: id.to_owned(),
            script: "echo hello from $0".to_owned(),
            command: "main".to_owned(),
            programs: Vec::new(),
            finish: Vec::new(),
            runtime: PLATFORM.to_owned(),
            sdk: SDK.to_owned(),
            files: Vec::new(),
            directories: Vec::new(),
        }
    }

    /// What its command does, in shell. Without it the app greets.
    pub fn script(mut self, text: &str) -> Self {
        text.clone_into(&mut self.script);
        self
    }

    /// The name of its command instead of `main`. The script is installed under that name.
    pub fn command(mut self, name: &str) -> Self {
        name.clone_into(&mut self.command);
        self
    }

    /// Branch 1 of this runtime and this SDK instead of the test runtime's.
    pub fn runtime(mut self, id: &str, sdk: &str) -> Self {
        id.clone_into(&mut self.runtime);
        sdk.clone_into(&mut self.sdk);
        self
    }

    /// An empty directory at that path below `/app`.
    pub fn directory(mut self, path: &str) -> Self {
        self.directories.push(path.to_owned());
        self
    }

    /// A file of the host's, to be at that path below `/app`.
    pub fn file(mut self, path: &str, source: &Path) -> Self {
        self.files.push((path.to_owned(), source.to_owned()));
        self
    }

    /// A further program of the app's, copied from this file under the same name.
    pub fn program(mut self, file: &Path) -> Self {
        self.programs.push(file.to_owned());
        self
    }

    /// One argument of `flatpak build-finish`, such as `--share=network`.
    pub fn finish_arg(mut self, arg: &str) -> Self {
        self.finish.push(arg.to_owned());
        self
    }

    /// A key in a group that Flatpak does not know.
    pub fn metadata(self, group: &str, key: &str, value: &str) -> Self {
        self.finish_arg(&format!("--metadata={group}={key}={value}"))
    }

    /// Builds it and installs it for the testbed's user.
    ///
    /// # Panics
    /// When a stock tool refuses.
    #[track_caller]
    pub fn install(self) {
        if let Err(error) = self.try_install("--user") {
            panic!("cannot build the app `{}`: {error}", self.id);
        }
    }

    /// Builds it and exports it as an OCI image, and gives the directory of the image layout.
    ///
    /// # Panics
    /// When a stock tool refuses.
    #[must_use]
    #[track_caller]
    pub fn image(self) -> PathBuf {
        match self.try_image() {
            Ok(layout) => layout,
            Err(error) => panic!("cannot make an image of the app `{}`: {error}", self.id),
        }
    }

    fn try_image(&self) -> io::Result<PathBuf> {
        let repo = self.export()?.display().to_string();
        let layout = self.work.join(format!("image-{}", self.id));
        let words = ["build-bundle", "--oci", &repo];
        let to = [layout.display().to_string()];
        let of = [self.id.as_str(), "stable"];
        let words = words.into_iter().chain(to.iter().map(String::as_str));
        self.dirs.flatpak(words.chain(of))?;
        Ok(layout)
    }

    pub(crate) fn try_install(&self, scope: &str) -> io::Result<()> {
        let repo = self.export()?;
        self.dirs.install(scope, &repo, &[&self.id])
    }

    /// Builds it into a repository, and gives that.
    fn export(&self) -> io::Result<PathBuf> {
        let dir = self.work.join(format!("build-{}", self.id));
        let repo = self.work.join("repo");
        fs::create_dir_all(&self.work)?;
        self.dirs.user.own(&self.work)?;
        let path = |p: &Path| p.display().to_string();
        self.dirs.flatpak([
            "build-init",
            &path(&dir),
            &self.id,
            &self.sdk,
            &self.runtime,
            "1",
        ])?;
        let bin = dir.join("files/bin");
        write_script(&bin, &self.command, &self.script)?;
        for program in &self.programs {
            fs::copy(program, bin.join(program.file_name().unwrap_or_default()))?;
        }
        for path in &self.directories {
            fs::create_dir_all(dir.join("files").join(path))?;
        }
        for (path, source) in &self.files {
            let target = dir.join("files").join(path);
            fs::create_dir_all(target.parent().unwrap_or(&dir))?;
            fs::copy(source, target)?;
        }
        self.dirs.user.own(&dir)?;
        let command = format!("--command={}", self.command);
        let mut finish = vec!["build-finish".to_owned(), path(&dir), command];
        finish.extend(self.finish.iter().cloned());
        self.dirs.flatpak(finish)?;
        self.dirs
            .flatpak(["build-export", &path(&repo), &path(&dir), "stable"])?;
        Ok(repo)
    }
}

/// Writes an executable shell script.
pub(crate) fn write_script(bin: &Path, name: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(bin)?;
    let file = bin.join(name);
    fs::write(&file, format!("#!/bin/sh\n{text}\n"))?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}
