//! Which namespaces a container gets anew and which it joins, and the ids of a new user namespace.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use flatrack_sys::clone::Flags;
use oci_spec::runtime::{Linux, LinuxIdMapping, LinuxNamespaceType as Kind};
use rustix::process::Pid;

use crate::error::{Doing, Error, Result};

/// The kernel's number of a kind of namespace.
pub(crate) const NEW_USER: u64 = 0x1000_0000;
pub(crate) const NEW_PID: u64 = 0x2000_0000;
pub(crate) const NEW_CGROUP: u64 = 0x0200_0000;

/// What the clone is to make, and what the child is to enter.
#[derive(Debug)]
pub(crate) struct Namespaces {
    /// Made by the clone itself.
    pub(crate) flags: Flags,
    /// Made by the child once it is in its cgroup, which becomes the root of what it sees.
    pub(crate) cgroup: bool,
    /// Joined: open namespace files and the kernel's number of the kind, user namespaces first.
    pub(crate) joined: Vec<(OwnedFd, u64)>,
    /// Ids of the new user namespace.
    pub(crate) maps: Option<IdMaps>,
}

/// A map as the kernel reads it.
pub(crate) fn text(maps: &[LinuxIdMapping]) -> String {
    maps.iter()
        .map(|map| format!("{} {} {}\n", map.container_id(), map.host_id(), map.size()))
        .collect()
}

/// The two maps of a user namespace, as the kernel's text.
#[derive(Debug, Clone)]
pub(crate) struct IdMaps {
    uid: String,
    gid: String,
    /// Written by somebody without privileges over the parent namespace: one's own id only, and no `setgroups`.
    own_ids_only: bool,
    /// Both maps have an id 0, which then owns what the child makes.
    pub(crate) has_root: bool,
}

impl Namespaces {
    pub(crate) fn from_spec(linux: &Linux) -> Result<Self> {
        let mut plan = Self {
            flags: Flags::NONE,
            cgroup: false,
            joined: Vec::new(),
            maps: None,
        };
        let mut seen = Vec::new();
        for namespace in linux.namespaces().iter().flatten() {
            let kind = namespace.typ();
            if seen.contains(&kind) {
                let why = format!("there are two of kind `{kind}`");
                return Err(Error::InvalidSpec {
                    field: "linux.namespaces".into(),
                    why,
                });
            }
            seen.push(kind);
            match namespace.path() {
                Some(path) => plan.join(kind, path)?,
                None => plan.make(kind),
            }
        }
        if !plan.flags.contains(Flags::MOUNT) {
            let why =
                "a container without a new mount namespace would change the host's mounts".into();
            return Err(Error::Unsupported {
                field: "linux.namespaces".into(),
                why,
            });
        }
        // The user namespace decides what may be done with the others.
        plan.joined.sort_by_key(|(_, kind)| *kind != NEW_USER);
        if plan.flags.contains(Flags::USER) {
            plan.maps = Some(IdMaps::new(
                linux.uid_mappings().as_deref(),
                linux.gid_mappings().as_deref(),
            )?);
        } else if linux.uid_mappings().iter().flatten().next().is_some()
            && !seen.contains(&Kind::User)
        {
            let why = "there are id mappings but no user namespace".into();
            return Err(Error::InvalidSpec {
                field: "linux.uidMappings".into(),
                why,
            });
        }
        Ok(plan)
    }

    fn make(&mut self, kind: Kind) {
        match kind {
            Kind::Mount => self.flags |= Flags::MOUNT,
            Kind::Uts => self.flags |= Flags::UTS,
            Kind::Ipc => self.flags |= Flags::IPC,
            Kind::User => self.flags |= Flags::USER,
            Kind::Pid => self.flags |= Flags::PID,
            Kind::Network => self.flags |= Flags::NETWORK,
            Kind::Cgroup => self.cgroup = true,
            // Refused by `check`.
            Kind::Time => {}
        }
    }

    fn join(&mut self, kind: Kind, path: &PathBuf) -> Result<()> {
        let number = kind as u64;
        if kind == Kind::Mount {
            let why =
                "joining a mount namespace would change the mounts of whoever is in it".into();
            return Err(Error::Unsupported {
                field: "linux.namespaces".into(),
                why,
            });
        }
        let file = File::open(path).doing(|| format!("open the namespace `{}`", path.display()))?;
        let found = flatrack_sys::process::namespace_kind(&file);
        if found.ok() != Some(number) {
            let why = format!("`{}` is not a namespace of kind `{kind}`", path.display());
            return Err(Error::InvalidSpec {
                field: "linux.namespaces".into(),
                why,
            });
        }
        self.joined.push((file.into(), number));
        Ok(())
    }

    /// Whether a process has to stand between, because the namespace concerns children only or decides about the making of others.
    pub(crate) fn needs_intermediate(&self) -> bool {
        self.joined
            .iter()
            .any(|(_, kind)| *kind == NEW_USER || *kind == NEW_PID)
    }
}

impl IdMaps {
    fn new(uid: Option<&[LinuxIdMapping]>, gid: Option<&[LinuxIdMapping]>) -> Result<Self> {
        let (uid, gid) = (uid.unwrap_or_default(), gid.unwrap_or_default());
        if uid.is_empty() || gid.is_empty() {
            let why = "a new user namespace needs mappings of users and of groups".into();
            return Err(Error::InvalidSpec {
                field: "linux.uidMappings".into(),
                why,
            });
        }
        let privileged = rustix::process::geteuid().is_root();
        let own = |maps: &[LinuxIdMapping], id: u32| matches!(maps, [map] if map.size() == 1 && map.host_id() == id);
        let own_ids = own(uid, rustix::process::geteuid().as_raw())
            && own(gid, rustix::process::getegid().as_raw());
        if !privileged && !own_ids {
            let why = "an ordinary user can map the own user and group only".into();
            return Err(Error::Unsupported {
                field: "linux.uidMappings".into(),
                why,
            });
        }
        let has_zero = |maps: &[LinuxIdMapping]| {
            maps.iter()
                .any(|map| map.container_id() == 0 && map.size() > 0)
        };
        Ok(Self {
            uid: text(uid),
            gid: text(gid),
            own_ids_only: !privileged,
            has_root: has_zero(uid) && has_zero(gid),
        })
    }

    /// Gives a child, which is waiting in its new user namespace, its ids.
    pub(crate) fn write(&self, pid: Pid) -> Result<()> {
        let put = |name: &str, text: &str| {
            std::fs::write(format!("/proc/{pid}/{name}"), text).doing(|| {
                format!(
                    "write `{}` to the {name} of the new user namespace",
                    text.trim_end()
                )
            })
        };
        if self.own_ids_only {
            put("setgroups", "deny")?;
        }
        put("uid_map", &self.uid)?;
        put("gid_map", &self.gid)
    }

    /// Whether the kernel lets the child change its supplementary groups.
    pub(crate) fn may_set_groups(&self) -> bool {
        !self.own_ids_only
    }
}
