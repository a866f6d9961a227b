//! What a caller hands over for one run: trees that stand in for others, open files, a place for the number.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};

use flatrack_perms::Untrusted;
use flatrack_spec::{Access, Instead, Replaced};

use crate::pin::{Pins, open};
use crate::{Error, RunOptions, Stand};

/// The kernel takes no larger environment.
const MOST_TEXT: u64 = 8 << 20;

/// What was handed over, open.
#[derive(Debug, Default)]
pub(crate) struct Handed {
    pub(crate) replaced: Replaced,
    pub(crate) binds: Vec<(PathBuf, Access)>,
    instance_id: Option<OwnedFd>,
}

impl Handed {
    /// Takes it; descriptors go among the pins, under the paths they have.
    pub(crate) fn take(options: &RunOptions, pins: &mut Pins) -> Result<Self, Error> {
        let mut handed = Self::default();
        handed.replaced.app = match &options.app {
            None => None,
            Some(Stand::Empty) => Some(Instead::Nothing),
            Some(stand) => Some(Instead::Tree(tree("app", stand, pins)?)),
        };
        if let Some(stand) = &options.usr {
            handed.replaced.usr = Some(tree("usr", stand, pins)?);
        }
        for (number, writable) in &options.binds {
            let access = match writable {
                true => Access::ReadWrite,
                false => Access::ReadOnly,
            };
            let fd = inherited(*number)?;
            let path = path_of(*number, &fd)?;
            pins.insert(path.clone(), fd);
            handed.binds.push((path, access));
        }
        handed.instance_id = options.instance_id_fd.map(inherited).transpose()?;
        Ok(handed)
    }

    /// Tells the number of the instance, which runs now.
    pub(crate) fn tell(self, instance: u32) -> Result<(), Error> {
        let Some(fd) = self.instance_id else {
            return Ok(());
        };
        let written = File::from(fd).write_all(instance.to_string().as_bytes());
        written.map_err(|error| {
            Error::request(
                format!("`--instance-id-fd` cannot be written to: {error}"),
                None,
            )
        })
    }
}

/// The variables that a caller hands over through a descriptor: `VAR=VALUE`, with a NUL between.
///
/// # Errors
/// A descriptor that is not inherited or cannot be read; text that is not Unicode.
pub fn variables(number: RawFd) -> Result<Vec<String>, Error> {
    let mut text = String::new();
    let mut file = File::from(inherited(number)?).take(MOST_TEXT);
    file.read_to_string(&mut text)
        .map_err(|error| Error::request(format!("`--env-fd={number}`: {error}"), None))?;
    let text = text.strip_suffix('\0').unwrap_or(&text);
    let words = text.split('\0').filter(|_| !text.is_empty());
    Ok(words.map(str::to_owned).collect())
}

fn tree(name: &str, stand: &Stand, pins: &mut Pins) -> Result<PathBuf, Error> {
    let (path, fd) = match stand {
        Stand::Empty => {
            let hint = "only `--app-path` may be empty";
            return Err(Error::request(
                format!("`--{name}-path` names nothing"),
                Some(hint),
            ));
        }
        Stand::Descriptor(number) => {
            let fd = inherited(*number)?;
            (path_of(*number, &fd)?, fd)
        }
        Stand::Path(path) => {
            let fail = |source| Error::Pin {
                path: path.clone(),
                source,
            };
            let real = std::fs::canonicalize(path).map_err(fail)?;
            let fd = open(&real).map_err(fail)?;
            (real, fd)
        }
    };
    let kind = rustix::fs::fstat(&fd).map(|stat| stat.st_mode);
    let is_dir = kind.is_ok_and(|mode| rustix::fs::FileType::from_raw_mode(mode).is_dir());
    if !is_dir {
        let shown = Untrusted(&path.to_string_lossy()).to_string();
        return Err(Error::request(
            format!("`{shown}` is not a directory"),
            None,
        ));
    }
    pins.insert(path.clone(), fd);
    Ok(path)
}

fn inherited(number: RawFd) -> Result<OwnedFd, Error> {
    flatrack_sys::fd::inherited(number).map_err(|error| {
        let hint = "name a descriptor from 3 on that this program inherits, and each once";
        Error::request(format!("descriptor {number}: {error}"), Some(hint))
    })
}

/// Where an open file is. One that was removed or moved away has no path at which it could be shown.
fn path_of(number: RawFd, fd: &OwnedFd) -> Result<PathBuf, Error> {
    let link = format!("/proc/self/fd/{}", fd.as_raw_fd());
    let path = std::fs::read_link(&link).map_err(|source| Error::Io {
        path: link.into(),
        source,
    })?;
    let same = is_at(fd, &path).unwrap_or(false);
    if !same {
        let message = format!("descriptor {number} is of nothing that has a path");
        return Err(Error::request(message, None));
    }
    Ok(path)
}

fn is_at(fd: &OwnedFd, path: &Path) -> io::Result<bool> {
    if !path.is_absolute() {
        return Ok(false);
    }
    let there = rustix::fs::fstat(open(path)?)?;
    let here = rustix::fs::fstat(fd.as_fd())?;
    Ok((there.st_dev, there.st_ino) == (here.st_dev, here.st_ino))
}
