//! Sources into the build directory. Local paths stay below the manifest's directory.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use flatrack_metadata::manifest::{ModuleSource, SourceKind};
use flatrack_perms::{Arch, Untrusted};

use crate::Error;

/// Puts every source for this arch in place, in order.
pub(super) fn all(
    sources: &[ModuleSource],
    base: &Path,
    directory: &Path,
    arch: &Arch,
) -> Result<(), Error> {
    for source in sources.iter().filter(|source| source.arches.has(arch)) {
        let target = match &source.dest {
            Some(dest) => directory.join(relative(dest)?),
            None => directory.to_owned(),
        };
        one(&source.kind, base, &target)?;
    }
    Ok(())
}

fn one(source: &SourceKind, base: &Path, target: &Path) -> Result<(), Error> {
    let io = |source| Error::Io {
        path: target.to_owned(),
        source,
    };
    fs::create_dir_all(target).map_err(io)?;
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
            let to = target.join(relative(&name)?);
            fs::copy(&from, &to).map_err(io)?;
            fs::set_permissions(&to, fs::Permissions::from_mode(0o644)).map_err(io)
        }
        SourceKind::Inline {
            contents,
            dest_filename,
        } => fs::write(target.join(relative(dest_filename)?), contents).map_err(io),
        SourceKind::Script {
            commands,
            dest_filename,
        } => {
            let to = target.join(relative(dest_filename)?);
            let text = format!("#!/bin/sh\n{}\n", commands.join("\n"));
            fs::write(&to, text).map_err(io)?;
            fs::set_permissions(&to, fs::Permissions::from_mode(0o755)).map_err(io)
        }
        SourceKind::Dir { path, skip } => {
            let from = below(base, path)?;
            let skip: Vec<PathBuf> = skip.iter().map(|path| from.join(path)).collect();
            tree(&from, target, &skip).map_err(io)
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

/// Copies a directory; links are copied as links.
fn tree(from: &Path, to: &Path, skip: &[PathBuf]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if skip.contains(&source) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            tree(&source, &target, skip)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(&source)?, &target)?;
        } else if kind.is_file() {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
