//! Places of the host's file system (`--filesystem`), and what is hidden of them.
//!
//! Every place becomes one or more paths in a map, where the highest rank wins. Links on the way are shown as
//! links and their targets are mapped instead. The map is then emitted in bytewise order, so parents come before
//! what lies in them.

mod host_parts;
mod paths;
mod reserved;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use flatrack_perms::{FsAccess, FsPlace, Granted, XdgDir};

use super::{Input, PlanError, granted};
use crate::{Access, FileKind, HostDir, Mount, Plan, Reason, What};
use paths::{normal, relative};
use reserved::{is_free, is_of_running_apps};

/// Entries of `/` that `host` leaves out.
const NOT_HOST: [&str; 17] = [
    "app", "bin", "boot", "dev", "efi", "etc", "lib", "lib32", "lib64", "proc", "root", "run",
    "sbin", "sys", "tmp", "usr", "var",
];

const MAX_LINKS: usize = 40;

/// What is shown at a path; a later one outranks an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    /// an empty directory, unless something shows it
    EnsureDir,
    Hidden,
    ReadOnly,
    ReadWrite,
    Link(PathBuf),
}

#[derive(Default)]
struct Exports {
    map: BTreeMap<Vec<u8>, (Shown, Reason)>,
}

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    let home = &input.facts.user.home;
    if !is_free(home) && home != Path::new("/") {
        return Err(PlanError::Home(home.to_string_lossy().into_owned()));
    }
    let mut exports = Exports::default();
    exports.add(input, home, &Shown::EnsureDir, &Reason::Sandbox);
    // the user's own apps and their overrides stay out of sight even with the whole home directory shown
    exports.add(
        input,
        &input.deployment.user_installation,
        &Shown::Hidden,
        &Reason::Sandbox,
    );
    if let Some(data) = input.app_data() {
        exports.add(
            input,
            &home.join(".var/app"),
            &Shown::Hidden,
            &Reason::Sandbox,
        );
        // it may not exist yet: it is made before the start
        exports.insert(&data, Shown::ReadWrite, Reason::Sandbox);
    }
    for (place, access) in &input.resolved.parts().filesystems {
        add_place(input, plan, &mut exports, place, access);
    }
    exports.emit(plan);
    // on top of the app's own directory, which the line above mounted
    also_in_app_data(input, plan);
    former_names(input, plan);
    exports.cover(plan, &input.launch.state);
    host_parts::add(input, plan);
    Ok(())
}

/// The app's directories under the names it had before. After a rename these are links to its own; what they lead to
/// is mounted in their places, since the directory with the links is covered where home is shown.
fn former_names(input: &Input<'_>, plan: &mut Plan) {
    let all = input.facts.user.home.join(".var/app");
    for id in &input.deployment.previous_ids {
        let path = all.join(id.as_str());
        if let Some(real) = input.host.resolve(&path)
            && is_free(&real)
            && !real.starts_with(&input.launch.state)
            && input.host.kind(&real) == Some(FileKind::Dir)
        {
            plan.bind(real, path, Access::ReadWrite, Reason::Sandbox);
        }
    }
}

fn add_place(
    input: &Input<'_>,
    plan: &mut Plan,
    exports: &mut Exports,
    place: &FsPlace,
    access: &Granted<FsAccess>,
) {
    let mut reason = granted(format!("filesystems={place}"), &access.origin);
    if access.value == FsAccess::Hidden {
        // hiding is no grant, but the one who hides is worth showing
        reason = granted(format!("filesystems=!{place}"), &access.origin);
    }
    let shown = match access.value {
        FsAccess::Hidden => Shown::Hidden,
        FsAccess::ReadOnly => Shown::ReadOnly,
        FsAccess::ReadWrite | FsAccess::Create => Shown::ReadWrite,
    };
    let hidden = shown == Shown::Hidden;
    match place {
        // where the whole host is shown, home taken back is hidden; Flatpak leaves it open
        FsPlace::Home if hidden && shows_host(input) => {
            exports.add(input, &input.facts.user.home, &shown, &reason);
        }
        // hiding one of these only takes the token back; narrower grants stay
        FsPlace::Host | FsPlace::Home | FsPlace::HostOs | FsPlace::HostEtc | FsPlace::HostRoot
            if hidden => {}
        FsPlace::Host => {
            for name in input.host.list(Path::new("/")) {
                if !NOT_HOST.contains(&name.as_str()) {
                    exports.add(input, &Path::new("/").join(name), &shown, &reason);
                }
            }
            exports.add(input, Path::new("/run/media"), &shown, &reason);
        }
        FsPlace::Home => exports.add(input, &input.facts.user.home, &shown, &reason),
        FsPlace::HostOs | FsPlace::HostEtc | FsPlace::HostRoot => {}
        FsPlace::Path(_) | FsPlace::HomePath(_) | FsPlace::Xdg(..) | FsPlace::XdgRun(_) => {
            let Some(path) = path_of(input, place) else {
                return;
            };
            if access.value == FsAccess::Create && input.host.kind(&path).is_none() {
                if let Some(dir) = creatable(input, &path) {
                    plan.host_dirs.push(dir);
                    exports.insert(&path, shown.clone(), reason.clone());
                }
            } else {
                exports.add(input, &path, &shown, &reason);
            }
        }
    }
}

