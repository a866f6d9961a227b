//! A plan on disk: the OCI document, generated files, and descriptors for everything that is mounted.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use flatrack_engine::{Root, Skeleton, SkeletonOp};
use flatrack_perms::{Arch, ByteLimit};
use flatrack_spec::{FILES_DIR, GeneratedDir, Node, Plan, render};
use flatrack_sys::tiny::Removal;

use crate::pin::{Pins, pin};
use crate::{Error, Machine};

/// A plan whose host paths are open.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    plan: &'a Plan,
    machine: &'a Machine,
    pins: Pins,
}

/// A bundle on disk.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) bundle: flatrack_engine::Bundle,
    /// every file and directory made, children before parents
    pub(crate) made: Vec<Removal>,
}

impl<'a> Prepared<'a> {
    /// Makes the directories that must exist and opens what is mounted, bar what is open already.
    pub(crate) fn new(plan: &'a Plan, machine: &'a Machine, open: Pins) -> Result<Self, Error> {
        Ok(Self {
            plan,
            machine,
            pins: pin(plan, open, machine.facts.user.uid)?,
        })
    }

    /// Writes the bundle.
    pub(crate) fn write(self, directory: &Path, arch: &Arch) -> Result<Written, Error> {
        let spec = render(
            self.plan,
            directory,
            arch.as_str(),
            self.machine.facts.cgroups,
        )?;
        let files = directory.join(FILES_DIR);
        let rootfs = directory.join("rootfs");
        make_dir(directory)?;
        make_dir(&files)?;
        make_dir(&rootfs)?;
        let mut made = Vec::new();
        for file in &self.plan.files {
            let path = files.join(&file.name);
            write_file(&path, file.content.as_bytes(), 0o600)?;
            made.push(Removal::File(path));
        }
        for dir in &self.plan.directories {
            made.extend(generate(&files.join(&dir.name), dir)?);
        }
        let init = files.join("init");
        write_file(&init, flatrack_sys::tiny::INIT, 0o555)?;
        let config = directory.join("config.json");
        let json = serde_json::to_vec_pretty(&spec).map_err(|error| Error::Io {
            path: config.clone(),
            source: error.into(),
        })?;
        write_file(&config, &json, 0o600)?;
        made.extend([Removal::File(init), Removal::File(config)]);
        made.extend([files, rootfs, directory.to_owned()].map(Removal::Directory));
        let root = Root::Tmpfs {
            size: root_size(self.plan),
            skeleton: skeleton(self.plan),
        };
        let bundle = flatrack_engine::Bundle {
            dir: directory.to_owned(),
            spec,
            root,
            pins: self.pins,
        };
        Ok(Written { bundle, made })
    }
}

impl Written {
    /// Puts the directories and links of the root file system in place, for runtimes that take a directory.
    pub(crate) fn fill_rootfs(&self) -> Result<(), Error> {
        let rootfs = self.bundle.dir.join("rootfs");
        match &self.bundle.root {
            Root::Tmpfs { skeleton, .. } => skeleton.write_to(&rootfs).map_err(|error| Error::Io {
                path: rootfs.clone(),
                source: std::io::Error::other(error),
            }),
            Root::Directory => Ok(()),
        }
    }
}

/// The OCI document alone.
pub(crate) fn document(
    plan: &Plan,
    directory: &Path,
    arch: &Arch,
    machine: &Machine,
) -> Result<String, Error> {
    let spec = render(plan, directory, arch.as_str(), machine.facts.cgroups)?;
    serde_json::to_string_pretty(&spec).map_err(|error| Error::Io {
        path: directory.join("config.json"),
        source: error.into(),
    })
}

/// What the app writes outside its mounts is memory: no more of it than the app may have.
fn root_size(plan: &Plan) -> Option<u64> {
    match plan.resources.limits.memory_max.as_ref()?.value {
        ByteLimit::Bytes(bytes) => Some(bytes.max(1 << 20)),
        ByteLimit::Max => None,
    }
}

fn skeleton(plan: &Plan) -> Skeleton {
    let mut skeleton = Skeleton::new();
    for node in &plan.nodes {
        skeleton.push(match node {
            Node::Dir { path, mode } => SkeletonOp::Dir {
                path: path.clone(),
                mode: *mode,
            },
            Node::File {
                path,
                mode,
                content,
            } => SkeletonOp::File {
                path: path.clone(),
                mode: *mode,
                bytes: content.clone().into_bytes(),
            },
            Node::Symlink { path, target } => SkeletonOp::Symlink {
                path: path.clone(),
                target: target.clone(),
            },
        });
    }
    skeleton
}

/// Makes a directory with what is in it; what was made, children before parents.
fn generate(root: &Path, dir: &GeneratedDir) -> Result<Vec<Removal>, Error> {
    make_dir(root)?;
    let mut made = vec![Removal::Directory(root.to_owned())];
    // sorted by path: parents come before children
    for (below, target) in &dir.entries {
        let path = root.join(below);
        match target {
            None => {
                make_dir(&path)?;
                made.push(Removal::Directory(path));
            }
            Some(target) => {
                std::os::unix::fs::symlink(target, &path).map_err(|source| Error::Io {
                    path: path.clone(),
                    source,
                })?;
                made.push(Removal::File(path));
            }
        }
    }
    made.reverse();
    Ok(made)
}

fn make_dir(path: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(|source| {
            if source.kind() == std::io::ErrorKind::AlreadyExists {
                let message = format!("`{}` exists already", path.display());
                Error::request(message, Some("name a directory that does not exist yet"))
            } else {
                Error::Io {
                    path: path.to_owned(),
                    source,
                }
            }
        })
}

fn write_file(path: &Path, content: &[u8], mode: u32) -> Result<(), Error> {
    use std::io::Write as _;
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })
}
