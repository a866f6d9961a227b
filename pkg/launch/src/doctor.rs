//! What this machine can enforce, protection by protection.

mod apparmor;
mod landlock;
mod policy;

use std::fs;

use flatrack_engine::cgroup::{Hierarchies, Version};
use serde::Serialize;

use crate::driver::Driver;
use crate::{Error, Machine};

/// What a protection gives here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// it is enforced
    Enforced,
    /// it is enforced in part
    Degraded {
        /// what is missing
        why: String,
    },
    /// an app that asks for it does not start
    Refused {
        /// what is missing
        why: String,
    },
}

/// One protection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// the protection
    pub name: String,
    /// what it gives here
    #[serde(flatten)]
    pub verdict: Verdict,
    /// how it is done here
    pub detail: String,
}

/// Every protection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// the protections
    pub checks: Vec<Check>,
}

/// Looks at the machine as the calling user.
///
/// # Errors
/// No home directory, or no place for state.
pub fn doctor() -> Result<Report, Error> {
    let machine = Machine::probe()?;
    let mut checks = vec![namespaces(&machine), seccomp(), privileges(), mounts()];
    checks.push(bus_names());
    checks.extend(limits(&machine.cgroups));
    checks.extend(landlock::checks(&machine));
    checks.push(apparmor::profiles(&machine));
    checks.extend(policy::checks(&machine));
    Ok(Report { checks })
}

fn check(name: &str, detail: &str, missing: Option<&str>) -> Check {
    let verdict = match missing {
        None => Verdict::Enforced,
        Some(why) => Verdict::Refused {
            why: why.to_owned(),
        },
    };
    Check {
        name: name.to_owned(),
        verdict,
        detail: detail.to_owned(),
    }
}

fn number(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn namespaces(machine: &Machine) -> Check {
    if machine.facts.privileged {
        return check("namespaces", "mount, PID, IPC, network; made by root", None);
    }
    let allowed = number("/proc/sys/user/max_user_namespaces") != Some(0)
        && number("/proc/sys/kernel/unprivileged_userns_clone") != Some(0);
    let restricted = number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == Some(1);
    let missing = match (allowed, restricted) {
        (false, _) => Some("user namespaces are switched off for ordinary users"),
        (true, true) => Some("AppArmor keeps ordinary users from user namespaces"),
        (true, false) => None,
    };
    check("namespaces", "user, mount, PID, IPC, network", missing)
}

fn seccomp() -> Check {
    let actions = fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").unwrap_or_default();
    let missing = (!actions.contains("errno")).then_some("the kernel has no system call filters");
    check("system calls", "seccomp filter, loaded last", missing)
}

fn privileges() -> Check {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let missing = (!status.contains("NoNewPrivs:")).then_some("the kernel has no no_new_privs");
    check(
        "privileges",
        "five empty capability sets, no_new_privs",
        missing,
    )
}

/// Recursive read-only mounts came with Linux 5.12.
fn mounts() -> Check {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut parts = release
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let missing = (version < (5, 12)).then_some("read-only trees need Linux 5.12");
    check(
        "files",
        "mounts from descriptors, read-only with everything below",
        missing,
    )
}

/// Asked by running it: distributions put different versions at the same place.
fn bus_names() -> Check {
    let name = "bus names";
    let Ok(proxy) = flatrack_bus::XdgDbusProxy::find() else {
        let missing = "the package `xdg-dbus-proxy` is not installed";
        return check(name, "", Some(missing));
    };
    let mut command = std::process::Command::new(flatrack_bus::Backend::program(&proxy));
    let output = command.arg("--version").stdin(std::process::Stdio::null());
    let version = output
        .output()
        .ok()
        .filter(|output| output.status.success());
    match version {
        Some(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            let version = flatrack_perms::Untrusted(text.trim()).to_string();
            check(
                name,
                &format!("{version}, a container of its own beside each app"),
                None,
            )
        }
        None => check(name, "xdg-dbus-proxy", Some("it cannot be executed")),
    }
}

fn limits(cgroups: &Hierarchies) -> Vec<Check> {
    let driver = Driver::choose(cgroups);
    // the names that v1 and v2 have for a controller; on a hybrid machine each has some of them
    let limits = [
        ("memory-max", ["memory", "memory"]),
        ("cpu-max", ["cpu", "cpu"]),
        ("pids-max", ["pids", "pids"]),
        ("cpuset", ["cpuset", "cpuset"]),
        ("io-max", ["blkio", "io"]),
        ("hugetlb-*-max", ["hugetlb", "hugetlb"]),
    ];
    let mut checks = vec![check("cgroups", &driver.describe(), None)];
    checks.extend(limits.into_iter().map(|(limit, names)| {
        let hierarchy = names.iter().find_map(|name| cgroups.with(name));
        let (version, name) = match hierarchy {
            Some(found) if found.version == Version::V1 => ("cgroup v1", names[0]),
            _ => ("cgroup v2", names[1]),
        };
        let missing = driver.obstacle(cgroups, name);
        check(limit, version, missing.as_deref())
    }));
    let v1 = cgroups.has_v1().then_some("only cgroup v2 has it");
    checks.push(check("memory-high", "cgroup v2", v1));
    checks.push(check("oom-group", "cgroup v2", v1));
    checks.push(check("rlimits, nice", "setrlimit, setpriority", None));
    checks
}
