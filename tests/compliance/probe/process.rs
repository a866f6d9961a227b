//! The process itself: identity, environment, limits, namespaces, descriptors.

use std::fs;

use crate::dump::Dump;
use crate::kernel::link;

/// Lines of `/proc/self/status` that say who we are and what we may do.
const STATUS: [&str; 24] = [
    "Name",
    "Umask",
    "Ngid",
    "Pid",
    "PPid",
    "TracerPid",
    "Uid",
    "Gid",
    "Groups",
    "NStgid",
    "NSpid",
    "NSpgid",
    "NSsid",
    "SigBlk",
    "SigIgn",
    "SigCgt",
    "CapInh",
    "CapPrm",
    "CapEff",
    "CapBnd",
    "CapAmb",
    "NoNewPrivs",
    "Seccomp",
    "THP_enabled",
];

const NAMESPACES: [&str; 8] = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

/// Small files that show one fact each.
const FACTS: [&str; 10] = [
    "/proc/self/uid_map",
    "/proc/self/gid_map",
    "/proc/self/setgroups",
    "/proc/self/personality",
    "/proc/self/oom_score_adj",
    "/proc/self/coredump_filter",
    "/proc/self/timerslack_ns",
    "/proc/sys/kernel/hostname",
    "/proc/sys/user/max_user_namespaces",
    "/proc/sys/net/ipv4/ip_unprivileged_port_start",
];

pub(crate) fn look(dump: &mut Dump) {
    for (name, value) in std::env::vars_os() {
        dump.say("env", name.display(), value.display());
    }
    let cwd = std::env::current_dir().map(|dir| dir.display().to_string());
    dump.say(
        "process",
        "cwd",
        cwd.unwrap_or_else(|error| error.to_string()),
    );
    lines(dump, "status", "/proc/self/status", |line| {
        line.split_once(':').filter(|(key, _)| STATUS.contains(key))
    });
    lines(dump, "limit", "/proc/self/limits", |line| {
        line.split_at_checked(26)
            .filter(|(key, _)| key.starts_with("Max"))
    });
    for path in FACTS {
        let text = fs::read_to_string(path).unwrap_or_else(|error| error.to_string());
        dump.say("fact", path, words(&text));
    }
    for name in NAMESPACES {
        dump.say("namespace", name, link(&format!("/proc/self/ns/{name}")));
    }
    descriptors(dump);
    processes(dump);
    info(dump);
}

fn lines<'a>(
    dump: &mut Dump,
    topic: &str,
    path: &str,
    part: impl Fn(&str) -> Option<(&str, &str)> + 'a,
) {
    let text = fs::read_to_string(path).unwrap_or_default();
    for (key, value) in text.lines().filter_map(part) {
        dump.say(topic, key.trim(), words(value));
    }
}

/// The words of a text with one blank between.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is open; a directory's own descriptor closes with the listing, so each is looked at again.
fn descriptors(dump: &mut Dump) {
    let names: Vec<_> = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    for path in names {
        if let Ok(target) = fs::read_link(&path) {
            let number = path.file_name().unwrap_or_default();
            dump.say("fd", number.display(), target.display());
        }
    }
}

/// Who else is there, and what can be learnt of process 1.
fn processes(dump: &mut Dump) {
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().bytes().all(|b| b.is_ascii_digit()) {
            let comm = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            dump.say("pid", name.display(), comm.trim());
        }
    }
    for part in ["root", "exe", "cwd"] {
        dump.say("pid 1", part, link(&format!("/proc/1/{part}")));
    }
}

/// `/.flatpak-info`, a field for each key.
fn info(dump: &mut Dump) {
    let text = fs::read_to_string("/.flatpak-info").unwrap_or_default();
    let mut group = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            group = name.trim_end_matches(']');
            dump.say("info", format!("[{group}]"), "there");
        } else if let Some((key, value)) = line.split_once('=') {
            dump.say("info", format!("[{group}] {key}"), value);
        }
    }
}
