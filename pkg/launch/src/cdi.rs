//! The machine's CDI specs: which devices there are by name, and what each brings.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use flatrack_metadata::{CdiEdits, CdiSpec, CdiSyntax};
use flatrack_perms::{CdiName, DeviceName, Resolved, Untrusted};
use flatrack_spec::{Access, Cdi, CdiMount, CdiNode, DeviceNumber};

use crate::{Error, sources};

/// Where specs are; a device of the later directory replaces that of the earlier one.
const DIRECTORIES: [&str; 2] = ["/etc/cdi", "/run/cdi"];

/// Most bytes of a spec.
const MOST: u64 = 4 << 20;

/// A device that several files of one directory have is nobody's.
enum Found {
    One(Cdi),
    Conflict(PathBuf, PathBuf),
}

/// What the app's devices bring. The machine's specs are read only if there is one.
pub(crate) fn load(resolved: &Resolved) -> Result<Vec<Cdi>, Error> {
    let names = resolved
        .parts()
        .devices
        .keys()
        .filter_map(|name| match name {
            DeviceName::Cdi(name) => Some(name),
            DeviceName::Node(_) => None,
        });
    let names: Vec<&CdiName> = names.collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    find(&names, &DIRECTORIES.map(Path::new))
}

fn find(names: &[&CdiName], directories: &[&Path]) -> Result<Vec<Cdi>, Error> {
    let mut known = BTreeMap::new();
    // a spec of one vendor that cannot be read does not take another vendor's devices away
    let mut broken = None;
    for directory in directories {
        let mut here: BTreeMap<CdiName, (PathBuf, Found)> = BTreeMap::new();
        for (path, syntax) in files(directory)? {
            let spec = match read(&path, syntax) {
                Ok(spec) => spec,
                Err(error) => {
                    broken.get_or_insert(error);
                    continue;
                }
            };
            for (name, edits) in &spec.devices {
                let found = match here.remove(name) {
                    None => Found::One(device(name, &spec.common, edits)),
                    Some((other, _)) => Found::Conflict(other, path.clone()),
                };
                here.insert(name.clone(), (path.clone(), found));
            }
        }
        known.extend(here.into_iter().map(|(name, (_, found))| (name, found)));
    }
    let mut devices = Vec::new();
    for name in names {
        match (known.remove(*name), broken.take()) {
            (Some(Found::One(device)), other) => {
                broken = other;
                devices.push(device);
            }
            (Some(Found::Conflict(one, other)), _) => {
                let message = format!(
                    "`{name}` is in `{}` and in `{}`",
                    one.display(),
                    other.display()
                );
                return Err(Error::request(
                    message,
                    Some("remove one of the two CDI specs"),
                ));
            }
            (None, Some(broken)) => return Err(broken),
            (None, None) => {
                let message = format!("there is no device `{}`", Untrusted(&name.to_string()));
                return Err(Error::request(
                    message,
                    Some("CDI specs are in /etc/cdi and /run/cdi"),
                ));
            }
        }
    }
    Ok(devices)
}

fn files(directory: &Path) -> Result<Vec<(PathBuf, CdiSyntax)>, Error> {
    let io = |source| Error::Io {
        path: directory.to_owned(),
        source,
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(io)?.path();
        match path.extension().and_then(|end| end.to_str()) {
            Some("json") => files.push((path, CdiSyntax::Json)),
            Some("yaml") => files.push((path, CdiSyntax::Yaml)),
            _ => {}
        }
    }
    files.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(files)
}

fn read(path: &Path, syntax: CdiSyntax) -> Result<CdiSpec, Error> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let facts = fs::metadata(path).map_err(io)?;
    if !facts.is_file() || facts.len() > MOST {
        return Err(io(std::io::Error::other(
            "a CDI spec is a file of 4 MiB at most",
        )));
    }
    let bytes = fs::read(path).map_err(io)?;
    Ok(CdiSpec::parse(&sources::text(path, &bytes)?, syntax)?)
}

fn device(name: &CdiName, common: &CdiEdits, own: &CdiEdits) -> Cdi {
    let both = [common, own];
    let nodes = both
        .iter()
        .flat_map(|edits| &edits.nodes)
        .map(|node| CdiNode {
            host: node.host.clone().into(),
            inside: node.path.clone().into(),
            number: node.number.map(|(block, major, minor)| DeviceNumber {
                block,
                major,
                minor,
            }),
            access: node.access,
        });
    let mounts = both
        .iter()
        .flat_map(|edits| &edits.mounts)
        .map(|mount| CdiMount {
            host: mount.host.clone().into(),
            inside: mount.path.clone().into(),
            access: if mount.read_only {
                Access::ReadOnly
            } else {
                Access::ReadWrite
            },
        });
    Cdi {
        name: name.clone(),
        env: both.iter().flat_map(|edits| edits.env.clone()).collect(),
        nodes: nodes.collect(),
        mounts: mounts.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(directory: &Path, file: &str, value: &str) {
        let text = format!(
            "{{\"cdiVersion\":\"0.6.0\",\"kind\":\"v/c\",\"devices\":[{{\"name\":\"d\",\"containerEdits\":{{\"env\":[\"A={value}\"]}}}}]}}"
        );
        fs::write(directory.join(file), text).unwrap();
    }

    #[test]
    fn the_later_directory_wins_and_a_conflict_within_one_is_refused() {
        let (etc, run) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let directories = [etc.path(), run.path()];
        let name: CdiName = "v/c=d".parse().unwrap();
        let value = || find(&[&name], &directories).map(|found| found[0].env[0].1.clone());
        assert!(value().is_err());
        spec(etc.path(), "a.json", "etc");
        spec(etc.path(), "b.json", "etc");
        assert!(value().unwrap_err().to_string().contains("a.json"));
        spec(run.path(), "a.json", "run");
        assert_eq!(value().unwrap(), "run");
        fs::write(run.path().join("z.yaml"), "kind: [").unwrap();
        assert_eq!(value().unwrap(), "run");
        fs::remove_file(run.path().join("a.json")).unwrap();
        fs::remove_file(etc.path().join("b.json")).unwrap();
        assert_eq!(value().unwrap(), "etc");
    }
}