fn shows_host(input: &Input<'_>) -> bool {
    let host = input.resolved.parts().filesystems.get(&FsPlace::Host);
    host.is_some_and(|granted| granted.value > FsAccess::Hidden)
}

/// The host path that a place names.
pub(super) fn path_of(input: &Input<'_>, place: &FsPlace) -> Option<PathBuf> {
    let home = &input.facts.user.home;
    let base = |dir: XdgDir| match dir {
        XdgDir::Data => Some(input.facts.base_dir("XDG_DATA_HOME", ".local/share")),
        XdgDir::Config => Some(input.facts.base_dir("XDG_CONFIG_HOME", ".config")),
        XdgDir::Cache => Some(input.facts.base_dir("XDG_CACHE_HOME", ".cache")),
        // a user directory that is home itself is switched off
        dir => input
            .facts
            .user_dirs
            .get(&dir)
            .filter(|path| *path != home)
            .cloned(),
    };
    match place {
        FsPlace::Path(path) => Some(PathBuf::from(path)),
        FsPlace::HomePath(sub) => Some(home.join(sub)),
        FsPlace::Xdg(dir, sub) => base(*dir).map(|base| match sub {
            Some(sub) => base.join(sub),
            None => base,
        }),
        FsPlace::XdgRun(sub) => input.facts.runtime_dir.as_ref().map(|dir| dir.join(sub)),
        FsPlace::Host | FsPlace::HostOs | FsPlace::HostEtc | FsPlace::HostRoot | FsPlace::Home => {
            None
        }
    }
}

/// A missing directory is made below the deepest one that is there, which must be really there.
fn creatable(input: &Input<'_>, path: &Path) -> Option<HostDir> {
    if !is_free(path) || path.starts_with(&input.launch.state) {
        return None;
    }
    let root = path
        .ancestors()
        .skip(1)
        .find(|dir| input.host.kind(dir) == Some(FileKind::Dir))?;
    let real = input.host.resolve(root)? == root;
    let below = path.strip_prefix(root).ok()?.to_owned();
    real.then(|| HostDir {
        root: root.to_owned(),
        below,
        mode: 0o755,
    })
}

/// What is granted of the user's data, configuration and cache appears in the app's own directories too: that is
/// where the app's `XDG_…_HOME` point.
fn also_in_app_data(input: &Input<'_>, plan: &mut Plan) {
    let Some(data) = input.app_data() else {
        return;
    };
    for (place, access) in &input.resolved.parts().filesystems {
        let (own, sub) = match place {
            FsPlace::Xdg(XdgDir::Data, Some(sub)) => ("data", sub),
            FsPlace::Xdg(XdgDir::Config, Some(sub)) => ("config", sub),
            FsPlace::Xdg(XdgDir::Cache, Some(sub)) => ("cache", sub),
            _ => continue,
        };
        let mode = match access.value {
            FsAccess::Hidden => continue,
            FsAccess::ReadOnly => Access::ReadOnly,
            FsAccess::ReadWrite | FsAccess::Create => Access::ReadWrite,
        };
        let inside = data.join(own).join(sub);
        // people link it to the place itself; and no mount goes where a link of the app's leads
        if input
            .host
            .resolve(&inside)
            .is_some_and(|real| real != inside)
        {
            continue;
        }
        let real = path_of(input, place).and_then(|path| input.host.resolve(&path));
        let Some(real) = real else { continue };
        if matches!(input.host.kind(&real), Some(FileKind::Dir | FileKind::File)) {
            let reason = granted(format!("filesystems={place}"), &access.origin);
            plan.bind(real, inside, mode, reason);
        }
    }
}

/// Whether a path is a link, or leads through one.
pub(super) fn leads_elsewhere(input: &Input<'_>, path: &Path) -> bool {
    matches!(input.host.kind(path), Some(FileKind::Symlink(_)))
        || input.host.resolve(path).is_some_and(|real| real != path)
}

