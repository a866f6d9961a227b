//! Making a container's cgroup with all its limits.

use std::io::{self, ErrorKind};
use std::path::Path;

use oci_spec::runtime::LinuxResources;

use super::devices::Rules;
use super::limits::{self, Check, Setting};
use super::{Cgroup, CgroupPath, Directory, Error, Hierarchies, Hierarchy, Result, Version, files};

/// Made in v1 even without a limit: they count, freeze, tell of the memory killer, and take limits later.
const ALWAYS_ON_V1: &[&str] = &["freezer", "memory", "pids", "cpu", "cpuacct"];

/// Enabled in v2 even without a limit, for the same reasons, where the cgroups above hand them down.
const WELCOME_ON_V2: &[&str] = &["memory", "pids", "cpu", "io"];

/// In which hierarchies of v1 a container gets a cgroup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those with its limits, and those that count.
    Needed,
    /// All: engines look for it there, and give limits later.
    Everywhere,
}

impl Cgroup {
    /// Makes the cgroup at `path` and writes every limit.
    ///
    /// Without limits, where this process may not make cgroups, the result is [`Cgroup::none`].
    ///
    /// # Errors
    /// [`Error::LimitNotEnforceable`] for a limit that does not come into force; nothing is left behind.
    pub fn create(
        hierarchies: &Hierarchies,
        path: &CgroupPath,
        resources: Option<&LinuxResources>,
        reach: Reach,
    ) -> Result<Self> {
        let version = if hierarchies.has_v1() {
            Version::V1
        } else {
            Version::V2
        };
        if let CgroupPath::Scope(name) = path {
            return Self::create_in_scope(hierarchies, name, resources);
        }
        let settings = resources.map_or_else(
            || Ok(Vec::new()),
            |resources| limits::settings(resources, &|name| hierarchies.version_of(name)),
        )?;
        let rules = Rules::of(resources)?;
        let mut cgroup = Self::none();
        let made = cgroup.make(hierarchies, path, version, &settings, rules.as_ref(), reach);
        match made {
            Ok(()) => Ok(cgroup),
            Err(error) => {
                cgroup.undo();
                if settings.iter().all(|setting| setting.unlimited) && not_permitted(&error) {
                    let mut none = Self::none();
                    if rules.is_some() {
                        none.not_enforced
                            .push("device rules: this user may not make cgroups".into());
                    }
                    return Ok(none);
                }
                Err(
                    match (error, settings.iter().find(|setting| !setting.unlimited)) {
                        (Error::Io { source, .. }, Some(wanted)) if may_not(&source) => {
                            Error::LimitNotEnforceable {
                                limit: wanted.limit.clone(),
                                why: "this user may not make cgroups here".into(),
                                source: Some(source),
                            }
                        }
                        (error, _) => error,
                    },
                )
            }
        }
    }

    fn make(
        &mut self,
        hierarchies: &Hierarchies,
        path: &CgroupPath,
        version: Version,
        settings: &[Setting],
        rules: Option<&Rules>,
        reach: Reach,
    ) -> Result<()> {
        let needed = |controller: &str| {
            settings
                .iter()
                .any(|setting| setting.controller == controller)
                || (version == Version::V1
                    && (ALWAYS_ON_V1.contains(&controller)
                        || (controller == "devices" && rules.is_some())))
        };
        if let Some(missing) = settings
            .iter()
            .find(|setting| hierarchies.with(&setting.controller).is_none() && !setting.unlimited)
        {
            return Err(Error::LimitNotEnforceable {
                limit: missing.limit.clone(),
                why: format!(
                    "the cgroup controller `{}` is not available",
                    missing.controller
                ),
                source: None,
            });
        }
        for hierarchy in &hierarchies.0 {
            if hierarchy.version == Version::V1
                && reach == Reach::Needed
                && !hierarchy.controllers.iter().any(|name| needed(name))
            {
                continue;
            }
            let enable: Vec<&str> = hierarchy
                .controllers
                .iter()
                .map(String::as_str)
                .filter(|name| needed(name))
                .collect();
            let Some(inside) = path.below(hierarchy) else {
                continue;
            };
            self.make_directory(hierarchy, &inside, &enable)?;
        }
        for setting in settings {
            self.apply(setting)?;
        }
        rules.map_or(Ok(()), |rules| self.withhold_devices(rules))
    }

    pub(super) fn withhold_devices(&mut self, rules: &Rules) -> Result<()> {
        if let Some(directory) = self.with("devices") {
            return rules.writes()?.into_iter().try_for_each(|(file, value)| {
                files::write(&directory.path.join(file), &value)
                    .map_err(|source| unavailable("devices", Some(source)))
            });
        }
        let directory = self.unified().ok_or_else(|| unavailable("devices", None))?;
        if !rules.attach(directory)? {
            self.not_enforced
                .push("device rules: this user may not put programs on cgroups".into());
        }
        Ok(())
    }

