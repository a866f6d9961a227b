//! The tools to compare with, each running `/bin/true` of the same runtime.

use std::fs;
use std::path::Path;

use flatrack_testbed::{Bus, Capability, HELLO, Testbed};
use serde_json::Value;

use super::job::Job;
use super::lane::Lane;
use super::record::{self, Recording};
use crate::Result;

const TRUE: &str = "/bin/true";

/// The name of flatrack's own row.
pub(crate) const FLATRACK: &str = "flatrack run";
/// The row that start-up times are compared with first.
pub(crate) const FLATPAK: &str = "flatpak run";
/// The row that they are compared with second.
pub(crate) const CRUN: &str = "crun run";

/// A tool with a command line, and where it runs.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) note: String,
    pub(crate) job: Job,
    pub(crate) lane: Lane,
    // keeps the directories of a recorded run
    _recording: Option<Recording>,
}

impl Peer {
    fn new(name: &'static str, note: String, job: Job, lane: Lane) -> Self {
        Self {
            name,
            note,
            job,
            lane,
            _recording: None,
        }
    }
}

/// Every tool that is there, and a line for each that is not.
pub(crate) fn all(bed: &Testbed, bus: Option<&Bus<'_>>) -> Result<(Vec<Peer>, Vec<String>)> {
    let mut skipped = Vec::new();
    let limits = super::limits();
    let command = format!("--command={TRUE}");
    let mut run = vec!["run"];
    run.extend(&limits);
    run.extend([command.as_str(), HELLO]);
    let flatrack = Job::from(&bed.flatrack_command(run));
    let flatpak = bed.command("flatpak", ["run", "--no-session-bus", &command, HELLO]);
    let mut peers = vec![
        Peer::new(FLATRACK, noted(&limits), flatrack, Lane::Machine),
        Peer::new(
            FLATPAK,
            "no session bus, no limits".into(),
            Job::from(&flatpak),
            Lane::Machine,
        ),
    ];
    match bus {
        Some(bus) => peers.extend(with_bus(bus, &limits)),
        None => skipped.push("skipped: no bus: install dbus-daemon and xdg-dbus-proxy".to_owned()),
    }
    if record::available() {
        let recording = record::bwrap(bed, TRUE)?;
        let mut peer = Peer::new(
            "bwrap",
            "flatpak's arguments".into(),
            recording.job.clone(),
            Lane::Machine,
        );
        peer._recording = Some(recording);
        peers.push(peer);
    } else {
        skipped.push("skipped: install bubblewrap".to_owned());
    }
    for (capability, name) in [(Capability::Crun, CRUN), (Capability::Runc, "runc run")] {
        match capability.probe().and_then(|()| Capability::Root.probe()) {
            Ok(()) => peers.push(runtime(bed, name, capability.keyword(), &limits)?),
            Err(why) => skipped.push(format!("skipped: {}: {why}", capability.keyword())),
        }
    }
    Ok((peers, skipped))
}

/// The two that give an app a filtered session bus.
fn with_bus(bus: &Bus<'_>, limits: &[&str]) -> [Peer; 2] {
    let (command, name) = (
        format!("--command={TRUE}"),
        "--talk-name=org.flatrack.bench.Echo",
    );
    let mut words = vec!["run", name];
    words.extend(limits);
    words.extend([command.as_str(), HELLO]);
    let flatrack = bus.flatrack_command(words);
    let flatpak = bus.command("flatpak", ["run", name, &command, HELLO]);
    let note = |text: &str| format!("filtered session bus, {text}");
    [
        Peer::new(
            "flatrack run, bus",
            note(&noted(limits)),
            Job::from(&flatrack),
            Lane::Machine,
        ),
        Peer::new(
            "flatpak run, bus",
            note("no limits"),
            Job::from(&flatpak),
            Lane::Machine,
        ),
    ]
}

/// crun or runc on the bundle that flatrack exports.
fn runtime(bed: &Testbed, name: &'static str, tool: &str, limits: &[&str]) -> Result<Peer> {
    let bundle = bed.root().join(format!("bundle-{tool}"));
    let command = format!("--command={TRUE}");
    let mut words = vec!["bundle"];
    words.extend(limits);
    words.extend([command.as_str(), HELLO]);
    let mut export = bed.flatrack_command(words);
    crate::tool::succeed(export.arg(&bundle))?;
    let state = bed.runtime_dir().join(format!("state-{tool}"));
    let args = [
        Path::new("--root"),
        &state,
        Path::new("run"),
        Path::new("--bundle"),
        &bundle,
    ];
    let mut command = bed.command(tool, args);
    command.arg(format!("bench-{tool}-{}", std::process::id()));
    let mut note = noted(limits);
    let mut lane = Lane::Machine;
    if tool == "crun" {
        lane = Lane::unified()?;
        if matches!(lane, Lane::Unified { .. }) {
            without_limits(&bundle.join("config.json"))?;
            note = "no limits: no v2 controllers here".to_owned();
        }
    }
    Ok(Peer::new(name, note, Job::from(&command), lane))
}

fn noted(limits: &[&str]) -> String {
    if limits.is_empty() {
        return "no limits: no controllers here".to_owned();
    }
    limits
        .iter()
        .map(|one| one.trim_start_matches("--"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Takes out what needs a controller: with cgroup v2 beside v1 the controllers are all on v1. Rules for devices go
/// too: to load their program some versions of crun raise a limit, which not every root may.
fn without_limits(config: &Path) -> Result {
    let mut document: Value = serde_json::from_str(&fs::read_to_string(config)?)?;
    if let Some(linux) = document
        .pointer_mut("/linux")
        .and_then(Value::as_object_mut)
    {
        linux.remove("resources");
    }
    Ok(fs::write(config, serde_json::to_string_pretty(&document)?)?)
}
