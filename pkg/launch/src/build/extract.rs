//! Sources into the build directory. Local paths stay below the manifest's directory; what is written stays in the build
//! directory, also where a source brought links: names are resolved as if that directory were `/`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use flatrack_metadata::manifest::{ModuleSource, SourceKind};
use flatrack_perms::{Arch, Untrusted};
use flatrack_sys::path::{Links, mkdir_all_in_root, open_following};
use rustix::fs::{AtFlags, Mode, OFlags, mkdirat, openat, symlinkat, unlinkat};
use rustix::io::Errno;

use crate::Error;

/// Mode of files whose own does not count.
const PLAIN: u32 = 0o644;
const EXECUTABLE: u32 = 0o755;

/// Puts every source for this arch in place, in order.
pub(super) fn all(
    sources: &[ModuleSource],
    base: &Path,
    directory: &Path,
    arch: &Arch,
) -> Result<(), Error> {
    let io = |source| Error::Io {
        path: directory.to_owned(),
        source,
    };
    let root = open_following(directory).map_err(io)?;
    for source in sources.iter().filter(|source| source.arches.has(arch)) {
        let dest = relative(source.dest.as_deref().unwrap_or("."))?;
        let target = mkdir_all_in_root(&root, dest, EXECUTABLE, Links::Follow).map_err(io)?;
        one(&source.kind, base, &target, directory)?;
    }
    Ok(())
}

fn one(source: &SourceKind, base: &Path, target: &OwnedFd, directory: &Path) -> Result<(), Error> {
    let io = |source| Error::Io {
        path: directory.to_owned(),
        source,
    };
    match source {
        SourceKind::File {
            path,
            dest_filename,
        } => {
            let from = below(base, path)?;
            let own = from
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            let name = dest_filename.clone().or(own).unwrap_or_default();
            copy(&from, target, relative(&name)?, PLAIN).map_err(io)
        }
        SourceKind::Inline {
            contents,
            dest_filename,
        } => write(target, relative(dest_filename)?, contents, PLAIN).map_err(io),
        SourceKind::Script {
            commands,
            dest_filename,
        } => {
            let text = format!("#!/bin/sh\n{}\n", commands.join("\n"));
            write(target, relative(dest_filename)?, &text, EXECUTABLE).map_err(io)
        }
        SourceKind::Dir { path, skip } => {
            let from = below(base, path)?;
            let skip: Vec<PathBuf> = skip.iter().map(|path| from.join(path)).collect();
            tree(&from, target.as_fd(), &skip).map_err(io)
        }
    }
}

/// A path inside the build directory.
fn relative(path: &str) -> Result<&Path, Error> {
    let path = Path::new(path);
    match path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    {
        true => Ok(path),
        false => Err(Error::request(
            format!(
                "`{}` leads out of the build directory",
                Untrusted(&path.to_string_lossy())
            ),
            None,
        )),
    }
}

/// A path below the manifest's directory, links resolved.
fn below(base: &Path, path: &str) -> Result<PathBuf, Error> {
    let asked = base.join(path);
    let real = fs::canonicalize(&asked).map_err(|source| Error::Io {
        path: asked,
        source,
    })?;
    if real.starts_with(base) {
        return Ok(real);
    }
    let message = format!(
        "the source `{}` leads out of the manifest's directory",
        Untrusted(path)
    );
    Err(Error::request(
        message,
        Some("sources are files below the directory of the manifest"),
    ))
}

/// Makes place for a file or a link: a later source counts more than an earlier one.
fn clear(directory: impl AsFd, name: &Path) -> io::Result<()> {
    match unlinkat(directory, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A new file in the place of whatever has the name.
fn create(directory: impl AsFd, name: &Path, mode: u32) -> io::Result<File> {
    clear(&directory, name)?;
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::WRONLY | OFlags::CLOEXEC;
    let file = File::from(openat(
        directory,
        name,
        flags,
        Mode::from_raw_mode(mode & 0o777),
    )?);
    file.set_permissions(fs::Permissions::from_mode(mode & 0o777))?;
    Ok(file)
}

fn write(directory: &OwnedFd, name: &Path, text: &str, mode: u32) -> io::Result<()> {
    create(directory, name, mode)?.write_all(text.as_bytes())
}

fn copy(from: &Path, directory: impl AsFd, name: &Path, mode: u32) -> io::Result<()> {
    let mut from = File::open(from)?;
    io::copy(&mut from, &mut create(directory, name, mode)?).map(drop)
}

/// Copies a directory; links are copied as links.
fn tree(from: &Path, to: impl AsFd, skip: &[PathBuf]) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, name) = (entry.path(), PathBuf::from(entry.file_name()));
        if skip.contains(&source) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            tree(&source, directory(&to, &name)?, skip)?;
        } else if kind.is_symlink() {
            clear(&to, &name)?;
            symlinkat(fs::read_link(&source)?, &to, &name)?;
        } else if kind.is_file() {
            copy(&source, &to, &name, entry.metadata()?.permissions().mode())?;
        }
    }
    Ok(())
}

/// A directory, made if it is missing; a link in its place is an error.
fn directory(parent: impl AsFd, name: &Path) -> io::Result<OwnedFd> {
    match mkdirat(&parent, name, Mode::from_raw_mode(EXECUTABLE)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(parent, name, flags, Mode::empty())?)
}
