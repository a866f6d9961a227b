//! The linker's cache: made once for an app with its runtime and extensions, by the runtime's own `ldconfig`.
//!
//! `ldconfig` is a program that somebody else wrote, reading libraries that somebody else wrote: it runs in a sandbox
//! with no network, no permission, no environment of the caller's, no terminal, and one directory to write to, under an
//! AppArmor profile made of just that. What it leaves there is looked at, copied, and only then used. No app ever has
//! the copy but read-only.
//!
//! ```text
//! STATE/cache/ld.so/HASH/{key,ld.so.cache}     a directory that appears whole or not at all
//! ```

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use flatrack_perms::{AppArmor, Conditions, Grant, Layer, LayerStack, Limit, Policy, Source};
use flatrack_perms::{Rlimit, RlimitKind};
use flatrack_spec::{Deployment, Input, LINKER_CACHE, Launch, Linker, LinkerCache, Tree};
use rustix::fs::OFlags;

use crate::apparmor::{Step, confine_step};
use crate::bundle::Prepared;
use crate::host::RealHost;
use crate::instance::Claim;
use crate::pin::Pins;
use crate::{Error, Machine, supervise};

/// The largest cache accepted; that of a whole desktop has less than one MiB.
const LIMIT: u64 = 16 << 20;

/// How long the runtime's `ldconfig` may take, in milliseconds.
const PATIENCE: u32 = 10_000;

/// What caches start with, by the linkers that write them.
const MAGIC: [&[u8]; 2] = [b"glibc-ld.so.cache1.1", b"ld.so-1.7.0"];

/// How many are kept; the oldest go first.
const KEPT: usize = 64;

/// How libraries of this app are found, without making anything: the cache may be yet to be made.
pub(crate) fn plan_for(deployment: &Deployment, machine: &Machine) -> Linker {
    let Some(key) = key(deployment) else {
        return Linker::Paths;
    };
    let usr = &deployment.usr.path;
    let is_file = |path: PathBuf| fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    if !is_file(usr.join("bin/ldconfig")) {
        return Linker::Paths;
    }
    let configure = match fs::symlink_metadata(usr.join("etc/ld.so.conf")) {
        Ok(found) => found.is_file() && found.len() == 0,
        Err(_) => true,
    };
    let path = directory(machine, &key).join(LINKER_CACHE);
    Linker::Cache(LinkerCache { path, configure })
}

/// The same with the cache made, unless it is there. Two that start at once both make it; one is kept.
///
/// # Errors
/// Why there is none; the app then runs without.
pub(crate) fn make(
    deployment: &Deployment,
    launch: &Launch,
    claim: &Claim,
    machine: &Machine,
) -> Result<(), Error> {
    let (Linker::Cache(_), Some(key)) = (&launch.linker, key(deployment)) else {
        return Ok(());
    };
    let directory = directory(machine, &key);
    if is_usable(&directory, &key, machine.facts.user.uid) {
        return Ok(());
    }
    let output = claim.dir().join("ld.so");
    make_dir(&output)?;
    let made = run(deployment, launch, &output, claim, machine)
        .and_then(|()| keep(&output, &directory, &key));
    drop(fs::remove_dir_all(&output));
    made
}

/// What the cache depends on; none if one of the trees can change under its name.
fn key(deployment: &Deployment) -> Option<String> {
    let trees: Vec<&Tree> = deployment.app.iter().chain([&deployment.usr]).collect();
    let commits = trees.iter().flat_map(|tree| {
        let extensions = tree.extensions.iter().map(|one| &one.commit);
        extensions.chain([&tree.commit])
    });
    let mut commits = commits.map(|commit| commit.as_bytes());
    let is_commit = |commit: &[u8]| !commit.is_empty() && commit.iter().all(u8::is_ascii_hexdigit);
    if !commits.all(is_commit) {
        return None;
    }
    let mut key = format!("1\n{}\n", deployment.id);
    for tree in trees {
        key += &format!("{}\n{}\n", tree.commit, tree.extension_list());
    }
    Some(key)
}

fn directory(machine: &Machine, key: &str) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    let name = format!("{:016x}", hasher.finish());
    machine.state.cache().join("ld.so").join(name)
}

