//! Where a container's cgroups are, by its first process.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The container's directory in each hierarchy, by controller; v2's under the empty name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cgroup(BTreeMap<String, PathBuf>);

impl Cgroup {
    /// That of a process; empty when it is gone.
    pub(crate) fn of(pid: u32) -> Self {
        let read = |path: String| fs::read_to_string(path).unwrap_or_default();
        Self::parse(
            &read(format!("/proc/{pid}/cgroup")),
            &read("/proc/self/mountinfo".to_owned()),
        )
    }

    /// From the texts of `/proc/PID/cgroup` and `/proc/self/mountinfo` (cgroups(7), proc(5)).
    fn parse(cgroup: &str, mountinfo: &str) -> Self {
        let mounts: Vec<(Vec<&str>, &str, &str)> = mountinfo.lines().filter_map(mounted).collect();
        let mut found = BTreeMap::new();
        for line in cgroup.lines() {
            let mut parts = line.splitn(3, ':').skip(1);
            let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else {
                continue;
            };
            for controller in controllers.split(',') {
                let mount = mounts
                    .iter()
                    .find(|(names, ..)| names.contains(&controller));
                if let Some((_, root, point)) = mount {
                    // the mount may show a part of the hierarchy only
                    let below = Path::new(path)
                        .strip_prefix(root)
                        .unwrap_or(Path::new(path));
                    let below = below.strip_prefix("/").unwrap_or(below);
                    found.insert(controller.to_owned(), Path::new(point).join(below));
                }
            }
        }
        Self(found)
    }

    /// Whether its limits are on v1. On a machine with both, as containerd sees it: v2 only where nothing else is.
    pub(crate) fn is_v1(&self) -> bool {
        self.0.keys().any(|controller| is_limiting(controller))
    }

    /// The directory with a controller; on v2 one for all.
    pub(crate) fn with(&self, controller: &str) -> Option<&Path> {
        let unified = || self.0.get("").filter(|_| !self.is_v1());
        self.0
            .get(controller)
            .or_else(unified)
            .map(PathBuf::as_path)
    }

    /// A file's text.
    pub(crate) fn text(&self, controller: &str, file: &str) -> String {
        let path = self.with(controller).map(|directory| directory.join(file));
        let text = path.and_then(|path| fs::read_to_string(path).ok());
        text.unwrap_or_default()
    }

    /// The number that a file holds; `max` is the largest there is, and what is not there is 0.
    pub(crate) fn number(&self, controller: &str, file: &str) -> u64 {
        match self.text(controller, file).trim() {
            "max" => u64::MAX,
            text => text.parse().unwrap_or(0),
        }
    }

    /// The numbers of a file of `key value` lines.
    pub(crate) fn keyed(&self, controller: &str, file: &str) -> BTreeMap<String, u64> {
        let text = self.text(controller, file);
        let pairs = text.lines().filter_map(|line| line.split_once(' '));
        pairs
            .filter_map(|(key, value)| Some((key.to_owned(), value.trim().parse().ok()?)))
            .collect()
    }

    /// Processes that were killed for memory so far.
    pub(crate) fn oom_kills(&self) -> u64 {
        let file = if self.is_v1() {
            "memory.oom_control"
        } else {
            "memory.events"
        };
        let numbers = self.keyed("memory", file);
        numbers.get("oom_kill").copied().unwrap_or(0)
    }
}

fn is_limiting(controller: &str) -> bool {
    ["memory", "cpu", "pids"].contains(&controller)
}

/// Controllers (the empty name for v2), root and mount point of a line about cgroups.
fn mounted(line: &str) -> Option<(Vec<&str>, &str, &str)> {
    let (head, tail) = line.split_once(" - ")?;
    let mut head = head.split(' ').skip(3);
    let (root, point) = (head.next()?, head.next()?);
    let mut tail = tail.split(' ');
    let controllers = match tail.next()? {
        "cgroup2" => vec![""],
        "cgroup" => tail.nth(1)?.split(',').collect(),
        _ => return None,
    };
    Some((controllers, root, point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_hierarchies_are_found() {
        let mounts = "30 24 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                      31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
                      32 24 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
        let hybrid = Cgroup::parse("4:memory:/a/b\n2:cpu,cpuacct:/a/b\n0::/\n", mounts);
        assert!(hybrid.is_v1());
        assert_eq!(
            hybrid.with("memory"),
            Some(Path::new("/sys/fs/cgroup/memory/a/b"))
        );
        assert_eq!(
            hybrid.with("cpu"),
            Some(Path::new("/sys/fs/cgroup/cpu,cpuacct/a/b"))
        );
        assert_eq!(hybrid.with("pids"), None);
        let mounts = "32 24 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        let unified = Cgroup::parse("0::/a/b\n", mounts);
        assert!(!unified.is_v1());
        assert_eq!(
            unified.with("memory"),
            Some(Path::new("/sys/fs/cgroup/a/b"))
        );
    }
}
