//! What a run may leave behind, seen before and after.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Testbed;

/// How long the kernel may take to let go of processes and cgroups.
const GRACE: Duration = Duration::from_secs(3);

/// Mounts, cgroups, state and processes of flatrack on this machine, at one moment.
///
/// Take it in a testbed made by [`Testbed::alone`]: other tests' apps would be seen too.
#[derive(Debug)]
pub struct Leftovers {
    dirs: Vec<PathBuf>,
    before: BTreeSet<String>,
}

impl Leftovers {
    /// What there is now.
    #[must_use]
    pub fn snapshot(bed: &Testbed) -> Self {
        let dirs = vec![
            bed.runtime_dir().to_owned(),
            bed.temp_dir().to_owned(),
            "/run/flatrack".into(),
        ];
        let before = present(&dirs);
        Self { dirs, before }
    }

    /// Claims that nothing came and stayed.
    ///
    /// # Panics
    /// With the list of what did.
    #[track_caller]
    pub fn assert_none(&self) {
        let end = Instant::now() + GRACE;
        loop {
            let left: Vec<_> = present(&self.dirs)
                .difference(&self.before)
                .cloned()
                .collect();
            if left.is_empty() {
                return;
            }
            assert!(
                Instant::now() < end,
                "left behind:\n  {}",
                left.join("\n  ")
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn present(dirs: &[PathBuf]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mountinfo = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    for fields in mountinfo
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
    {
        found.insert(format!("mount {} of {}", fields[4], fields[3]));
        let kind = fields.iter().skip_while(|field| **field != "-").nth(1);
        if kind.is_some_and(|kind| kind.starts_with("cgroup")) {
            cgroups(Path::new(fields[4]), false, &mut found);
        }
    }
    for dir in dirs {
        state(dir, &mut found);
    }
    processes(&mut found);
    found
}

/// Every cgroup named `flatrack…`, and all below one.
fn cgroups(dir: &Path, ours: bool, found: &mut BTreeSet<String>) {
    for entry in entries(dir).filter(|entry| entry.is_dir()) {
        let named = entry
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"flatrack"));
        if ours || named {
            found.insert(format!("cgroup {}", entry.display()));
        }
        cgroups(&entry, ours || named, found);
    }
}

fn state(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in entries(dir) {
        // what the instances of one app share stays until `ps --gc`, or the machine, ends it
        if entry.ends_with("flatrack/apps") {
            continue;
        }
        // the places for state may stay, what is in them may not
        if entry
            .file_name()
            .is_none_or(|name| name != "flatrack" && name != ".flatpak")
        {
            found.insert(format!("file {}", entry.display()));
        }
        if entry.is_dir() && !entry.is_symlink() {
            state(&entry, found);
        }
    }
}

/// Processes that are flatrack, or live in a cgroup of its making. Their name tells: a waiter and an init keep it.
fn processes(found: &mut BTreeSet<String>) {
    for dir in entries(Path::new("/proc")) {
        let pid = dir
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if pid.parse::<u32>().is_err() {
            continue;
        }
        let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap_or_default();
        let stat = read("stat");
        // a zombie is its parent's affair, and in a container often nobody's
        if stat
            .rsplit_once(')')
            .is_some_and(|(_, rest)| rest.starts_with(" Z"))
        {
            continue;
        }
        let (name, groups) = (read("comm"), read("cgroup"));
        if name.starts_with("flatrack") || groups.contains("/flatrack") {
            found.insert(format!(
                "process {pid} {} {}",
                name.trim(),
                read("cmdline").replace('\0', " ")
            ));
        }
    }
}

fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}