/// Whether a directory of ours has a cache for exactly this key.
fn is_usable(directory: &Path, key: &str, uid: u32) -> bool {
    let is_ours = fs::symlink_metadata(directory)
        .is_ok_and(|found| found.is_dir() && found.uid() == uid && found.mode() & 0o022 == 0);
    is_ours
        && fs::read(directory.join("key")).is_ok_and(|found| found == key.as_bytes())
        && read(&directory.join(LINKER_CACHE)).is_ok()
}

/// Runs the runtime's `ldconfig` in a sandbox of its own.
fn run(
    deployment: &Deployment,
    launch: &Launch,
    output: &Path,
    claim: &Claim,
    machine: &Machine,
) -> Result<(), Error> {
    let mut layer = Layer::new(Source::App);
    for (kind, most) in [(RlimitKind::Fsize, LIMIT), (RlimitKind::Core, 0)] {
        let limit = Rlimit {
            soft: Some(most),
            hard: Some(most),
        };
        layer.push(Grant::Limit(Limit::Rlimit(kind, limit)));
    }
    let (resolved, _) =
        LayerStack::new(vec![layer]).resolve(&Conditions::default(), &Policy::default())?;
    let mut facts = machine.facts.clone();
    facts.environment.clear();
    let launch = Launch {
        terminal: false,
        window: None,
        cgroup: None,
        ..launch.clone()
    };
    let input = Input {
        resolved: &resolved,
        deployment,
        launch: &launch,
        facts: &facts,
        host: &RealHost,
    };
    let mut plan = flatrack_spec::plan_linker_cache(&input, output)?;
    let _profile = confine_step(
        Step::Linker,
        &mut plan,
        &deployment.id,
        &AppArmor::default(),
        claim,
        machine,
    )?;
    let mut written = Prepared::new(&plan, machine, Pins::new())?
        .write(&claim.dir().join("linker"), &deployment.arch)?;
    match supervise::run_quietly(&mut written, claim, machine, PATIENCE)? {
        Some(0) => Ok(()),
        Some(code) => Err(failed(format!("ended with exit code {code}"))),
        None => Err(failed(format!("took longer than {} s", PATIENCE / 1000))),
    }
}

/// Copies what was made into the cache: no file that was ever writable in a sandbox is used.
fn keep(output: &Path, directory: &Path, key: &str) -> Result<(), Error> {
    let bytes = read(&output.join(LINKER_CACHE)).map_err(|error| failed(error.to_string()))?;
    let io = |source| Error::Io {
        path: directory.to_owned(),
        source,
    };
    let Some(all) = directory.parent() else {
        return Ok(());
    };
    match fs::DirBuilder::new().mode(0o700).create(all) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(io(error)),
        _ => {}
    }
    let temporary = output.with_extension("new");
    make_dir(&temporary)?;
    write(&temporary.join("key"), key.as_bytes()).map_err(io)?;
    write(&temporary.join(LINKER_CACHE), &bytes).map_err(io)?;
    if fs::rename(&temporary, directory).is_err() {
        // a directory that is not empty stays: another start was first, or what is there cannot be used
        if is_usable(directory, key, rustix::process::getuid().as_raw()) {
            drop(fs::remove_dir_all(&temporary));
            return Ok(());
        }
        drop(fs::remove_dir_all(directory));
        fs::rename(&temporary, directory).map_err(io)?;
    }
    forget_oldest(all);
    Ok(())
}

/// Reads a file that looks like a linker's cache.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options()
        .read(true)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)
        .map_err(|_| io::Error::other("wrote no cache"))?;
    let found = file.metadata()?;
    if !found.is_file() || found.len() > LIMIT {
        return Err(io::Error::other("wrote something else than a cache"));
    }
    let mut bytes = Vec::new();
    file.take(LIMIT).read_to_end(&mut bytes)?;
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        Ok(bytes)
    } else {
        Err(io::Error::other("wrote something else than a cache"))
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o444)
        .open(path)?;
    file.write_all(bytes)
}

/// A cache in use stays mounted when its name goes.
fn forget_oldest(all: &Path) {
    let Ok(entries) = fs::read_dir(all) else {
        return;
    };
    let mut by_age: Vec<_> = entries
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    by_age.sort();
    for (_, path) in by_age.iter().rev().skip(KEPT) {
        drop(fs::remove_dir_all(path));
    }
}

fn failed(what: String) -> Error {
    Error::request(format!("the runtime's `ldconfig` {what}"), None)
}

fn make_dir(path: &Path) -> Result<(), Error> {
    fs::DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })
}
