//! What this program has loaded into the kernel.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flatrack_perms::AppId;
use flatrack_spec::apparmor::{self, Profile, profile_name};
use rustix::fs::FlockOperation;
use serde::{Deserialize, Serialize};

use super::cache::Cache;
use super::parser::{self, Do, Input};
use super::{Kernel, Loaded, in_use};
use crate::{Error, State};

/// Two starts at once load one after the other; a start waits no longer than this for the other's parser.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// In the names of profiles of containers, whose ids are the engine's to choose.
pub(crate) const OF_A_POD: &str = "+pod.";

/// What was loaded.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    text: String,
    /// the kernel's digest of it, which tells whether somebody else loaded another since
    digest: String,
    /// where the app is installed: the profile is of no use once that is gone
    #[serde(default)]
    app: PathBuf,
}

/// What was loaded by this program. Only root has one. Locked while it exists.
#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    /// only makes it faster
    cache: Option<Cache>,
    lock: fs::File,
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
        Ok(Self {
            dir,
            cache: Cache::open(state).ok(),
            lock,
        })
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
    pub(crate) fn load(&self, profile: &Profile, app: &Path, kernel: &Kernel) -> Result<(), Error> {
        let text = profile.to_string();
        let app = app.to_owned();
        let wanted = profile.mode.as_str();
        let is_there = |found: &Loaded| {
            self.entry(&profile.name).is_some_and(|entry| {
                entry.text == text && entry.digest == found.digest && entry.app == app
            }) && found.mode == wanted
        };
        if kernel
            .find(&profile.name)
            .is_some_and(|found| is_there(&found))
        {
            return Ok(());
        }
        // known before the kernel has it, so that it is found again however this ends
        let begun = Entry {
            text: String::new(),
            digest: String::new(),
            app: app.clone(),
        };
        self.write(&self.path(&profile.name), &begun)?;
        if let Err(error) = self.compile(profile, &text, kernel) {
            if kernel.find(&profile.name).is_none() {
                drop(fs::remove_file(self.path(&profile.name)));
            }
            return Err(error);
        }
        match kernel.find(&profile.name) {
            Some(found) if found.mode == wanted => {
                let digest = found.digest;
                self.write(&self.path(&profile.name), &Entry { text, digest, app })
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

    /// Has the parser load a text; from its cache, if it is not for one instance only.
    fn compile(&self, profile: &Profile, text: &str, kernel: &Kernel) -> Result<(), Error> {
        let features = kernel.features();
        let lasts = !profile.name.contains('+');
        if let (true, Some(cache)) = (lasts, &self.cache)
            && let Ok(file) = cache.put(&profile.name, text)
        {
            let (file, cache) = (file.as_path(), cache.made());
            let input = Input::Cached { file, cache };
            return parser::run(Do::Replace, input, &features, &self.lock);
        }
        parser::run(Do::Replace, Input::Pipe(text), &features, &self.lock)
    }

    /// Removes a profile from the kernel.
    ///
    /// # Errors
    /// The parser or the kernel refuses.
    pub(crate) fn unload(&self, name: &str, kernel: &Kernel) -> Result<(), Error> {
        let path = self.path(name);
        if kernel.find(name).is_some() {
            let text = format!("profile {} {{\n}}\n", apparmor::quoted(name.as_ref()));
            let input = Input::Pipe(&text);
            parser::run(Do::Remove, input, &kernel.features(), &self.lock)?;
        }
        if let Some(cache) = &self.cache {
            cache.forget(name);
        }
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Io { path, source })
            }
            _ => Ok(()),
        }
    }

    /// Removes the profiles of apps that are gone, unless something runs under them still.
    ///
    /// # Errors
    /// As [`Store::unload`].
    pub(crate) fn forget_apps(&self, kernel: &Kernel) -> Result<(), Error> {
        for name in self.names() {
            let is_gone = |entry: &Entry| entry.app.is_absolute() && !entry.app.exists();
            if self.entry(&name).as_ref().is_some_and(is_gone) && !in_use::is(&name) {
                self.unload(&name, kernel)?;
            }
        }
        Ok(())
    }

    pub(super) fn forget_instances(&self, state: &State, kernel: &Kernel) -> Result<(), Error> {
        let numbers = state.numbers();
        for name in self.names() {
            // a container's name may end as an instance's does
            let instance = name.rsplit_once('+').filter(|_| !name.contains(OF_A_POD));
            let number = instance.and_then(|(_, n)| n.parse().ok());
            if number.is_some_and(|number| !numbers.contains(&number)) {
                self.unload(&name, kernel)?;
            }
        }
        Ok(())
    }

    /// Names of the profiles that this program loaded.
    pub(super) fn names(&self) -> Vec<String> {
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

    pub(super) fn write(&self, path: &Path, value: &impl Serialize) -> Result<(), Error> {
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

/// Every generated profile of an app that this program loaded.
pub(crate) fn names_of(store: &Store, id: &AppId) -> Vec<String> {
    let own = profile_name(id);
    let single = format!("{own}+");
    let mut names = store.names();
    names.retain(|name| *name == own || name.starts_with(&single));
    names
}
