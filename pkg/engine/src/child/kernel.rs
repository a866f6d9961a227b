//! What is set through /proc: through the host's, opened before the container's file systems exist, so that no image can put something
//! else in its place (CVE-2025-52881).

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys::clone::Flags;
use oci_spec::runtime::{LinuxNamespaceType as Kind, LinuxPersonalityDomain, Process, Spec};
use rustix::fs::{CWD, Mode, OFlags, PROC_SUPER_MAGIC, ResolveFlags, fstatfs, openat2};

use crate::failure::{At, SetupFailure, Step};
use crate::namespaces::{NEW_USER, Namespaces};

/// The host's procfs, open and known to be one.
#[derive(Debug)]
pub(crate) struct HostProc(OwnedFd);

impl HostProc {
    pub(crate) fn open() -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = openat2(
            CWD,
            "/proc",
            flags,
            Mode::empty(),
            ResolveFlags::NO_SYMLINKS,
        )?;
        if fstatfs(&fd)?.f_type == PROC_SUPER_MAGIC {
            Ok(Self(fd))
        } else {
            Err(io::Error::other("/proc is not a procfs"))
        }
    }

    fn file(&self, path: &str, flags: OFlags) -> io::Result<std::fs::File> {
        // `self` and `thread-self` are links within the procfs; whatever is mounted over a part of it is refused.
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_XDEV | ResolveFlags::NO_MAGICLINKS;
        Ok(openat2(
            &self.0,
            path,
            flags | OFlags::CLOEXEC,
            Mode::empty(),
            resolve,
        )?
        .into())
    }

    /// Whether there is a file that can be written to.
    pub(super) fn has(&self, path: &str) -> bool {
        self.file(path, OFlags::WRONLY).is_ok()
    }

    pub(super) fn write(&self, path: &str, text: &str) -> io::Result<()> {
        self.file(path, OFlags::WRONLY)?.write_all(text.as_bytes())
    }

    pub(crate) fn read(&self, path: &str) -> io::Result<String> {
        let mut text = String::new();
        self.file(path, OFlags::RDONLY)?.read_to_string(&mut text)?;
        Ok(text)
    }

    /// The number of this process in the host's pid namespace.
    pub(super) fn own_number(&self) -> io::Result<i32> {
        let link = rustix::fs::readlinkat(&self.0, "self", Vec::new())?;
        let number = link.to_str().ok().and_then(|text| text.parse().ok());
        number.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// How readily the kernel kills this process when memory runs out, and how it stands against others for time.
    pub(crate) fn set_standing(&self, process: &Process) -> Result<(), SetupFailure> {
        if let Some(score) = process.oom_score_adj() {
            self.write("self/oom_score_adj", &score.to_string())
                .at(Step::Attribute, || format!("oom_score_adj {score}"))?;
        }
        if let Some(nice) = process.scheduler().as_ref().and_then(|it| *it.nice()) {
            rustix::process::setpriority_process(None, nice)
                .at(Step::Attribute, || format!("nice {nice}"))?;
        }
        Ok(())
    }

    /// Allows no user namespace below the one this process is in, and makes sure of it.
    pub(super) fn forbid_user_namespaces(&self) -> Result<(), SetupFailure> {
        self.write("sys/user/max_user_namespaces", "0")
            .at(Step::UserNamespaceLimit, String::new)?;
        match flatrack_sys::process::unshare(NEW_USER) {
            Err(_) => Ok(()),
            Ok(()) => Err(SetupFailure::new(
                Step::UserNamespaceLimit,
                "",
                "one could still be made",
            )),
        }
    }

    /// Sets the kernel parameters of the spec, those only that belong to a namespace of the container's own.
    pub(super) fn set_parameters(
        &self,
        spec: &Spec,
        namespaces: &Namespaces,
    ) -> Result<(), SetupFailure> {
        let Some(parameters) = spec
            .linux()
            .as_ref()
            .and_then(|linux| linux.sysctl().as_ref())
        else {
            return Ok(());
        };
        for (name, value) in parameters {
            let path = path_of(name).filter(|path| belongs(path, spec, namespaces));
            let Some(path) = path else {
                return Err(SetupFailure::new(
                    Step::Sysctl,
                    name,
                    "it does not belong to a namespace of the container's own",
                ));
            };
            self.write(&format!("sys/{path}"), value)
                .at(Step::Sysctl, || name.clone())?;
        }
        Ok(())
    }
}

/// `net.ipv4.ip_forward` and `net/ipv4/ip_forward` alike; in the first form a slash stands for a dot, as in sysctl(8).
fn path_of(name: &str) -> Option<String> {
    let path: String = match (name.find('.'), name.find('/')) {
        (Some(dot), Some(slash)) if slash < dot => name.to_owned(),
        (None, _) => name.to_owned(),
        _ => name
            .chars()
            .map(|letter| {
                if letter == '.' {
                    '/'
                } else if letter == '/' {
                    '.'
                } else {
                    letter
                }
            })
            .collect(),
    };
    let plain = Path::new(&path)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    (plain && !path.is_empty()).then_some(path)
}

/// Whether a parameter is kept in a namespace that is not the host's.
fn belongs(path: &str, spec: &Spec, namespaces: &Namespaces) -> bool {
    const IPC: &[&str] = &[
        "kernel/msgmax",
        "kernel/msgmnb",
        "kernel/msgmni",
        "kernel/sem",
        "kernel/shmall",
        "kernel/shmmax",
        "kernel/shmmni",
        "kernel/shm_rmid_forced",
    ];
    let own = |flag: Flags, kind: Kind| {
        let listed = spec
            .linux()
            .as_ref()
            .and_then(|linux| linux.namespaces().as_ref());
        namespaces.flags.contains(flag)
            || listed
                .into_iter()
                .flatten()
                .any(|namespace| namespace.typ() == kind && namespace.path().is_some())
    };
    if path.starts_with("net/") {
        own(Flags::NETWORK, Kind::Network)
    } else if IPC.contains(&path) || path.starts_with("fs/mqueue/") {
        own(Flags::IPC, Kind::Ipc)
    // the name itself is `hostname`: two fields for one thing could contradict each other
    } else if path == "kernel/domainname" {
        own(Flags::UTS, Kind::Uts)
    } else {
        false
    }
}

/// Sets the execution domain.
pub(super) fn set_personality(domain: LinuxPersonalityDomain) -> Result<(), SetupFailure> {
    let number = match domain {
        LinuxPersonalityDomain::PerLinux => 0,
        LinuxPersonalityDomain::PerLinux32 => 8,
    };
    flatrack_sys::process::set_personality(number).at(Step::Attribute, || "personality".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_two_spellings() {
        for (name, path) in [
            ("net.ipv4.ip_forward", "net/ipv4/ip_forward"),
            ("net/ipv4/conf/eth0.1/x", "net/ipv4/conf/eth0.1/x"),
            ("net.ipv4.conf.eth0/1.x", "net/ipv4/conf/eth0.1/x"),
        ] {
            assert_eq!(path_of(name).as_deref(), Some(path));
        }
        for wrong in ["", "net/../kernel/core_pattern", "/etc/passwd"] {
            assert_eq!(path_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn procfs_is_recognised() {
        let proc = HostProc::open().unwrap();
        assert!(proc.read("self/status").unwrap().contains("Name:"));
        assert!(proc.read("self/root/etc/passwd").is_err());
        assert!(proc.read("../etc/passwd").is_err());
    }
}
