//! What the kernel holds a process to: read on the machine, because an app sees no cgroup files.

use std::fs;
use std::path::PathBuf;

/// A limit, on either version of cgroups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `memory.max`, in bytes.
    Memory,
    /// `pids.max`.
    Pids,
    /// The first number of `cpu.max`, in µs of each period of 100 ms.
    CpuQuota,
}

impl Limit {
    /// The value for the process with `marker` as one of its arguments; none without such a process or limit.
    #[must_use]
    pub fn of(self, marker: &str) -> Option<u64> {
        let (controller, v1, v2) = match self {
            Self::Memory => ("memory", "memory.limit_in_bytes", "memory.max"),
            Self::Pids => ("pids", "pids.max", "pids.max"),
            Self::CpuQuota => ("cpu", "cpu.cfs_quota_us", "cpu.max"),
        };
        let dir = cgroup(controller, marker)?;
        let text = [v1, v2].map(|name| fs::read_to_string(dir.join(name)));
        let text = text.into_iter().find_map(Result::ok)?;
        text.split_whitespace().next()?.parse().ok()
    }
}

/// The directory of a v1 controller, or else of v2, that the process with `marker` as one of its arguments is in.
#[must_use]
pub fn cgroup(controller: &str, marker: &str) -> Option<PathBuf> {
    let groups = fs::read_to_string(format!("/proc/{}/cgroup", find(marker)?)).ok()?;
    directory(&groups, controller)
}

/// The same for a `/proc/PID/cgroup`.
fn directory(groups: &str, controller: &str) -> Option<PathBuf> {
    let lines = || {
        groups
            .lines()
            .filter_map(|line| line.split_once(':')?.1.split_once(':'))
    };
    let root = PathBuf::from("/sys/fs/cgroup");
    let on_v1 = lines().find(|(names, _)| names.split(',').any(|name| name == controller));
    let (dir, path) = match on_v1 {
        Some((_, path)) => (root.join(controller), path),
        None => {
            let hybrid = root.join("unified");
            let v2 = if hybrid.is_dir() { hybrid } else { root };
            (v2, lines().find(|(names, _)| names.is_empty())?.1)
        }
    };
    Some(dir.join(path.trim_start_matches('/')))
}

/// The process with `marker` as an argument that was started last: those before it only pass it on.
fn find(marker: &str) -> Option<u32> {
    let entries = fs::read_dir("/proc").ok()?.flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0)
            .any(|argument| argument == marker.as_bytes())
    })
    .max()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_directory_is_found_on_both_versions() {
        let path = |groups: &str| super::directory(groups, "memory").unwrap();
        let hybrid = "9:name=systemd:/\n4:memory:/a/b\n2:cpu,cpuacct:/\n0::/\n";
        assert_eq!(path(hybrid).to_str(), Some("/sys/fs/cgroup/memory/a/b"));
        assert!(path("0::/a/b\n").ends_with("a/b"));
    }
}
