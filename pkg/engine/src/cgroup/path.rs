//! Where a container's cgroup is to be.

use std::path::{Component, Path, PathBuf};

use super::systemd::ScopeName;
use super::{Error, Hierarchy, Result};

/// Where below a hierarchy a container's cgroup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CgroupPath {
    /// From the root of what this process sees of the hierarchy.
    Absolute(PathBuf),
    /// From the cgroup that this process is in, or the nearest above it that may have others; see [`Hierarchy::home`].
    Relative(PathBuf),
    /// In a scope that systemd makes.
    Scope(ScopeName),
}

impl CgroupPath {
    /// From `linux.cgroupsPath`.
    ///
    /// # Errors
    /// For `..`, an empty path, and a `slice:prefix:name` with names that systemd does not have.
    pub fn parse(path: &Path) -> Result<Self> {
        let refuse = |why| {
            Err(Error::Path {
                path: path.display().to_string(),
                why,
            })
        };
        if let Some(scope) = ScopeName::parse(path) {
            return scope.map(Self::Scope);
        }
        let mut inside = PathBuf::new();
        for component in path.components() {
            match component {
                Component::Normal(name) => inside.push(name),
                Component::RootDir | Component::CurDir => {}
                Component::ParentDir | Component::Prefix(_) => return refuse("it contains `..`"),
            }
        }
        if inside.as_os_str().is_empty() {
            return refuse("it is the root of the hierarchy");
        }
        Ok(if path.is_absolute() {
            Self::Absolute(inside)
        } else {
            Self::Relative(inside)
        })
    }
}

impl CgroupPath {
    /// Below the mount of a hierarchy; `None` if systemd says where.
    pub(super) fn below(&self, hierarchy: &Hierarchy) -> Option<PathBuf> {
        match self {
            Self::Absolute(path) => Some(path.clone()),
            Self::Relative(path) => Some(hierarchy.home().join(path)),
            Self::Scope(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_inside_the_hierarchy() {
        assert_eq!(
            CgroupPath::parse(Path::new("/a/./b")).unwrap(),
            CgroupPath::Absolute("a/b".into())
        );
        assert_eq!(
            CgroupPath::parse(Path::new("a")).unwrap(),
            CgroupPath::Relative("a".into())
        );
        for path in ["", "/", "..", "/a/../..", "system:x:y"] {
            assert!(CgroupPath::parse(Path::new(path)).is_err(), "{path}");
        }
    }
}
