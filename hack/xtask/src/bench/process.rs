//! Processes that a measurement starts, what they have become, and their end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::Result;

/// The app's own process, which is not counted among those that watch over it.
const APP: &str = "sleep";

/// One process, as `/proc` shows it.
#[derive(Debug, Clone)]
struct Seen {
    parent: i32,
    name: String,
    /// in clock ticks since boot: tells a process from a later one of the same number
    born: u64,
}

/// Started processes and all that descend from them. Dropping it ends them.
#[derive(Debug, Default)]
pub(crate) struct Herd {
    children: Vec<Child>,
}

impl Herd {
    /// Starts one more.
    pub(crate) fn start(&mut self, command: &mut Command) -> Result {
        let quiet = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // a group of its own: what loses its parent on the way is still found by it
        self.children.push(quiet.process_group(0).spawn()?);
        Ok(())
    }

    /// Waits until each has its app running.
    pub(crate) fn wait_until_asleep(&mut self, patience: Duration) -> Result {
        let end = Instant::now() + patience;
        loop {
            let all = seen();
            let asleep = self
                .families(&all)
                .filter(|family| family.iter().any(|pid| all[pid].name == APP));
            if asleep.count() == self.children.len() {
                return Ok(());
            }
            for child in &mut self.children {
                if let Some(status) = child.try_wait()? {
                    let said = child
                        .stderr
                        .take()
                        .map(std::io::read_to_string)
                        .transpose()?;
                    return Err(
                        format!("an app ended: {status}: {}", said.unwrap_or_default()).into(),
                    );
                }
            }
            if Instant::now() > end {
                return Err("not all apps run in time".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Resident memory of the processes around the apps, in KiB by name: the proportional set size.
    pub(crate) fn resident(&self) -> BTreeMap<String, u64> {
        let all = seen();
        let mut sums = BTreeMap::new();
        for pid in self
            .families(&all)
            .flatten()
            .filter(|pid| all[pid].name != APP)
        {
            *sums.entry(all[&pid].name.clone()).or_default() += proportional(pid);
        }
        sums
    }

    /// For each child, itself and its descendants.
    fn families<'a>(
        &'a self,
        all: &'a BTreeMap<i32, Seen>,
    ) -> impl Iterator<Item = BTreeSet<i32>> + 'a {
        let mut offspring: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
        for (pid, one) in all {
            offspring.entry(one.parent).or_default().push(*pid);
        }
        self.children.iter().map(move |child| {
            let first = i32::try_from(child.id()).unwrap_or_default();
            let mut family = BTreeSet::new();
            let mut waiting = vec![first];
            while let Some(pid) = waiting.pop().filter(|pid| all.contains_key(pid)) {
                family.insert(pid);
                waiting.extend(offspring.get(&pid).into_iter().flatten());
            }
            family
        })
    }
}

impl Drop for Herd {
    /// Asks, waits, then insists; only processes that were started here or descend from one.
    fn drop(&mut self) {
        let before = seen();
        let members: Vec<i32> = self.families(&before).flatten().collect();
        for child in &self.children {
            signal(i32::try_from(child.id()).unwrap_or_default(), Signal::TERM);
        }
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end
            && self
                .children
                .iter_mut()
                .any(|child| matches!(child.try_wait(), Ok(None)))
        {
            std::thread::sleep(Duration::from_millis(20));
        }
        let after = seen();
        for pid in members {
            let same = after
                .get(&pid)
                .is_some_and(|one| one.born == before[&pid].born);
            if same {
                signal(pid, Signal::KILL);
            }
        }
        for child in &mut self.children {
            if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                // it is empty when all went well
                let _sent = kill_process_group(group, Signal::KILL).is_ok();
            }
            // the exit status of a killed process says nothing
            let _reaped = child.wait().is_ok();
        }
    }
}

fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid).filter(|pid| pid.as_raw_nonzero().get() > 1) {
        // it may have ended by itself
        let _sent = kill_process(pid, signal).is_ok();
    }
}

fn seen() -> BTreeMap<i32, Seen> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            Some((
                pid,
                stat(&fs::read_to_string(entry.path().join("stat")).ok()?)?,
            ))
        })
        .collect()
}

/// Reads a line of `/proc/PID/stat`; the name in parentheses may hold anything.
fn stat(line: &str) -> Option<Seen> {
    let (head, tail) = line.rsplit_once(") ")?;
    let fields: Vec<&str> = tail.split(' ').collect();
    let name = head.split_once('(')?.1.to_owned();
    Some(Seen {
        parent: fields.get(1)?.parse().ok()?,
        name,
        born: fields.get(19)?.parse().ok()?,
    })
}

fn proportional(pid: i32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::stat;

    #[test]
    fn a_name_may_hold_parentheses_and_spaces() {
        let line = "7 (a) (b c) S 3 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";
        let seen = stat(line).unwrap();
        assert_eq!(
            (seen.name.as_str(), seen.parent, seen.born),
            ("a) (b c", 3, 4711)
        );
    }
}
