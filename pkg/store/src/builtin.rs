//! The built-in runtime `org.flatrack.Host.Platform`: the host's own `/usr`, read-only.
//!
//! For programs that are built for this very machine: the app carries itself, the host carries the
//! rest, and nothing needs to be installed. The host keeps the parts of a runtime that are
//! configuration in `/etc`, so some of that is shown as well: [`ETC`] names each entry and says why.

use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path};

use flatrack_perms::{AppId, Arch, Pref};

use crate::deploy::{HostEtc, Metadata};
use crate::{Deploy, Error, FullRef, Pinned, Place, RefKind};

/// The id of the runtime.
pub const HOST_PLATFORM: &str = "org.flatrack.Host.Platform";
/// Its only branch: what it promises, not what the host has.
pub const BRANCH: &str = "1";
/// The commit recorded for it.
pub const COMMIT: &str = "host";

/// An entry of the host's `/etc` that programs from the host's `/usr` need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtcRule {
    /// the name below `/etc`
    pub name: &'static str,
    /// why a program needs it
    pub why: &'static str,
}

const fn etc(name: &'static str, why: &'static str) -> EtcRule {
    EtcRule { name, why }
}

/// What is shown of the host's `/etc`, where it exists and everybody may read it. Users, names of hosts
/// and the time zone are made for each sandbox; nothing with a secret is here.
pub const ETC: &[EtcRule] = &[
    etc(
        "OpenCL",
        "the loader finds its drivers by the files in vendors/",
    ),
    etc(
        "alternatives",
        "commands and libraries of /usr are links through it",
    ),
    etc("asound.conf", "where sound goes on this machine"),
    etc("bash.bashrc", "read by every interactive bash"),
    etc("ca-certificates/extracted", "public certificates on Arch"),
    etc(
        "crypto-policies",
        "the TLS settings of Fedora's libraries include it",
    ),
    etc("drirc", "work-arounds of Mesa for single programs"),
    etc("ethertypes", "names of protocols below IP"),
    etc("fonts", "fontconfig knows no font without it"),
    etc("glvnd", "finds the OpenGL driver of the vendor"),
    etc("inputrc", "keys of readline"),
    etc(
        "ld.so.cache",
        "the linker finds libraries outside of its default directories by it",
    ),
    etc("ld.so.conf", "ldconfig makes the cache from it"),
    etc("ld.so.conf.d", "ldconfig makes the cache from it"),
    etc("locale.alias", "/usr/share/locale links to it"),
    etc("magic", "local additions to file types"),
    etc("mime.types", "types of files by their names"),
    etc(
        "nsswitch.conf",
        "the C library asks here how names are looked up",
    ),
    etc("os-release", "programs ask what system this is"),
    etc("perl", "Debian's perl has its search path from here"),
    etc("pki/ca-trust/extracted", "public certificates on Fedora"),
    etc("pki/tls/certs", "public certificates on Fedora"),
    etc("pki/tls/openssl.cnf", "settings of OpenSSL on Fedora"),
    etc("protocols", "names of protocols above IP"),
    etc("pulse", "settings of sound clients"),
    etc("services", "names of ports"),
    etc("ssl/cert.pem", "public certificates on Arch and Alpine"),
    etc("ssl/certs", "public certificates"),
    etc("ssl/openssl.cnf", "/usr/lib/ssl links to it"),
    etc("terminfo", "terminals that the administrator described"),
    etc("vulkan", "the loader finds its drivers and layers here"),
    etc("xdg", "defaults that toolkits read"),
];

/// Whether an id is that of a built-in runtime; such ids are never looked up in installations.
#[must_use]
pub fn is_builtin(id: &AppId) -> bool {
    id.as_str() == HOST_PLATFORM
}

/// The host's `/usr` as a runtime. `host` is the top of the host's file system.
///
/// # Errors
/// If another arch or branch is asked for, or if the host keeps programs outside of `/usr`: then its
/// `/usr` alone does not work.
pub fn host_platform(host: &Path, pref: &Pref, arch: &Arch) -> Result<Deploy, Error> {
    if !is_builtin(&pref.id) || pref.branch.as_str() != BRANCH || pref.arch != *arch {
        return Err(Error::NotInstalled {
            what: format!("runtime/{pref}"),
            installed: vec![format!("runtime/{HOST_PLATFORM}/{arch}/{BRANCH}")],
            commit: None,
        });
    }
    check_merged(host)?;
    let missing = |path: &Path| Error::damaged(path, "is not a directory");
    let dir = Pinned::open(host)?.ok_or_else(|| missing(host))?;
    let files = dir.dir("usr")?.ok_or_else(|| missing(&host.join("usr")))?;
    let text = format!("[Runtime]\nname={HOST_PLATFORM}\nruntime={pref}\nsdk={pref}\n");
    Ok(Deploy {
        full_ref: FullRef {
            kind: RefKind::Runtime,
            pref: pref.clone(),
        },
        place: Place::Builtin,
        dir,
        files,
        commit: COMMIT.to_owned(),
        origin: None,
        previous_ids: Vec::new(),
        metadata: Metadata {
            path: Path::new("built-in").join(HOST_PLATFORM).join("metadata"),
            bytes: text.into_bytes(),
        },
        override_dirs: Vec::new(),
        etc: etc_entries(host),
    })
}

/// The top directories for programs and libraries must be links into `usr`. The first two exist
/// everywhere; what else exists must be a link as well.
fn check_merged(host: &Path) -> Result<(), Error> {
    for (name, required) in [
        ("bin", true),
        ("lib", true),
        ("sbin", false),
        ("lib32", false),
        ("lib64", false),
    ] {
        let path = host.join(name);
        let merged = match path.read_link() {
            Ok(target) => is_in_usr(&target),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => !required,
            Err(_) => false,
        };
        if !merged {
            return Err(Error::NotUsrMerged { path });
        }
    }
    Ok(())
}

fn is_in_usr(target: &Path) -> bool {
    let mut parts = target
        .components()
        .filter(|part| *part != Component::RootDir);
    parts.next() == Some(Component::Normal("usr".as_ref()))
        && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Where the entries really are, as far as they exist and are public.
fn etc_entries(host: &Path) -> Vec<HostEtc> {
    let Ok(host) = host.canonicalize() else {
        return Vec::new();
    };
    // openSUSE keeps what /etc/ssl/certs links to in the last one
    let homes = ["etc", "usr", "var/lib/ca-certificates"].map(|home| host.join(home));
    let public = |rule: &EtcRule| {
        let source = host.join("etc").join(rule.name).canonicalize().ok()?;
        let metadata = source.metadata().ok()?;
        let mode = metadata.permissions().mode();
        let readable = match metadata.file_type() {
            kind if kind.is_dir() => mode & 0o005 == 0o005,
            kind if kind.is_file() => mode & 0o004 != 0,
            _ => false,
        };
        let at_home = homes
            .iter()
            .any(|home| source.starts_with(home) && source != *home);
        (readable && at_home).then_some(HostEtc {
            name: rule.name,
            source,
        })
    };
    ETC.iter().filter_map(public).collect()
}

#[cfg(test)]
mod tests;
