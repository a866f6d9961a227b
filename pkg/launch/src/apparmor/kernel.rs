//! What the kernel holds, read from its own file system.

use std::fs;
use std::path::{Path, PathBuf};

use flatrack_perms::ProfileMode;
use rustix::fs::{CWD, Mode, OFlags, fstatfs, openat};
use serde::Serialize;

/// Where securityfs is mounted.
const ROOT: &str = "/sys/kernel/security/apparmor";
/// The kernel's number for securityfs. Files elsewhere could say anything.
const MAGIC: u64 = 0x7363_6673;

/// A profile in the kernel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// its name
    pub name: String,
    /// what it does with what it does not allow, in the kernel's words: `enforce`, `complain`, `kill`, `unconfined`
    pub mode: String,
    /// the kernel's digest of what was loaded; empty where it keeps none
    pub digest: String,
}

impl Loaded {
    /// Whether it denies what it does not allow.
    pub(crate) fn enforces(&self) -> bool {
        self.mode == ProfileMode::Enforce.as_str() || self.mode == "kill"
    }
}

/// A kernel with AppArmor, whose file system can be read.
#[derive(Debug)]
pub(crate) struct Kernel(PathBuf);

impl Kernel {
    /// Looks.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn probe() -> Result<Self, &'static str> {
        let enabled = fs::read_to_string("/sys/module/apparmor/parameters/enabled");
        match enabled.as_deref().map(str::trim) {
            Err(_) => return Err("this kernel has no AppArmor"),
            Ok("Y") => {}
            Ok(_) => return Err("AppArmor is not enabled in this kernel"),
        }
        let directory = openat(
            CWD,
            ROOT,
            OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            Mode::empty(),
        );
        let is_real = directory
            .and_then(fstatfs)
            .is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(|magic| magic == MAGIC));
        if is_real {
            Ok(Self(ROOT.into()))
        } else {
            Err("securityfs is not mounted at `/sys/kernel/security`")
        }
    }

    /// The kernel's list of what it can mediate, in the form that the parser reads.
    pub(crate) fn features(&self) -> PathBuf {
        self.0.join("features")
    }

    /// Every profile, sorted by name. These files are readable for everyone, unlike the list in one file.
    pub(crate) fn profiles(&self) -> Vec<Loaded> {
        let mut profiles: Vec<Loaded> = fs::read_dir(self.0.join("policy/profiles"))
            .into_iter()
            .flatten()
            .filter_map(|entry| read(&entry.ok()?.path()))
            .collect();
        profiles.sort_by(|a, b| a.name.cmp(&b.name));
        profiles
    }

    /// The profile of that name.
    pub(crate) fn find(&self, name: &str) -> Option<Loaded> {
        self.profiles()
            .into_iter()
            .find(|profile| profile.name == name)
    }
}

fn read(directory: &Path) -> Option<Loaded> {
    let text = |name: &str| {
        let text = fs::read_to_string(directory.join(name)).ok()?;
        Some(text.trim_end().to_owned())
    };
    Some(Loaded {
        name: text("name")?,
        mode: text("mode")?,
        digest: text("sha256").or_else(|| text("sha1")).unwrap_or_default(),
    })
}