    /// The directory in one hierarchy, with its parents; on v2 the controllers are handed down to it.
    fn make_directory(
        &mut self,
        hierarchy: &Hierarchy,
        inside: &Path,
        controllers: &[&str],
    ) -> Result<()> {
        let mut current = hierarchy.mount.clone();
        let mut components = inside.components().peekable();
        while let Some(component) = components.next() {
            if hierarchy.version == Version::V2 {
                hand_down(&current, controllers)?;
            }
            let parent = current.clone();
            current.push(component);
            let last = components.peek().is_none();
            match std::fs::create_dir(&current) {
                Ok(()) if !last => self.made_parents.push(current.clone()),
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists && !last => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    // Left over from a crash, or somebody else's: only an empty one is taken, anew.
                    std::fs::remove_dir(&current).map_err(|_| Error::InUse {
                        path: current.clone(),
                    })?;
                    std::fs::create_dir(&current).map_err(|source| Error::Io {
                        what: "make the cgroup",
                        path: current.clone(),
                        source,
                    })?;
                }
                Err(source) => {
                    return Err(Error::Io {
                        what: "make the cgroup",
                        path: current,
                        source,
                    });
                }
            }
            if last {
                self.directories.push(Directory {
                    version: hierarchy.version,
                    controllers: match hierarchy.version {
                        Version::V1 => hierarchy.controllers.clone(),
                        Version::V2 => enabled(&current, "cgroup.controllers").unwrap_or_default(),
                    },
                    mount: hierarchy.mount.clone(),
                    path: current.clone(),
                });
            }
            if hierarchy.version == Version::V1
                && hierarchy.controllers.iter().any(|name| name == "cpuset")
            {
                inherit_cpuset(&parent, &current)?;
            }
        }
        Ok(())
    }

    /// Writes one limit and reads it back.
    pub(super) fn apply(&self, setting: &Setting) -> Result<()> {
        let fail = |why: String, source| Error::LimitNotEnforceable {
            limit: setting.limit.clone(),
            why,
            source,
        };
        let Some(directory) = self.with(&setting.controller) else {
            return if setting.unlimited {
                Ok(())
            } else {
                Err(fail(
                    format!("no controller `{}`", setting.controller),
                    None,
                ))
            };
        };
        let file = directory.path.join(&setting.file);
        match files::write(&file, &setting.value) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound && setting.unlimited => return Ok(()),
            Err(error) => {
                return Err(fail(
                    format!("writing `{}` to `{}` failed", setting.value, file.display()),
                    Some(error),
                ));
            }
        }
        let (Ok(wanted), true) = (setting.value.parse::<u64>(), setting.check != Check::Skip)
        else {
            return Ok(());
        };
        let page = rustix::param::page_size() as u64;
        let held = match files::number(&file)? {
            Some(found) if setting.check == Check::Bytes => found == wanted / page * page,
            found => found == Some(wanted),
        };
        if held {
            Ok(())
        } else {
            Err(fail(
                format!("`{}` does not keep `{}`", file.display(), setting.value),
                None,
            ))
        }
    }

    /// Removes what [`Cgroup::make`] made, of which nothing has been used yet.
    fn undo(&mut self) {
        for directory in self.directories.drain(..) {
            drop(std::fs::remove_dir(directory.path));
        }
        for parent in self.made_parents.drain(..).rev() {
            drop(std::fs::remove_dir(parent));
        }
    }
}

fn unavailable(limit: &str, source: Option<io::Error>) -> Error {
    Error::LimitNotEnforceable {
        limit: limit.into(),
        why: "the cgroup controller is not available".into(),
        source,
    }
}

/// Enables controllers for the children of a v2 cgroup: those needed, and of the welcome ones those that it has and can.
pub(super) fn hand_down(directory: &Path, needed: &[&str]) -> Result<()> {
    const FILE: &str = "cgroup.subtree_control";
    let present = enabled(directory, "cgroup.controllers").unwrap_or_default();
    let welcome = WELCOME_ON_V2
        .iter()
        .filter(|name| present.iter().any(|one| one == *name));
    let mut missing: Vec<&str> = needed.iter().chain(welcome).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (file, done) = (directory.join(FILE), enabled(directory, FILE)?);
    missing.retain(|name| !done.iter().any(|one| one == name));
    for controller in missing {
        match files::write(&file, &format!("+{controller}")) {
            Err(source) if needed.contains(&controller) => {
                return Err(Error::LimitNotEnforceable {
                    limit: controller.into(),
                    why: format!(
                        "the controller cannot be enabled in `{}`",
                        directory.display()
                    ),
                    source: Some(source),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The controllers that a file of a v2 cgroup names.
fn enabled(directory: &Path, file: &str) -> Result<Vec<String>> {
    let text = files::read(&directory.join(file))?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}

/// A new v1 cpuset is empty and takes no process until it has CPUs and memory nodes.
fn inherit_cpuset(parent: &Path, child: &Path) -> Result<()> {
    for name in ["cpuset.cpus", "cpuset.mems"] {
        let file = child.join(name);
        if files::read(&file)?.is_empty() {
            let value = files::read(&parent.join(name))?;
            files::write(&file, &value).map_err(|source| Error::Io {
                what: "write",
                path: file,
                source,
            })?;
        }
    }
    Ok(())
}

fn not_permitted(error: &Error) -> bool {
    match error {
        Error::Io { source, .. }
        | Error::LimitNotEnforceable {
            source: Some(source),
            ..
        } => may_not(source) || source.kind() == ErrorKind::NotFound,
        _ => false,
    }
}

/// The user may not, whatever is done.
fn may_not(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}
