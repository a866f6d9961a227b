//! What no place of the host's may cover or show.

use std::path::Path;

use crate::passes::Input;

/// Paths of the sandbox's own: nothing equal to, below or above them is mapped.
const FLATPAKS: [&str; 8] = [
    "/.flatpak-info",
    "/app",
    "/dev",
    "/etc",
    "/proc",
    "/run/flatpak",
    "/run/host",
    "/usr",
];

/// Our own, beyond Flatpak's.
const OURS: [&str; 2] = ["/run/flatrack", "/sys"];

/// Links into `/usr`: nothing equal to or below them is mapped.
pub(super) const LINKS: [&str; 5] = ["/bin", "/lib", "/lib32", "/lib64", "/sbin"];

/// Whether a path may be mapped at all.
pub(super) fn is_free(path: &Path) -> bool {
    let clash =
        |reserved: &&str| path.starts_with(reserved) || Path::new(reserved).starts_with(path);
    !FLATPAKS.iter().chain(&OURS).any(clash)
        && !LINKS.iter().any(|reserved| path.starts_with(reserved))
}

/// Directories of the runtime directory with the state of running apps and the sockets of their bus proxies, Flatpak's and
/// ours: whoever reaches them passes for another app.
const OF_RUNNING_APPS: [&str; 3] = [".flatpak", ".dbus-proxy", "flatrack"];

pub(super) fn is_of_running_apps(input: &Input<'_>, path: &Path) -> bool {
    let dir = input.facts.runtime_dir.as_ref();
    dir.is_some_and(|dir| {
        let mut names = OF_RUNNING_APPS.iter();
        names.any(|name| path.starts_with(dir.join(name)))
    })
}
