//! Making a container's cgroup in a scope of systemd's.
//!
//! ```text
//! SLICE/PREFIX-NAME.scope      made by systemd, delegated; the limits as properties, with some room
//! ├─ supervisor                this process
//! └─ container                 the limits, to the byte
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use oci_spec::runtime::LinuxResources;

use super::create::hand_down;
use super::devices::Rules;
use super::limits::{self, Setting};
use super::systemd::{BESIDE, INSIDE, Manager, Scope, ScopeName};
use super::{Cgroup, Directory, Error, Hierarchies, Result, Version, files};

/// Handed down even without a limit: they count, and take limits later.
const ALWAYS_ON: &[&str] = &["memory", "pids", "cpu"];

impl Cgroup {
    pub(super) fn create_in_scope(
        hierarchies: &Hierarchies,
        name: &ScopeName,
        resources: Option<&LinuxResources>,
    ) -> Result<Self> {
        let unified = hierarchies
            .unified()
            .filter(|_| !hierarchies.has_v1())
            .ok_or_else(|| Error::Path {
                path: name.to_string(),
                why: "scopes of systemd are made on cgroup v2 only, and this machine has v1; give a path",
            })?;
        let settings = resources.map_or_else(
            || Ok(Vec::new()),
            |resources| limits::settings(resources, &|_| Version::V2),
        )?;
        let rules = Rules::of(resources)?;
        let mut cgroup = Self {
            scope: Some(Scope::start(Manager::own(), name, &settings)?),
            ..Self::default()
        };
        let made = cgroup.fill_scope(&unified.mount, &settings, rules.as_ref());
        match made {
            Ok(()) => Ok(cgroup),
            Err(error) => {
                // the limit that failed is what the caller is to hear of
                drop(cgroup.remove());
                Err(error)
            }
        }
    }

    fn fill_scope(
        &mut self,
        mount: &Path,
        settings: &[Setting],
        rules: Option<&Rules>,
    ) -> Result<()> {
        let scope = self.own_scope(mount)?;
        let offered = files::read(&scope.join("cgroup.controllers"))?;
        let offered: Vec<&str> = offered.split_whitespace().collect();
        let missing = settings
            .iter()
            .find(|setting| !setting.unlimited && !offered.contains(&setting.controller.as_str()));
        if let Some(setting) = missing {
            return Err(Error::LimitNotEnforceable {
                limit: setting.limit.clone(),
                why: format!(
                    "systemd does not delegate the controller `{}` here",
                    setting.controller
                ),
                source: None,
            });
        }
        let beside = scope.join(BESIDE);
        make(&beside)?;
        files::write(
            &beside.join("cgroup.procs"),
            &std::process::id().to_string(),
        )
        .map_err(|source| Error::Io {
            what: "move into",
            path: beside,
            source,
        })?;
        let wanted: Vec<&str> = offered
            .iter()
            .copied()
            .filter(|name| {
                ALWAYS_ON.contains(name) || settings.iter().any(|s| s.controller == *name)
            })
            .collect();
        hand_down(&scope, &wanted)?;
        let path = scope.join(INSIDE);
        make(&path)?;
        self.directories.push(Directory {
            version: Version::V2,
            controllers: wanted.iter().map(|name| (*name).to_owned()).collect(),
            mount: mount.into(),
            path,
        });
        for setting in settings {
            self.apply(setting)?;
        }
        rules.map_or(Ok(()), |rules| self.withhold_devices(rules))
    }

    /// Where systemd has put this process, looked up rather than worked out.
    fn own_scope(&self, mount: &Path) -> Result<PathBuf> {
        let own = Hierarchies::detect()?;
        let inside = own
            .unified()
            .filter(|unified| unified.mount == mount)
            .map(|unified| mount.join(&unified.own));
        inside
            .filter(|path| self.scope.as_ref().is_some_and(|scope| scope.is(path)))
            .ok_or(Error::Absent {
                what: "the scope that systemd was asked for",
            })
    }

    /// Moves the calling process to where it may make processes in the container's cgroup.
    pub(crate) fn come_near(&self) -> Result<()> {
        self.scope.as_ref().map_or(Ok(()), Scope::come_near)
    }
}

fn make(path: &Path) -> Result<()> {
    fs::create_dir(path).map_err(|source| Error::Io {
        what: "make the cgroup",
        path: path.into(),
        source,
    })
}
