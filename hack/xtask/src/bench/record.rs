//! What flatpak tells bwrap: recorded from a real run, to be replayed without flatpak.
//!
//! The recorded app stays alive while the replays run, because flatpak removes an instance's directories soon after
//! its end and the recorded mounts would have no source.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use flatrack_testbed::{HELLO, Testbed};

use super::job::{Job, Word};
use super::process::Herd;
use crate::Result;

/// Options of bwrap whose next word is a descriptor to read data from.
const DATA: [&str; 5] = [
    "--file",
    "--bind-data",
    "--ro-bind-data",
    "--seccomp",
    "--add-seccomp-fd",
];
/// Options whose next word is a descriptor of something to mount.
const MOUNT: [&str; 3] = ["--bind-fd", "--ro-bind-fd", "--dev-bind-fd"];
/// Options whose next word is a descriptor to report to, or to wait on: nobody listens, and nothing holds it up.
const TALK: [&str; 5] = [
    "--sync-fd",
    "--info-fd",
    "--json-status-fd",
    "--block-fd",
    "--userns-block-fd",
];

/// Saves arguments, and content and place of inherited files, then is bwrap. Reading through `/proc` moves no offset.
const RECORDER: &str = r#"#!/bin/bash
out=${0%/*}
for fd in /proc/$$/fd/*; do
    number=${fd##*/}
    [ -e "$fd" ] || continue
    [ ! -f "$fd" ] || cat "$fd" >"$out/fd-$number"
    ln -sfn "$(readlink "$fd")" "$out/place-$number"
done
printf '%s\0' "$@" >"$out/arguments.part"
mv "$out/arguments.part" "$out/arguments"
exec bwrap "$@"
"#;

/// A recorded command line, and the running app that keeps its directories.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) job: Job,
    _app: Herd,
}

/// Records `flatpak run` of the first app, and puts `command` in the place of its own.
pub(crate) fn bwrap(bed: &Testbed, command: &str) -> Result<Recording> {
    let dir = bed.root().join("record");
    fs::create_dir(&dir)?;
    let script = dir.join("bwrap");
    fs::write(&script, RECORDER)?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let mut flatpak = bed.command(
        "flatpak",
        ["run", "--no-session-bus", "--command=sleep", HELLO, "900"],
    );
    let mut app = Herd::default();
    app.start(flatpak.env("FLATPAK_BWRAP", &script))?;
    let arguments = wait_for(&dir.join("arguments"))?;
    let mut job = Job::from(&bed.command("bwrap", Vec::<&str>::new()));
    job.words = words(&dir, &arguments, command)?;
    app.wait_until_asleep(Duration::from_secs(20))?;
    Ok(Recording { job, _app: app })
}

fn wait_for(file: &Path) -> Result<Vec<String>> {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if file.exists() {
            return split(&fs::read(file)?);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err("flatpak did not start bwrap".into())
}

fn split(bytes: &[u8]) -> Result<Vec<String>> {
    let text = String::from_utf8(bytes.to_vec())?;
    Ok(text.split_terminator('\0').map(str::to_owned).collect())
}

/// The recorded arguments, with `--args FD` spelled out and saved files in the place of descriptors.
fn words(dir: &Path, recorded: &[String], command: &str) -> Result<Vec<Word>> {
    let saved = |number: &str| dir.join(format!("fd-{number}"));
    let mut flat = Vec::new();
    let mut rest = recorded.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--args" => flat.extend(split(&fs::read(saved(rest.next().map_or("", |n| n)))?)?),
            _ => flat.push(word.clone()),
        }
    }
    let own = flat
        .iter()
        .rposition(|word| word == "sleep")
        .ok_or("the recorded command is not there")?;
    flat.truncate(own);
    let mut words: Vec<Word> = Vec::new();
    let mut before = String::new();
    for word in flat {
        let option = before.as_str();
        words.push(if DATA.contains(&option) {
            Word::Descriptor(saved(&word))
        } else if MOUNT.contains(&option) {
            Word::Descriptor(fs::read_link(dir.join(format!("place-{word}")))?)
        } else if TALK.contains(&option) {
            Word::Descriptor(PathBuf::from("/dev/null"))
        } else {
            Word::Text(word.clone())
        });
        before = word;
    }
    words.push(Word::Text(command.to_owned()));
    Ok(words)
}

/// Whether bwrap can be replayed at all.
pub(crate) fn available() -> bool {
    Command::new("bwrap")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}
