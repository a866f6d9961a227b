//! Which cgroup hierarchies this process can see, read from the kernel's own tables rather than assumed from fixed paths.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::limits::on_v2;
use super::{Error, Result, files};

/// The interface a hierarchy speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// One of several hierarchies, each with its own controllers.
    V1,
    /// The unified hierarchy.
    V2,
}

/// One mounted hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    /// Which interface.
    pub version: Version,
    /// Where it is mounted.
    pub mount: PathBuf,
    /// Its controllers; a named v1 hierarchy without any has none.
    pub controllers: Vec<String>,
    /// The directory, below `mount`, of the cgroup this process is in.
    pub own: PathBuf,
}

impl Hierarchy {
    /// Below `mount`: where this process makes cgroups of its own, which is the cgroup that it is in.
    ///
    /// On v2 controllers are handed down only from where no process is. A cgroup was delegated to an ordinary user together with the
    /// ones above that are the user's too: the nearest without processes is taken. Root stays, under the limits of whatever started it.
    #[must_use]
    pub fn home(&self) -> &Path {
        let stays = self.version == Version::V1 || rustix::process::geteuid().is_root();
        let mut above = self.own.ancestors().skip(1).take_while(|path| {
            let dir = self.mount.join(path);
            may_write(&dir)
                && may_write(&dir.join("cgroup.procs"))
                && may_write(&dir.join("cgroup.subtree_control"))
        });
        let free = |path: &&Path| {
            files::processes(&self.mount.join(path)).is_ok_and(|processes| processes.is_empty())
        };
        match stays {
            true => &self.own,
            false => above.find(free).unwrap_or(&self.own),
        }
    }
}

/// By the effective user, as the kernel would decide.
fn may_write(path: &Path) -> bool {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

/// All hierarchies that are mounted here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hierarchies(pub Vec<Hierarchy>);

impl Hierarchies {
    /// Reads them for the calling process.
    pub fn detect() -> Result<Self> {
        let read = |path: &'static str| {
            std::fs::read_to_string(path).map_err(|source| Error::Io {
                what: "read",
                path: path.into(),
                source,
            })
        };
        let mut found = Self::parse(&read("/proc/self/mountinfo")?, &read("/proc/self/cgroup")?);
        for hierarchy in found
            .0
            .iter_mut()
            .filter(|hierarchy| hierarchy.version == Version::V2)
        {
            let list = std::fs::read_to_string(hierarchy.mount.join("cgroup.controllers"))
                .unwrap_or_default();
            hierarchy.controllers = list.split_whitespace().map(str::to_owned).collect();
        }
        Ok(found)
    }

    /// From the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`; v2's controllers are left empty.
    fn parse(mountinfo: &str, cgroup: &str) -> Self {
        let own = own_paths(cgroup);
        let mut found: Vec<Hierarchy> = Vec::new();
        for line in mountinfo.lines() {
            let Some((left, right)) = line.split_once(" - ") else {
                continue;
            };
            let (left, right): (Vec<_>, Vec<_>) =
                (left.split(' ').collect(), right.split(' ').collect());
            let (&[_, _, _, root, mount, ..], &[kind, _, options]) = (&left[..], &right[..]) else {
                continue;
            };
            let (version, names) = match kind {
                "cgroup2" => (Version::V2, vec![String::new()]),
                "cgroup" => (
                    Version::V1,
                    options
                        .split(',')
                        .filter(|name| own.contains_key(*name))
                        .map(str::to_owned)
                        .collect(),
                ),
                _ => continue,
            };
            let Some(path) = names.first().and_then(|name| own.get(name.as_str())) else {
                continue;
            };
            // A mount of a part of the hierarchy shows paths relative to that part.
            let Ok(inside) = Path::new(path).strip_prefix(root) else {
                continue;
            };
            let hierarchy = Hierarchy {
                version,
                mount: unescape(mount),
                controllers: names
                    .into_iter()
                    .filter(|name| !name.is_empty() && !name.starts_with("name="))
                    .collect(),
                own: inside.to_path_buf(),
            };
            if !found
                .iter()
                .any(|known| known.version == version && known.controllers == hierarchy.controllers)
            {
                found.push(hierarchy);
            }
        }
        Self(found)
    }

    /// The unified hierarchy, with or without controllers.
    pub fn unified(&self) -> Option<&Hierarchy> {
        self.0
            .iter()
            .find(|hierarchy| hierarchy.version == Version::V2)
    }

    /// The hierarchy that a controller is in.
    pub fn with(&self, controller: &str) -> Option<&Hierarchy> {
        self.0
            .iter()
            .find(|hierarchy| hierarchy.controllers.iter().any(|name| name == controller))
    }

    /// Which version has a controller, by the controller's name on v1; that of the machine's others if none has.
    pub(super) fn version_of(&self, controller: &str) -> Version {
        let names = [controller, on_v2(controller)];
        match names.iter().find_map(|name| self.with(name)) {
            Some(hierarchy) => hierarchy.version,
            None if self.has_v1() => Version::V1,
            None => Version::V2,
        }
    }

    /// Whether any controller is on v1 (legacy or hybrid).
    pub fn has_v1(&self) -> bool {
        self.0
            .iter()
            .any(|hierarchy| hierarchy.version == Version::V1)
    }
}

/// Controller (or `name=…`, or nothing for v2) to the path of the own cgroup.
fn own_paths(cgroup: &str) -> BTreeMap<&str, &str> {
    let mut paths = BTreeMap::new();
    for line in cgroup.lines() {
        let mut fields = line.splitn(3, ':');
        let (Some(_), Some(names), Some(path)) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        paths.extend(names.split(',').map(|name| (name, path)));
    }
    paths
}

/// mountinfo writes blanks and the like as three octal digits.
fn unescape(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let octal = tail
            .get(..3)
            .filter(|_| first == b'\\')
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hybrid_machine_is_understood() {
        let mountinfo = "\
31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
41 31 0:38 / /sys/fs/cgroup/uni\\040fied rw,relatime - cgroup2 cgroup2 rw
";
        let cgroup = "9:name=systemd:/\n4:memory:/a/b\n1:cpu,cpuacct:/\n0::/x\n";
        let found = Hierarchies::parse(mountinfo, cgroup);
        assert_eq!(found.0.len(), 4);
        assert_eq!(
            found.with("cpuacct").unwrap().mount,
            Path::new("/sys/fs/cgroup/cpu,cpuacct")
        );
        assert_eq!(found.with("memory").unwrap().own, Path::new("a/b"));
        assert_eq!(
            found.unified().unwrap().mount,
            Path::new("/sys/fs/cgroup/uni fied")
        );
        assert!(found.has_v1());
    }

    #[test]
    fn a_part_of_a_hierarchy_shows_relative_paths() {
        let found = Hierarchies::parse(
            "1 1 0:1 /pod/x /sys/fs/cgroup ro - cgroup2 c rw\n",
            "0::/pod/x/y\n",
        );
        assert_eq!(found.unified().unwrap().own, Path::new("y"));
    }
}
