//! What happens to apps is told, and nothing of it is lost.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use flatrack_testbed::{Outcome, Testbed, needs};
use serde_json::Value;

use crate::support::{Running, json};

const NEIGHBOUR: &str = "org.flatrack.Test.Neighbour";
const ID: &str = "org.flatrack.Test.Followed";

/// A testbed whose apps nobody else's followers see.
struct Scene {
    bed: Testbed,
    state: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let bed = Testbed::new();
        let state = bed.runtime_dir().join("followed");
        Self { bed, state }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.bed.flatrack_command(words);
        command.env("FLATRACK_STATE_DIR", &self.state);
        command
    }

    fn flatrack(&self, words: &[&str]) -> Outcome {
        Outcome::from(self.command(words).output().unwrap())
    }

    /// Runs a script in an app.
    fn run(&self, id: &str, options: &[&str], script: &str) -> Command {
        let dir = self.bed.host_build_dir(id).write();
        let mut words = vec!["run", "--no-session-bus"];
        words.extend(options);
        words.extend(["--command=bash", dir.to_str().unwrap(), "-c", script]);
        self.command(&words)
    }

    /// An app that runs; followers are known to have begun when they have left a file beside it.
    fn neighbour(&self) -> Neighbour {
        let running = Running::start(self.run(NEIGHBOUR, &[], "echo up; exec sleep 60"));
        let rows = json(&self.flatrack(&["ps", "--json"]));
        let number = rows[0]["instance"].to_string();
        let place = self.state.join("instances").join(&number);
        Neighbour {
            running,
            number,
            place,
        }
    }

    fn follow(&self, options: &[&str], neighbour: &Neighbour) -> Running {
        let follower = Running::spawn(self.command(&[&["events", "--json"], options].concat()));
        let until = Instant::now() + Duration::from_secs(10);
        while !neighbour.place.join("last-words").exists() {
            assert!(Instant::now() < until, "nobody follows");
            std::thread::sleep(Duration::from_millis(10));
        }
        follower
    }

    /// Runs a script under limits, and gives what is told of it.
    #[track_caller]
    fn told(&self, follower: &Running, limits: &[&str], script: &str, code: i32) -> Vec<Value> {
        let run = self.run(ID, limits, script).output().unwrap();
        Outcome::from(run).assert_code(code);
        let story = story(follower);
        assert_eq!(story[0]["event"], "started", "{story:?}");
        assert_eq!(story.last().unwrap()["code"], code, "{story:?}");
        assert!(story.iter().all(|event| event["app"] == ID), "{story:?}");
        story
    }
}

struct Neighbour {
    running: Running,
    number: String,
    place: PathBuf,
}

/// Everything that is told of one run, up to its end.
fn story(follower: &Running) -> Vec<Value> {
    let mut story: Vec<Value> = Vec::new();
    loop {
        let event: Value = serde_json::from_str(&follower.line()).unwrap();
        let ended = event["event"] == "ended";
        story.push(event);
        if ended {
            return story;
        }
    }
}

fn find<'a>(story: &'a [Value], key: &str, value: &str) -> &'a Value {
    let found = story.iter().find(|event| event[key] == value);
    found.unwrap_or_else(|| panic!("no {key} {value} in {story:?}"))
}

#[test]
fn an_app_that_is_gone_at_once_has_its_story_told() {
    needs!(MemoryLimit, PidsLimit);
    let scene = Scene::new();
    let neighbour = scene.neighbour();
    // looks are far apart: what is told was kept by those who wait for the apps
    let follower = scene.follow(&["--interval=3600000"], &neighbour);
    for _ in 0..5 {
        let story = scene.told(&follower, &[], "exit 3", 3);
        assert_eq!(story.len(), 2, "{story:?}");
    }
    for _ in 0..3 {
        // the kernel kills one process; the app goes on, and ends with its own code
        let limits = ["--memory-max=32M"];
        let story = scene.told(&follower, &limits, "tail /dev/zero; exit 7", 7);
        let oom = find(&story, "event", "oom");
        assert_eq!(
            (oom["kills"].as_u64(), oom["limit"].as_u64()),
            (Some(1), Some(32 << 20))
        );
        assert!(oom["peak"].as_u64() > Some(16 << 20), "{oom}");
    }
    let story = scene.told(&follower, &["--memory-max=32M"], "exec tail /dev/zero", 137);
    assert_eq!(find(&story, "event", "oom")["kills"], 1);
    let forks = "(for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1 & done) 2>/dev/null; exit 4";
    let story = scene.told(&follower, &["--pids-max=6"], forks, 4);
    let limit = find(&story, "limit", "pids-max");
    assert!(limit["times"].as_u64() > Some(0), "{limit}");
}

#[test]
fn two_followers_are_told_the_same_and_leave_nothing() {
    needs!(MemoryLimit);
    let scene = Scene::new();
    let neighbour = scene.neighbour();
    let first = scene.follow(&[], &neighbour);
    let second = scene.follow(&[ID], &neighbour);
    // the second has begun for certain when both were told of one run
    let story = scene.told(&first, &["--memory-max=32M"], "exec tail /dev/zero", 137);
    let strip = |story: Vec<Value>| -> Vec<String> {
        let facts = story.into_iter().map(|mut event| {
            event["time"].take();
            event.to_string()
        });
        facts
            .filter(|event| !event.contains("limit\":\"") && !event.contains("pressure"))
            .collect()
    };
    assert_eq!(strip(story), strip(self::story(&second)));
    let Neighbour { running, place, .. } = neighbour;
    drop(running);
    assert!(!place.exists());
    let ended: Value = serde_json::from_str(&first.line()).unwrap();
    assert_eq!(
        (ended["event"].as_str(), ended["app"].as_str()),
        (Some("ended"), Some(NEIGHBOUR))
    );
}

#[test]
fn one_instance_is_followed_to_its_end() {
    let scene = Scene::new();
    let neighbour = scene.neighbour();
    let number = neighbour.number.as_str();
    let follower = scene.follow(&[number], &neighbour);
    scene.flatrack(&["kill", number]).assert_success();
    let story = story(&follower);
    assert_eq!(story.len(), 1, "{story:?}");
    assert_eq!(story[0]["code"], 137);
    follower.end().assert_success();
    scene
        .flatrack(&["events", number])
        .assert_refused(&["runs"]);
}

#[test]
fn a_waiter_that_is_killed_leaves_an_end_without_a_code() {
    let scene = Scene::new();
    let neighbour = scene.neighbour();
    let follower = scene.follow(&[], &neighbour);
    // by then it has met the neighbour too
    scene.told(&follower, &[], "exit 0", 0);
    neighbour.running.signal("KILL");
    let story = story(&follower);
    assert_eq!(story.len(), 1, "{story:?}");
    assert!(story[0].get("code").is_none(), "{story:?}");
}

#[test]
fn limits_that_hold_an_app_back_and_what_it_waits_for_are_told_while_it_runs() {
    needs!(Root, CpuLimit);
    let scene = Scene::new();
    let neighbour = scene.neighbour();
    let follower = scene.follow(&["--interval=200", "--pressure=5"], &neighbour);
    let busy = scene.run(ID, &["--cpu-max=10%"], "echo up; while :; do :; done");
    let _busy = Running::start(busy);
    let mut wanted = vec!["\"limit\":\"cpu-max\"", "\"resource\":\"cpu\""];
    while !wanted.is_empty() {
        let line = follower.line();
        wanted.retain(|part| !line.contains(part));
    }
}
