//! The machine as an app in a pod sees it: its own trees.

use std::path::{Path, PathBuf};

use flatrack_spec::{Deployment, DeviceNumber, FileKind, Host, Links, Tree};

use crate::host::RealHost;

/// Shows the files of the app and of its runtime, and what the kernel says of itself. Whatever else metadata asks for is not there.
#[derive(Debug)]
pub(super) struct PodHost(Vec<PathBuf>);

impl PodHost {
    pub(super) fn of(deployment: &Deployment) -> Self {
        let tree = |tree: &Tree| {
            let extensions = tree.extensions.iter().map(|one| one.files.clone());
            extensions.chain([tree.path.clone()]).collect::<Vec<_>>()
        };
        let app = deployment.app.iter().flat_map(tree);
        let etc = deployment.etc.iter().map(|entry| entry.source.clone());
        let all = app.chain(tree(&deployment.usr)).chain(etc);
        Self(all.chain(["/proc".into()]).collect())
    }

    fn shows(&self, path: &Path) -> bool {
        self.0.iter().any(|tree| path.starts_with(tree))
    }
}

impl Host for PodHost {
    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.shows(path).then(|| RealHost.kind(path)).flatten()
    }

    fn list(&self, directory: &Path) -> Vec<String> {
        match self.shows(directory) {
            true => RealHost.list(directory),
            false => Vec::new(),
        }
    }

    fn device(&self, _: &Path) -> Option<DeviceNumber> {
        None
    }

    fn disk(&self, path: &Path) -> Option<DeviceNumber> {
        self.shows(path).then(|| RealHost.disk(path)).flatten()
    }

    fn whole_disk(&self, major: u32, minor: u32) -> Option<DeviceNumber> {
        RealHost.whole_disk(major, minor)
    }

    fn owner(&self, path: &Path) -> Option<u32> {
        self.shows(path).then(|| RealHost.owner(path)).flatten()
    }

    /// From one of the trees to one of the trees, wherever the links on the way are.
    fn resolve(&self, path: &Path) -> Option<PathBuf> {
        let real = self.shows(path).then(|| RealHost.resolve(path)).flatten()?;
        self.shows(&real).then_some(real)
    }

    fn resolve_own(&self, path: &Path, uid: u32) -> Links {
        if !self.shows(path) {
            return Links::Nowhere;
        }
        match RealHost.resolve_own(path, uid) {
            Links::To(real) if !self.shows(&real) => Links::Nowhere,
            other => other,
        }
    }
}
