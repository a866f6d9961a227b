//! What happens to running apps: they start and end, run into limits, are killed for memory, wait.
//!
//! Nothing is lost between two looks, however short an app lives: who follows leaves a file in each instance's directory, and whoever
//! waits for the app writes its exit code and the kernel's counters into it before the cgroup is removed.

mod change;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::{Duration, Instant, SystemTime};

use flatrack_engine::Status;
use flatrack_engine::cgroup::{Cgroup, Counts, Pressure};
use serde::{Serialize, Serializer};

use crate::control::matching;
use crate::supervise::container;
use crate::{Error, Machine};
use watch::Watch;

/// Looks are at least so far apart, however much happens.
const PAUSE: Duration = Duration::from_millis(20);
/// An app that has ended is given so long for its last words.
const PATIENCE: Duration = Duration::from_secs(3);

/// Something that happened to an app.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// when it was seen
    #[serde(serialize_with = "rfc3339")]
    pub time: SystemTime,
    /// number of the instance
    pub instance: u32,
    /// the app
    pub app: String,
    /// what
    #[serde(flatten)]
    pub what: Happening,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Happening {
    /// The app has started.
    Started {
        /// its limits, as written
        limits: Vec<String>,
    },
    /// The kernel killed for memory.
    Oom {
        /// processes killed
        kills: u64,
        /// the limit, in bytes
        limit: Option<u64>,
        /// the most memory used so far, in bytes
        peak: Option<u64>,
    },
    /// A limit held something back.
    Limit {
        /// its key in `[X-Resources]`
        limit: &'static str,
        /// how often since the last look
        times: u64,
    },
    /// Something waited for what there is too little of.
    Pressure {
        /// `cpu`, `memory` or `io`
        resource: &'static str,
        /// share of the time since the last look
        percent: u8,
    },
    /// The app has ended.
    Ended {
        /// its exit code; absent if who waited for it was killed too
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<i32>,
    },
}

fn rfc3339<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&humantime::format_rfc3339_millis(*time))
}

/// What to follow.
#[derive(Debug, Clone)]
pub struct Follow {
    /// number of an instance, which is followed to its end, or an app's id; everything if absent
    pub name: Option<String>,
    /// time between two looks at limits and pressure; ends, and on cgroup v2 kills for memory, are told of at once
    pub interval: Duration,
    /// pressure is told of from this share of the time on, in percent
    pub pressure: u8,
}

/// Follows what happens.
#[derive(Debug)]
pub struct Follower {
    machine: Machine,
    follow: Follow,
    /// the one instance that is followed to its end
    only: Option<u32>,
    watch: Watch,
    instances: BTreeMap<u32, Instance>,
    /// whose story has been told, while their directories are still there
    told: BTreeSet<u32>,
    next_look: Instant,
}

/// An instance that is followed.
#[derive(Debug)]
struct Instance {
    listener: File,
    /// not known until its record is written
    app: Option<String>,
    limits: Vec<String>,
    cgroup: Cgroup,
    started: bool,
    /// since when it does not run any more
    stopped: Option<Instant>,
    /// what of kills has been told
    killed: Counts,
    /// the last look at the rest
    looked: Looked,
}

#[derive(Debug)]
struct Looked {
    at: Instant,
    counts: Counts,
    pressure: Pressure,
}

impl Follower {
    /// Begins: what happens from now on is told of.
    ///
    /// # Errors
    /// An instance was named that does not run; the kernel gives no watches.
    pub fn new(follow: Follow) -> Result<Self, Error> {
        let machine = Machine::probe()?;
        let only = follow.name.as_deref().and_then(|name| name.parse().ok());
        if let (Some(_), Some(name)) = (only, &follow.name) {
            matching(&machine, name)?;
        }
        let watch = Watch::new().map_err(|source| Error::Wait { source })?;
        let place = machine.state.instances();
        let watched = watch.directory(&place);
        watched.map_err(|source| Error::Io {
            path: place,
            source,
        })?;
        let mut follower = Self {
            next_look: Instant::now() + follow.interval,
            machine,
            follow,
            only,
            watch,
            instances: BTreeMap::new(),
            told: BTreeSet::new(),
        };
        // what runs already has happened
        drop(follower.look()?);
        for instance in follower.instances.values_mut() {
            let counts = instance.cgroup.counts();
            instance.killed = counts.clone();
            instance.looked.counts = counts;
        }
        Ok(follower)
    }

    fn wait(&mut self) -> Result<Vec<Event>, Error> {
        loop {
            let events = self.look()?;
            if !events.is_empty() || self.is_done() {
                return Ok(events);
            }
            std::thread::sleep(PAUSE);
            let until = self.next_look.saturating_duration_since(Instant::now());
            // one that has ended is asked again soon
            let ending = self.instances.values().any(|it| it.stopped.is_some());
            let until = if ending { until.min(PAUSE) } else { until };
            let waited = self.watch.wait(until);
            waited.map_err(|source| Error::Wait { source })?;
        }
    }

    fn is_done(&self) -> bool {
        self.only
            .is_some_and(|only| !self.instances.contains_key(&only))
    }