fn access(shown: &Shown) -> Option<Access> {
    match shown {
        Shown::ReadOnly => Some(Access::ReadOnly),
        Shown::ReadWrite => Some(Access::ReadWrite),
        Shown::EnsureDir | Shown::Hidden | Shown::Link(_) => None,
    }
}

impl Exports {
    /// Maps a path of the host, through its links. What is not there is left out, quietly.
    fn add(&mut self, input: &Input<'_>, path: &Path, shown: &Shown, reason: &Reason) {
        self.add_through_links(input, path, shown, reason, 0);
    }

    /// Returns whether the path, or what it leads to, was mapped.
    fn add_through_links(
        &mut self,
        input: &Input<'_>,
        path: &Path,
        shown: &Shown,
        reason: &Reason,
        links: usize,
    ) -> bool {
        // what is in our state decides about every app
        if !is_free(path)
            || path.starts_with(&input.launch.state)
            || is_of_running_apps(input, path)
            || links > MAX_LINKS
        {
            return false;
        }
        let mut walked = PathBuf::from("/");
        let mut parts = path.components();
        parts.next();
        while let Some(part) = parts.next() {
            let Component::Normal(name) = part else {
                return false;
            };
            walked.push(name);
            match input.host.kind(&walked) {
                // the home directory is ensured even where it does not exist
                None if *shown == Shown::EnsureDir => break,
                None => return false,
                Some(FileKind::Symlink(target)) => {
                    let parent = walked.parent().unwrap_or(Path::new("/"));
                    let absolute = normal(&parent.join(&target));
                    let rest = parts.as_path();
                    let next = if rest.as_os_str().is_empty() {
                        absolute.clone()
                    } else {
                        absolute.join(rest)
                    };
                    let mapped = self.add_through_links(input, &next, shown, reason, links + 1);
                    let volatile =
                        [Path::new("/tmp"), Path::new("/var/tmp")].contains(&walked.as_path());
                    if mapped && !volatile && !self.is_shown(parent) {
                        let link = Shown::Link(relative(parent, &absolute));
                        self.insert(&walked, link, Reason::Sandbox);
                    }
                    return mapped;
                }
                Some(_) => {}
            }
        }
        let allowed = match input.host.kind(path) {
            Some(FileKind::Dir) => true,
            Some(FileKind::File | FileKind::Socket) => *shown != Shown::Hidden,
            None => *shown == Shown::EnsureDir,
            Some(_) => false,
        };
        if allowed {
            self.insert(path, shown.clone(), reason.clone());
        }
        allowed
    }

    fn insert(&mut self, path: &Path, shown: Shown, reason: Reason) {
        let key = path.as_os_str().as_bytes().to_vec();
        match self.map.get_mut(&key) {
            Some(present) if present.0 >= shown => {}
            Some(present) => *present = (shown, reason),
            None => {
                self.map.insert(key, (shown, reason));
            }
        }
    }

    /// Whether a directory above, or the path itself, is mapped from the host. The nearest one decides.
    fn is_shown(&self, path: &Path) -> bool {
        path.ancestors()
            .filter_map(|dir| self.map.get(dir.as_os_str().as_bytes()))
            .find(|(shown, _)| !matches!(shown, Shown::EnsureDir))
            .is_some_and(|(shown, _)| access(shown).is_some())
    }

    /// Hides a directory whatever was granted, even by its own name; shown only with a directory above it.
    fn cover(&self, plan: &mut Plan, path: &Path) {
        if self.is_shown(path) {
            plan.mount(path, What::Tmpfs { mode: 0o755 });
        }
    }

    fn emit(&self, plan: &mut Plan) {
        for (path, (shown, reason)) in &self.map {
            let path = Path::new(OsStr::from_bytes(path));
            let parent_shown = path.parent().is_some_and(|parent| self.is_shown(parent));
            match shown {
                Shown::Link(target) if !parent_shown => plan.symlink(path, target),
                Shown::EnsureDir | Shown::Hidden if !parent_shown => plan.dir(path, 0o755),
                Shown::Hidden => plan.mounts.push(Mount {
                    destination: path.to_owned(),
                    what: What::Tmpfs { mode: 0o755 },
                    reason: reason.clone(),
                }),
                Shown::Link(_) | Shown::EnsureDir => {}
                Shown::ReadOnly => plan.bind(path, path, Access::ReadOnly, reason.clone()),
                Shown::ReadWrite => plan.bind(path, path, Access::ReadWrite, reason.clone()),
            }
        }
    }
}

#[cfg(test)]
mod tests;
