//! flatrack's own overrides: keyfiles of the same form as Flatpak's, in flatrack's configuration and above Flatpak's.
//! Flatpak's files are read and never written.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use flatrack_metadata::options::{ArgError, MetadataWriter, next_arg};
use flatrack_metadata::{Diagnostic, Keyfile, layer};
use flatrack_perms::{AppId, Layer, Source};
use flatrack_spec::Facts;
use flatrack_store::{Deploy, OverrideDir};
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};

use crate::{Error, facts, sources};

/// The system's configuration.
const SYSTEM: &str = "/etc/flatrack";

/// The layers for an app, and what in them is ignored. As with Flatpak's, those of the system are for the system's
/// apps.
pub(crate) fn layers(
    facts: &Facts,
    deploy: &Deploy,
) -> Result<(Vec<Layer>, Vec<Diagnostic>), Error> {
    let of_the_system = deploy
        .override_dirs
        .iter()
        .any(|dir| dir.app == Source::SystemApp);
    let user = user(&facts.base_dir("XDG_CONFIG_HOME", ".config"));
    let places = of_the_system.then(system).into_iter().chain([user]);
    let (mut layers, mut warnings) = (Vec::new(), Vec::new());
    for place in places {
        for file in place.of_app(&deploy.full_ref.pref.id)? {
            let text = sources::text(&file.path, &file.bytes)?;
            let (layer, more) = layer::parse(file.source, &text)?;
            layers.push(layer);
            warnings.extend(more);
        }
    }
    Ok((layers, warnings))
}

fn system() -> OverrideDir {
    OverrideDir {
        installation: PathBuf::from(SYSTEM),
        global: Source::OwnSystemGlobal,
        app: Source::OwnSystemApp,
    }
}

fn user(configuration: &Path) -> OverrideDir {
    OverrideDir {
        installation: configuration.join("flatrack"),
        global: Source::OwnUserGlobal,
        app: Source::OwnUserApp,
    }
}

/// An override file of ours.
#[derive(Debug, Clone)]
pub struct Override {
    /// the system's, or else the caller's own
    pub system: bool,
    /// the app; all apps if absent
    pub app: Option<AppId>,
}

impl Override {
    /// What the file says; empty if there is none.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn text(&self) -> Result<String, Error> {
        Ok(self.read()?.unwrap_or_default())
    }

    /// The same as grants.
    ///
    /// # Errors
    /// As [`Override::text`], and text that is not understood.
    pub fn layer(&self) -> Result<Layer, Error> {
        let text = self.text()?;
        let source = sources::text(&self.path()?, text.as_bytes())?;
        Ok(layer::parse(self.source(), &source)?.0)
    }

    /// Adds what these options say, each `--NAME=VALUE`. The file is replaced as a whole: who reads it sees it as it
    /// was or as it is, and of two who change it at once neither is lost.
    ///
    /// # Errors
    /// An option that is not understood, a file that cannot be read or written.
    pub fn add(&self, options: &[String]) -> Result<(), Error> {
        let directory = Directory::open(&self.directory()?)?;
        let old = self.read()?.unwrap_or_default();
        let source = sources::text(&self.path()?, old.as_bytes())?;
        let mut writer = MetadataWriter::change(&Keyfile::parse(&source)?)?;
        let mut index = 0;
        while index < options.len() {
            let arg = next_arg(options, &mut index).map_err(wrong)?;
            writer
                .add(&arg)
                .map_err(|error| wrong(arg.error(options, error)))?;
        }
        let new = writer
            .finish()
            .map_err(|error| Error::request(error.to_string(), None))?;
        let new = new.to_string();
        // what cannot be read back would keep the app from starting
        let text = sources::text(&self.path()?, new.as_bytes())?;
        let (_readable, _) = layer::parse(self.source(), &text)?;
        directory.replace(self.name(), new.as_bytes())
    }

    /// Takes back everything: removes the file.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn reset(&self) -> Result<(), Error> {
        let path = self.path()?;
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Io { path, source })
            }
            _ => Ok(()),
        }
    }

    fn read(&self) -> Result<Option<String>, Error> {
        let Some(file) = self.place()?.read(self.app.as_ref())? else {
            return Ok(None);
        };
        let text = String::from_utf8(file.bytes);
        let text = text.map_err(|error| Error::Io {
            path: file.path,
            source: std::io::Error::other(error),
        });
        text.map(Some)
    }

    fn place(&self) -> Result<OverrideDir, Error> {
        match self.system {
            true => Ok(system()),
            false => Ok(user(&facts::configuration()?)),
        }
    }

    fn directory(&self) -> Result<PathBuf, Error> {
        Ok(self.place()?.installation.join("overrides"))
    }

    fn name(&self) -> &str {
        self.app.as_ref().map_or("global", AppId::as_str)
    }

    fn path(&self) -> Result<PathBuf, Error> {
        Ok(self.directory()?.join(self.name()))
    }

    fn source(&self) -> Source {
        match (self.system, &self.app) {
            (true, None) => Source::OwnSystemGlobal,
            (true, Some(_)) => Source::OwnSystemApp,
            (false, None) => Source::OwnUserGlobal,
            (false, Some(_)) => Source::OwnUserApp,
        }
    }
}

fn wrong(error: ArgError) -> Error {
    Error::request(error.to_string(), None)
}

/// The directory of override files, locked against others who change one.
#[derive(Debug)]
struct Directory {
    fd: OwnedFd,
    path: PathBuf,
}

impl Directory {
    /// Opens it, made if need be. In a directory of another user we would write what that user says where.
    fn open(path: &Path) -> Result<Self, Error> {
        let fail = |source: io::Error| match source.kind() {
            io::ErrorKind::PermissionDenied if path.starts_with(SYSTEM) => Error::request(
                "only the administrator may change overrides for all users",
                Some("`--user` changes them for you"),
            ),
            _ => Error::Io {
                path: path.to_owned(),
                source,
            },
        };
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(path);
        made.map_err(fail)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|e| fail(e.into()))?;
        let found = rustix::fs::fstat(&fd).map_err(|e| fail(e.into()))?;
        if found.st_uid != rustix::process::geteuid().as_raw() {
            return Err(Error::ForeignState(path.to_owned()));
        }
        rustix::fs::flock(&fd, FlockOperation::LockExclusive).map_err(|e| fail(e.into()))?;
        let path = path.to_owned();
        Ok(Self { fd, path })
    }

    /// Replaces a file, whole or not at all, also when the machine stops.
    fn replace(&self, name: &str, text: &[u8]) -> Result<(), Error> {
        let new = format!(".{name}.new");
        self.try_replace(name, &new, text).map_err(|source| {
            // what failed is told; a file left over is overwritten by the next
            let _removed = rustix::fs::unlinkat(&self.fd, &new, AtFlags::empty()).is_ok();
            let path = self.path.join(name);
            Error::Io { path, source }
        })
    }

    fn try_replace(&self, name: &str, new: &str, text: &[u8]) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.fd, new, AtFlags::empty()) {
            Ok(()) | Err(rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o644);
        let mut file = File::from(rustix::fs::openat(&self.fd, new, flags, mode)?);
        file.write_all(text)?;
        file.sync_all()?;
        rustix::fs::renameat(&self.fd, new, &self.fd, name)?;
        Ok(rustix::fs::fsync(&self.fd)?)
    }
}
