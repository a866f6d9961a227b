//! Generated profiles into the kernel and out of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flatrack_perms::AppId;
use flatrack_spec::Plan;
use flatrack_spec::apparmor::{self, Label, Profile, profile_name};
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use super::decide::Generated;
use super::inherited::inherited;
use super::parser::{self, Do};
use super::{Confinement, Kernel, Loaded};
use crate::instance::Claim;
use crate::{Error, Machine, State};

/// Two starts at once load one after the other; a start waits no longer than this for the other's parser.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// In an instance's directory: the generated profile that it runs under.
const MARK: &str = "apparmor.json";

/// What was loaded: the text, and the kernel's digest of it, which tells whether somebody else loaded another since.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    text: String,
    digest: String,
}

/// What an instance runs under.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    name: String,
    text: String,
}

/// What was loaded by this program. Only root has one. Locked while it exists.
#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    _lock: fs::File,
}

impl Store {
    /// Opens and locks it.
    ///
    /// # Errors
    /// It cannot be used, or another start holds it for too long.
    pub(crate) fn open(state: &State) -> Result<Self, Error> {
        let dir = state.apparmor()?;
        let path = dir.join("lock");
        let io = |source| Error::Io {
            path: path.clone(),
            source,
        };
        let lock = fs::File::create(&path).map_err(io)?;
        let deadline = Instant::now() + LONGEST_WAIT;
        loop {
            match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(rustix::io::Errno::WOULDBLOCK) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => return Err(io(error.into())),
            }
        }
        Ok(Self { dir, _lock: lock })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.json"))
    }

    fn entry(&self, name: &str) -> Option<Entry> {
        serde_json::from_slice(&fs::read(self.path(name)).ok()?).ok()
    }

    /// Loads a profile unless the kernel has this very text already.
    ///
    /// # Errors
    /// The parser or the kernel refuses, or the kernel does not show it afterwards.
    pub(crate) fn load(&self, profile: &Profile, kernel: &Kernel) -> Result<(), Error> {
        let text = profile.to_string();
        let wanted = profile.mode.as_str();
        let is_there = |found: &Loaded| {
            self.entry(&profile.name)
                .is_some_and(|entry| entry.text == text && entry.digest == found.digest)
                && found.mode == wanted
        };
        if kernel
            .find(&profile.name)
            .is_some_and(|found| is_there(&found))
        {
            return Ok(());
        }
        parser::run(Do::Replace, &text, &kernel.features())?;
        match kernel.find(&profile.name) {
            Some(found) if found.mode == wanted => {
                let digest = found.digest;
                self.write(&self.path(&profile.name), &Entry { text, digest })
            }
            found => {
                let shown = found.map_or("nothing".to_owned(), |found| found.mode);
                let message = format!(
                    "the kernel shows `{shown}` for the AppArmor profile `{}` that was just loaded",
                    profile.name
                );
                Err(Error::request(message, None))
            }
        }
    }

    /// Removes a profile from the kernel.
    ///
    /// # Errors
    /// The parser or the kernel refuses.
    pub(crate) fn unload(&self, name: &str, kernel: &Kernel) -> Result<(), Error> {
        let path = self.path(name);
        if kernel.find(name).is_some() {
            let text = format!("profile {} {{\n}}\n", apparmor::quoted(name.as_ref()));
            parser::run(Do::Remove, &text, &kernel.features())?;
        }
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Io { path, source })
            }
            _ => Ok(()),
        }
    }

    fn forget_instances(&self, state: &State, kernel: &Kernel) -> Result<(), Error> {
        let numbers = state.numbers();
        for name in self.names() {
            let number = name.rsplit_once('+').and_then(|(_, n)| n.parse().ok());
            if number.is_some_and(|number| !numbers.contains(&number)) {
                self.unload(&name, kernel)?;
            }
        }
        Ok(())
    }

    /// Names of the profiles that this program loaded.
    fn names(&self) -> Vec<String> {
        fs::read_dir(&self.dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                Some(
                    entry
                        .file_name()
                        .to_str()?
                        .strip_suffix(".json")?
                        .to_owned(),
                )
            })
            .collect()
    }

    fn write(&self, path: &Path, value: &impl Serialize) -> Result<(), Error> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let json = serde_json::to_vec(value).map_err(|error| io(error.into()))?;
        let temporary = path.with_extension("tmp");
        fs::write(&temporary, json).map_err(io)?;
        fs::rename(&temporary, path).map_err(io)
    }
}

/// Makes the profile from the plan, loads it, and puts the label into the plan.
///
/// # Errors
/// As [`Store::load`].
pub(crate) fn confine(
    plan: &mut Plan,
    id: &AppId,
    confinement: &Confinement,
    claim: &Claim,
    machine: &Machine,
) -> Result<Option<PathBuf>, Error> {
    if confinement.generated != Some(Generated::Load) {
        return Ok(None);
    }
    // a terminal of the app's own is no file of the caller's
    let inherited = if plan.terminal {
        Vec::new()
    } else {
        inherited()
    };
    let kernel = Kernel::probe().map_err(|why| Error::request(why, None))?;
    let store = Store::open(&machine.state)?;
    store.forget_instances(&machine.state, &kernel)?;
    let mut profile = apparmor::profile(plan, id, confinement.mode, &inherited);
    if others_run_under_another(&profile, claim.number, &machine.state) {
        // what runs keeps the profile that it started with
        let name = format!("{}+{}", profile.name, claim.number);
        profile = apparmor::profile_named(plan, name, confinement.mode, &inherited);
    }
    store.load(&profile, &kernel)?;
    let mark = claim.dir().join(MARK);
    let named = confinement.named.iter().cloned();
    plan.apparmor = Label::new(named.chain([profile.name.clone()]));
    let text = profile.to_string();
    let name = profile.name;
    store.write(&mark, &Mark { name, text })?;
    Ok(Some(mark))
}

/// Whether another instance is there whose profile has this name and another text.
fn others_run_under_another(profile: &Profile, me: u32, state: &State) -> bool {
    let text = profile.to_string();
    state
        .numbers()
        .into_iter()
        .filter(|number| *number != me && state.has_monitor(*number))
        .filter_map(|number| {
            let bytes = fs::read(state.dir(number).join(MARK)).ok()?;
            serde_json::from_slice::<Mark>(&bytes).ok()
        })
        .any(|mark| mark.name == profile.name && mark.text != text)
}

/// Removes the profiles of single instances that are gone.
///
/// # Errors
/// As [`Store::unload`].
pub(crate) fn forget_instances(machine: &Machine) -> Result<(), Error> {
    match Kernel::probe() {
        Ok(kernel) if machine.facts.privileged => {
            Store::open(&machine.state)?.forget_instances(&machine.state, &kernel)
        }
        _ => Ok(()),
    }
}

/// Every generated profile of an app that this program loaded.
pub(crate) fn names_of(store: &Store, id: &AppId) -> Vec<String> {
    let own = profile_name(id);
    let single = format!("{own}+");
    let mut names = store.names();
    names.retain(|name| *name == own || name.starts_with(&single));
    names
}
