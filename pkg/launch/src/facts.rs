//! What plans need to know of the caller and the machine, gathered once.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use flatrack_engine::cgroup::Hierarchies;
use flatrack_perms::{Conditions, Rlimit, RlimitKind, XdgDir};
use flatrack_spec::{CgroupVersion, Facts, User};

use crate::{Error, read};

/// Where zone names start in the target of `/etc/localtime`.
const ZONES: &str = "/usr/share/zoneinfo/";

/// Gathers the facts.
pub(crate) fn gather(cgroups: &Hierarchies) -> Result<Facts, Error> {
    let environment = environment();
    let user = user(&environment)?;
    let runtime_dir = match environment.get("XDG_RUNTIME_DIR") {
        Some(dir) if dir.starts_with('/') => fs::canonicalize(dir).ok(),
        _ => None,
    };
    Ok(Facts {
        privileged: is_privileged(),
        zone: zone(&environment),
        user_dirs: user_dirs(&user.home, &environment),
        runtime_dir,
        cgroups: version(cgroups),
        landlock: flatrack_sys::landlock::version(),
        user,
        environment,
    })
}

/// The machine without anybody's session, environment or directories. Mounts are made by whoever made the container's namespaces.
pub(crate) fn without_session(user: User, cgroups: &Hierarchies) -> Facts {
    Facts {
        privileged: true,
        zone: zone(&BTreeMap::new()),
        user_dirs: BTreeMap::new(),
        runtime_dir: None,
        cgroups: version(cgroups),
        landlock: flatrack_sys::landlock::version(),
        user,
        environment: BTreeMap::new(),
    }
}

/// A user of a container, of whom the numbers are known.
pub(crate) fn user_in_pod(uid: u32, gid: u32, home: PathBuf) -> User {
    let name = |id: u32, other: &str| if id == 0 { "root" } else { other }.to_owned();
    User {
        uid,
        gid,
        name: name(uid, "app"),
        group: Some(name(gid, "app")),
        real_name: String::new(),
        home,
    }
}

pub(crate) fn version(cgroups: &Hierarchies) -> CgroupVersion {
    match cgroups.has_v1() {
        true => CgroupVersion::V1,
        false => CgroupVersion::V2,
    }
}

/// What conditional permissions may ask of the session.
pub(crate) fn conditions(facts: &Facts) -> Conditions {
    let display = flatrack_spec::wayland_display(facts);
    let is_socket = |path: PathBuf| fs::metadata(path).is_ok_and(|at| at.file_type().is_socket());
    let socket = facts
        .runtime_dir
        .as_ref()
        .is_some_and(|dir| is_socket(dir.join(display)));
    let inherited = facts
        .env("WAYLAND_SOCKET")
        .is_some_and(|fd| fd.parse::<u32>().is_ok());
    Conditions {
        has_wayland: socket || inherited,
        has_usb_portal: None,
    }
}

/// What this process has of a limit of setrlimit(2), which an app inherits.
pub(crate) fn rlimit(kind: RlimitKind) -> Rlimit {
    use rustix::process::Resource;
    let resource = match kind {
        RlimitKind::Core => Resource::Core,
        RlimitKind::Cpu => Resource::Cpu,
        RlimitKind::Fsize => Resource::Fsize,
        RlimitKind::Memlock => Resource::Memlock,
        RlimitKind::Nofile => Resource::Nofile,
        RlimitKind::Nproc => Resource::Nproc,
        RlimitKind::Stack => Resource::Stack,
    };
    let found = rustix::process::getrlimit(resource);
    Rlimit {
        soft: found.current,
        hard: found.maximum,
    }
}

/// The caller's configuration directory.
pub(crate) fn configuration() -> Result<PathBuf, Error> {
    let environment = environment();
    match environment.get("XDG_CONFIG_HOME") {
        Some(dir) if dir.starts_with('/') => Ok(PathBuf::from(dir)),
        _ => Ok(user(&environment)?.home.join(".config")),
    }
}

/// The caller's environment. What is not Unicode cannot stand in an OCI document and is left out.
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn user(environment: &BTreeMap<String, String>) -> Result<User, Error> {
    let (uid, gid) = (
        rustix::process::getuid().as_raw(),
        rustix::process::getgid().as_raw(),
    );
    let entry = flatrack_sys::user::by_uid(uid);
    let home = match environment.get("HOME") {
        Some(home) if home.starts_with('/') => Some(PathBuf::from(home)),
        _ => entry.as_ref().map(|entry| entry.home.clone()),
    };
    let home = home
        .filter(|home| home.is_absolute())
        .ok_or(Error::NoHome)?;
    Ok(User {
        uid,
        gid,
        name: entry
            .as_ref()
            .map_or_else(|| uid.to_string(), |entry| entry.name.clone()),
        real_name: entry.map(|entry| entry.real_name).unwrap_or_default(),
        group: flatrack_sys::user::groups(Path::new("/etc/group"))
            .into_iter()
            .find(|group| group.gid == gid)
            .map(|group| group.name),
        home,
    })
}

/// Whether mounts can be made without a user namespace: root with CAP_SYS_ADMIN (bit 21).
fn is_privileged() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let bits = effective.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    rustix::process::geteuid().is_root() && bits.is_some_and(|bits| bits & (1 << 21) != 0)
}

fn zone(environment: &BTreeMap<String, String>) -> String {
    let directory = environment.get("TZDIR").map_or(ZONES, String::as_str);
    let link = fs::read_link("/etc/localtime").ok();
    let link = link
        .as_deref()
        .and_then(Path::to_str)
        .map(|link| link.replace("../", "/"));
    let from_link = link.as_deref().and_then(|link| {
        let start = link.find(directory.trim_start_matches('/'))?;
        Some(
            link[start..]
                .trim_start_matches(directory.trim_start_matches('/'))
                .trim_matches('/')
                .to_owned(),
        )
    });
    let from_file = || {
        fs::read_to_string("/etc/timezone")
            .ok()
            .map(|text| text.trim().to_owned())
    };
    // the name becomes part of a path
    let sane = |zone: &String| {
        !zone.is_empty()
            && zone.split('/').all(|part| !part.is_empty() && part != "..")
            && zone
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b))
    };
    from_link
        .filter(sane)
        .or_else(|| from_file().filter(sane))
        .unwrap_or_else(|| "UTC".to_owned())
}

/// The directories that `user-dirs.dirs` names.
fn user_dirs(home: &Path, environment: &BTreeMap<String, String>) -> BTreeMap<XdgDir, PathBuf> {
    let config = match environment.get("XDG_CONFIG_HOME") {
        Some(dir) if dir.starts_with('/') => PathBuf::from(dir),
        _ => home.join(".config"),
    };
    let text = read::text(&config.join("user-dirs.dirs")).unwrap_or_default();
    let mut dirs = BTreeMap::new();
    for line in text.lines() {
        let Some((name, value)) = line.trim().split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches('"');
        let path = match value.strip_prefix("$HOME") {
            Some("") => home.to_owned(),
            Some(rest) => home.join(rest.trim_start_matches('/')),
            None => PathBuf::from(value),
        };
        let row = XdgDir::TABLE.iter().find(|row| row.2 == Some(name.trim()));
        if let Some(row) = row.filter(|_| path.is_absolute()) {
            dirs.insert(row.1, path);
        }
    }
    dirs
}
