//! Apps that take whatever they can get: their limits hold, and a neighbour and the machine go on answering.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flatrack_testbed::{Testbed, needs};

use crate::support::{Running, json};

/// What an app takes too much of.
struct Bomb {
    name: &'static str,
    limits: &'static [&'static str],
    script: &'static str,
    /// Among what `flatrack stats --json` says while it goes on; it may have ended by then.
    never_above: Option<(&'static str, u64)>,
}

const MIB: u64 = 1 << 20;

const BOMBS: [Bomb; 6] = [
    Bomb {
        name: "memory",
        limits: &["--memory-max=64M"],
        script: "while :; do tail /dev/zero; done",
        never_above: Some(("memory_current", 64 * MIB)),
    },
    Bomb {
        name: "processes",
        limits: &["--pids-max=32", "--memory-max=64M", "--cpu-max=50%"],
        script: "b() { b | b & }; b; sleep 60",
        never_above: Some(("pids_current", 32)),
    },
    Bomb {
        name: "descriptors",
        limits: &["--nofile=64", "--memory-max=64M", "--cpu-max=50%"],
        script: "while :; do exec {fd}</dev/null; done",
        never_above: None,
    },
    Bomb {
        name: "files in memory",
        limits: &["--memory-max=64M"],
        script: "while :; do cat /dev/zero >>/dev/shm/bomb; done",
        never_above: Some(("memory_current", 64 * MIB)),
    },
    Bomb {
        name: "inodes",
        limits: &["--memory-max=64M", "--cpu-max=50%"],
        script: "while :; do : >/dev/shm/$((i += 1)); done",
        never_above: Some(("memory_current", 64 * MIB)),
    },
    Bomb {
        name: "output that nobody reads",
        limits: &["--memory-max=64M", "--cpu-max=50%"],
        script: "exec yes",
        never_above: Some(("memory_current", 64 * MIB)),
    },
];

/// How often the neighbour is asked while a bomb goes on.
const QUESTIONS: u32 = 8;

/// A running bomb, whose output is not read; ended with the value.
struct Lit<'a>(Child, &'a Testbed);

impl Drop for Lit<'_> {
    fn drop(&mut self) {
        // it may have ended of itself
        let _said = self.1.flatrack(["kill", ID]);
        let _ended = self.0.kill().and_then(|()| self.0.wait()).is_ok();
    }
}

const ID: &str = "org.flatrack.Test.Bomb";

#[test]
fn a_neighbour_and_the_machine_go_on_beside_a_bomb() {
    needs!(Root, MemoryLimit, PidsLimit, CpuLimit);
    let bed = Testbed::new();
    let dir = bed.host_build_dir(ID).write();
    let mut neighbour = neighbour(&bed);
    for bomb in &BOMBS {
        let mut words = vec!["run"];
        words.extend(bomb.limits);
        words.extend(["--command=bash", dir.to_str().unwrap(), "-c", bomb.script]);
        let mut command = bed.flatrack_command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut lit = Lit(command.spawn().unwrap(), &bed);
        let mut longest = Duration::ZERO;
        let mut looks = 0;
        for question in 0..QUESTIONS {
            std::thread::sleep(Duration::from_millis(150));
            let asked = Instant::now();
            neighbour.write(&format!("{question}\n"));
            // waits for so long and no longer
            assert_eq!(neighbour.line(), question.to_string(), "{}", bomb.name);
            let host = Command::new("true").status().unwrap();
            assert!(host.success(), "{}", bomb.name);
            longest = longest.max(asked.elapsed());
            looks += held(&bed, bomb);
        }
        // it ran all the time, or its limit has ended it
        let end = lit.0.try_wait().unwrap().and_then(|status| status.code());
        assert!(
            end == Some(137) || (end.is_none() && looks > 0),
            "{}: {looks} looks, {end:?}",
            bomb.name
        );
        println!("{}: the longest answer took {longest:?}", bomb.name);
    }
    drop(neighbour);
}

/// An app that says again whatever it is told.
fn neighbour(bed: &Testbed) -> Running {
    let dir = bed.host_build_dir("org.flatrack.Test.Neighbour").write();
    let script = "echo up; while read -r line; do echo $line; done";
    let words = ["run", "--command=sh", dir.to_str().unwrap(), "-c", script];
    let mut command = bed.flatrack_command(words);
    command.stdin(Stdio::piped());
    Running::start(command)
}

/// Its limit holds; how often that was seen, for it may have ended.
#[track_caller]
fn held(bed: &Testbed, bomb: &Bomb) -> usize {
    let said = bed.flatrack(["stats", "--json", ID]);
    if said.code != 0 {
        return 0;
    }
    let stats = json(&said);
    let rows: Vec<_> = stats.as_array().into_iter().flatten().collect();
    for (row, (number, most)) in rows.iter().zip(bomb.never_above) {
        let now = row[number].as_u64().unwrap_or_default();
        assert!(now <= most, "{}: {number} is {now}", bomb.name);
    }
    rows.len()
}
