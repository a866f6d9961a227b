//! Extensions in the trees of the app and the runtime.
//!
//! Where a point takes several extensions below one directory, that directory shows them and nothing else, with the
//! links that they merge. It is made for the start and mounted read-only, so that every OCI runtime can do it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Input, PlanError};
use crate::{
    Access, Extension, FileKind, GeneratedDir, Host, Mount, Plan, Reason, Shape, Source, Tree, What,
};

/// As many links as the kernel follows in one path.
const MAX_LINKS: usize = 40;

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let app = input.deployment.app.as_ref().map(|tree| ("/app", tree));
    for (root, tree) in app.into_iter().chain([("/usr", &input.deployment.usr)]) {
        let mut layout = Layout::new(input.host, root, tree);
        layout.mount_all(tree)?;
        layout.merge_all(tree)?;
        layout.write(plan);
    }
    Ok(())
}

/// What is mounted in a tree so far.
struct Layout<'a> {
    host: &'a dyn Host,
    root: &'static str,
    /// outer mounts before those in them
    mounts: Vec<(PathBuf, Backing)>,
}

/// What stands behind a mount.
enum Backing {
    /// files of the host, which are as they are
    Host(PathBuf),
    /// a directory that is made for the start: its directories, and its links with their targets
    Made(BTreeMap<PathBuf, Option<PathBuf>>),
}

impl<'a> Layout<'a> {
    fn new(host: &'a dyn Host, root: &'static str, tree: &Tree) -> Self {
        Self {
            host,
            root,
            mounts: vec![(root.into(), Backing::Host(tree.path.clone()))],
        }
    }

    /// Mounts every extension, by path, so that one in another comes after it.
    fn mount_all(&mut self, tree: &Tree) -> Result<(), PlanError> {
        let mut by_path: Vec<&Extension> = tree.extensions.iter().collect();
        by_path.sort_by_key(|extension| extension.directory.as_os_str());
        for extension in by_path {
            let mut directory = Path::new(self.root).join(&extension.directory);
            if extension.own_parent
                && let Some(parent) = directory.parent()
            {
                let parent = self.mount_point(extension, parent, 0)?;
                let is_made = |(at, backing): &(PathBuf, Backing)| {
                    *at == parent && matches!(backing, Backing::Made(_))
                };
                if !self.mounts.iter().any(is_made) {
                    self.mounts.push((parent, Backing::Made(BTreeMap::new())));
                }
            }
            directory.extend(&extension.suffix);
            let point = self.mount_point(extension, &directory, 0)?;
            self.mounts
                .push((point, Backing::Host(extension.files.clone())));
        }
        Ok(())
    }

    /// The directory that a mount goes on, without links. In a tree of the host it must be there already; links
    /// that lead out of their tree are not followed.
    fn mount_point(
        &mut self,
        extension: &Extension,
        path: &Path,
        links: usize,
    ) -> Result<PathBuf, PlanError> {
        let (at, backing) = self.covering(path);
        let below = path.strip_prefix(at).unwrap_or(Path::new(""));
        match backing {
            Backing::Made(entries) => {
                for part in ancestors(below) {
                    entries.entry(part.to_owned()).or_insert(None);
                }
                Ok(path.to_owned())
            }
            Backing::Host(source) => {
                let wanted = source.join(below);
                let (at, source) = (at.clone(), source.clone());
                let Some(real) = self.host.resolve(&wanted) else {
                    return Err(wrong(extension, path, "does not exist"));
                };
                let Ok(inside) = real.strip_prefix(&source) else {
                    return Err(wrong(
                        extension,
                        path,
                        "is a link that leads out of its tree",
                    ));
                };
                if self.host.kind(&real) != Some(FileKind::Dir) {
                    return Err(wrong(extension, path, "is not a directory"));
                }
                match at.join(inside) {
                    real if real == path || inside.as_os_str().is_empty() => Ok(real),
                    _ if links >= MAX_LINKS => Err(wrong(extension, path, "has too many links")),
                    real => self.mount_point(extension, &real, links + 1),
                }
            }
        }
    }

    /// Links the entries of merged directories next to the extensions; the first extension to have a name wins.
    fn merge_all(&mut self, tree: &Tree) -> Result<(), PlanError> {
        let mut taken = BTreeSet::new();
        for extension in &tree.extensions {
            let directory = Path::new(self.root).join(&extension.directory);
            let parent = directory.parent().unwrap_or(Path::new(self.root));
            for merged in &extension.merge_dirs {
                let source = extension.files.join(merged);
                let Some(real) = self.host.resolve(&source) else {
                    continue;
                };
                if !real.starts_with(&extension.files) {
                    let why = "is a link that leads out of the extension";
                    return Err(wrong(extension, merged, why));
                }
                for name in self.host.list(&real) {
                    let link = parent.join(merged).join(&name);
                    if taken.insert(link.clone()) {
                        self.link(extension, &link, directory.join(merged).join(&name))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn link(
        &mut self,
        extension: &Extension,
        path: &Path,
        target: PathBuf,
    ) -> Result<(), PlanError> {
        let (at, backing) = self.covering(path);
        let Backing::Made(entries) = backing else {
            let why = "is read-only, so that nothing can be merged into it";
            return Err(wrong(extension, path, why));
        };
        let below = path.strip_prefix(at).unwrap_or(Path::new(""));
        for part in below.parent().into_iter().flat_map(ancestors) {
            if entries.entry(part.to_owned()).or_insert(None).is_some() {
                return Err(wrong(extension, path, "lies below a link that was merged"));
            }
        }
        match entries.insert(below.to_owned(), Some(target)) {
            None => Ok(()),
            Some(_) => Err(wrong(extension, path, "is there already")),
        }
    }

    /// The innermost mount that a path is in.
    fn covering(&mut self, path: &Path) -> (&PathBuf, &mut Backing) {
        let at = self
            .mounts
            .iter()
            .rposition(|(at, _)| path.starts_with(at))
            .unwrap_or(0);
        let (at, backing) = &mut self.mounts[at];
        (at, backing)
    }

    fn write(self, plan: &mut Plan) {
        // the first is the tree itself
        for (destination, backing) in self.mounts.into_iter().skip(1) {
            match backing {
                Backing::Host(files) => {
                    plan.bind(files, destination, Access::ReadOnly, Reason::Sandbox);
                }
                Backing::Made(entries) => {
                    let name = format!("extensions-{}", plan.directories.len());
                    plan.mounts.push(Mount {
                        destination,
                        what: What::Bind {
                            source: Source::Generated(name.clone()),
                            access: Access::ReadOnly,
                            devices: false,
                            shape: Shape::File,
                        },
                        reason: Reason::Sandbox,
                    });
                    plan.directories.push(GeneratedDir { name, entries });
                }
            }
        }
    }
}

/// A relative path and what is above it, outermost first.
fn ancestors(path: &Path) -> Vec<&Path> {
    let mut all: Vec<&Path> = path
        .ancestors()
        .filter(|part| !part.as_os_str().is_empty())
        .collect();
    all.reverse();
    all
}

fn wrong(extension: &Extension, path: &Path, why: &'static str) -> PlanError {
    PlanError::Extension {
        id: extension.id.to_string(),
        path: path.to_string_lossy().into_owned(),
        why,
    }
}

#[cfg(test)]
mod tests;