    fn look(&mut self) -> Result<Vec<Event>, Error> {
        let now = Instant::now();
        let due = now >= self.next_look;
        if due {
            self.next_look = now + self.follow.interval;
        }
        self.meet(now);
        let mut events = Vec::new();
        let mut ended = Vec::new();
        for (number, instance) in &mut self.instances {
            let mut happened = instance.look(*number, &self.machine, &self.watch, now)?;
            if due && instance.started && instance.stopped.is_none() {
                happened.extend(instance.sample(now, self.follow.pressure));
            }
            if instance.is_over(*number, &self.machine, now) {
                happened.extend(instance.end());
                ended.push(*number);
            }
            let app = instance.app.clone().unwrap_or_default();
            if self.follow.wants(&app, *number) {
                let time = SystemTime::now();
                events.extend(happened.into_iter().map(|what| Event {
                    time,
                    instance: *number,
                    app: app.clone(),
                    what,
                }));
            }
        }
        for number in ended {
            self.instances.remove(&number);
            self.told.insert(number);
        }
        Ok(events)
    }

    /// Listens to instances that are new.
    fn meet(&mut self, now: Instant) {
        let state = &self.machine.state;
        let numbers = state.numbers();
        self.told.retain(|told| numbers.contains(told));
        for number in numbers {
            if self.instances.contains_key(&number)
                || self.told.contains(&number)
                || self.only.is_some_and(|only| only != number)
                || !state.has_monitor(number)
            {
                continue;
            }
            // one that is gone again has nothing to tell
            if let Ok(listener) = listen(&state.listener(number)) {
                drop(self.watch.directory(&state.dir(number)));
                self.instances.insert(number, Instance::new(listener, now));
            }
        }
    }
}

/// Waits until something has happened; the end is that of the instance that was named.
impl Iterator for Follower {
    type Item = Result<Vec<Event>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.is_done()).then(|| self.wait())
    }
}

impl Follow {
    fn wants(&self, app: &str, number: u32) -> bool {
        self.name
            .as_ref()
            .is_none_or(|name| *name == app || *name == number.to_string())
    }
}

/// Makes the file for last words, or opens the one that another follower has made.
fn listen(path: &std::path::Path) -> std::io::Result<File> {
    File::options()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

impl Instance {
    fn new(listener: File, now: Instant) -> Self {
        Self {
            listener,
            app: None,
            limits: Vec::new(),
            cgroup: Cgroup::none(),
            started: false,
            stopped: None,
            killed: Counts::default(),
            looked: Looked {
                at: now,
                counts: Counts::default(),
                pressure: Pressure::default(),
            },
        }
    }

    /// Whether it has started, been killed in, or stopped.
    fn look(
        &mut self,
        number: u32,
        machine: &Machine,
        watch: &Watch,
        now: Instant,
    ) -> Result<Vec<Happening>, Error> {
        if self.app.is_none()
            && let Some(record) = machine.state.record(number)
        {
            self.app = Some(record.app);
            self.limits = record.limits;
        }
        let engine = machine.state.engine()?;
        let id = container(number)?;
        let status = flatrack_engine::info(&engine, &id).map(|info| info.status);
        if !matches!(status, Ok(Status::Running | Status::Paused)) {
            // without a status it has not begun, or has been removed
            if self.started || status.is_ok_and(|status| status == Status::Stopped) {
                self.stopped.get_or_insert(now);
            }
            return Ok(Vec::new());
        }
        let mut happened = Vec::new();
        if !self.started && self.app.is_some() {
            self.started = true;
            self.cgroup =
                flatrack_engine::cgroup_of(&engine, &id).unwrap_or_else(|_| Cgroup::none());
            for file in self.cgroup.count_files() {
                // v2 tells of changes; v1's files are looked at
                drop(watch.file(&file));
            }
            self.looked.at = now;
            self.looked.pressure = self.cgroup.pressure().unwrap_or_default();
            happened.push(self.started());
        }
        let counts = self.cgroup.counts();
        happened.extend(change::killed(&self.killed, &counts));
        self.killed = counts;
        Ok(happened)
    }

    fn started(&self) -> Happening {
        Happening::Started {
            limits: self.limits.clone(),
        }
    }

    /// Limits and pressure since the last look.
    fn sample(&mut self, now: Instant, percent: u8) -> Vec<Happening> {
        let counts = self.cgroup.counts();
        let pressure = self.cgroup.pressure().unwrap_or_default();
        let elapsed = now.saturating_duration_since(self.looked.at);
        let mut happened = change::hits(&self.looked.counts, &counts);
        happened.extend(change::pressure(
            &self.looked.pressure,
            &pressure,
            elapsed,
            percent,
        ));
        self.looked = Looked {
            at: now,
            counts,
            pressure,
        };
        happened
    }

    /// Whether everything is there that will be: its directory is gone, or nobody is left to speak.
    fn is_over(&self, number: u32, machine: &Machine, now: Instant) -> bool {
        let state = &machine.state;
        let patient = |since| now.saturating_duration_since(since) <= PATIENCE;
        !state.listener(number).exists()
            || !state.has_monitor(number)
            || self.stopped.is_some_and(|since| !patient(since))
    }

    /// The rest of its story.
    fn end(&mut self) -> Vec<Happening> {
        let mut words = String::new();
        // written by the waiter alone, from the kernel's own texts
        let read = self.listener.read_to_string(&mut words);
        let words = if read.is_ok() { words } else { String::new() };
        if !self.started && words.is_empty() {
            return Vec::new();
        }
        let line = |key: &str| words.lines().find_map(|line| line.strip_prefix(key));
        if self.app.is_none() {
            self.app = line("app ").map(str::to_owned);
        }
        let mut happened = Vec::new();
        if !self.started {
            happened.push(self.started());
        }
        let counts = Counts::from_texts(&words);
        happened.extend(change::killed(&self.killed, &counts));
        happened.extend(change::hits(&self.looked.counts, &counts));
        let code = line("exit ").and_then(|code| code.parse().ok());
        happened.push(Happening::Ended { code });
        happened
    }
}
