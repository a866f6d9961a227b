//! What the host has to offer: directories, sockets of a session, variables. Both sides get the same.

use std::fs;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::Path;
use std::process::Command;

use flatrack_testbed::{Bus, Testbed};

/// Files in the home directory, and outside of it.
const FILES: [&str; 10] = [
    "home/Music/deep/file",
    "home/Downloads/sub/file",
    "home/.config/some/file",
    "home/.cache/some/file",
    "home/.local/share/flatpak/overrides/global",
    "home/.var/app/org.flatrack.Test.Other/data/secret",
    "outside/deep/file",
    "outside/elsewhere/file",
    "run/shared-directory/file",
    "home/.secret",
];

const LINKS: [(&str, &str); 3] = [
    ("home/link", "Music"),
    ("home/link-out", "../outside/deep"),
    ("outside/link-in", "elsewhere"),
];

/// Sockets of a session, and the variable that names each; `BED` stands for the testbed's directory.
const SOCKETS: [(&str, &str, &str); 6] = [
    ("run/wayland-0", "WAYLAND_DISPLAY", "wayland-0"),
    (
        "run/pulse-native",
        "PULSE_SERVER",
        "unix:BED/run/pulse-native",
    ),
    ("run/ssh-agent", "SSH_AUTH_SOCK", "BED/run/ssh-agent"),
    (
        "run/pcscd.comm",
        "PCSCLITE_CSOCK_NAME",
        "BED/run/pcscd.comm",
    ),
    ("run/cups.sock", "CUPS_SERVER", "BED/run/cups.sock"),
    (
        "run/shared-socket",
        "SHARED_SOCKET",
        "BED/run/shared-socket",
    ),
];

/// Variables of the caller: some go on inside, some must not.
const VARIABLES: [(&str, &str); 13] = [
    ("FROM_OUTSIDE", "value"),
    ("TERM", "dumb"),
    ("USER", "somebody"),
    ("DISPLAY", ":77"),
    ("WAYLAND_SOCKET", "77"),
    ("PYTHONPATH", "/elsewhere"),
    ("PERL5LIB", "/elsewhere"),
    ("GIO_EXTRA_MODULES", "/elsewhere"),
    ("GST_PLUGIN_PATH", "/elsewhere"),
    ("VK_ICD_FILENAMES", "/elsewhere"),
    ("XCURSOR_PATH", "/elsewhere"),
    ("XDG_STATE_HOME", "/elsewhere"),
    ("XDG_DATA_DIRS", "/elsewhere"),
];

/// Names on both buses that somebody owns. The first has an app see the bus at all.
const SERVICES: [&str; 4] = [
    "org.freedesktop.portal.Desktop",
    "org.freedesktop.Notifications",
    "org.freedesktop.NetworkManager",
    "org.flatrack.Test.Other",
];

/// A name on both buses that nobody owns.
const FREE: &str = "org.flatrack.Test.Owned";

/// Every name that an app is to try.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SERVICES.into_iter().chain([FREE])
}

/// The session's bus and the system's, of a testbed.
#[derive(Debug)]
pub(crate) struct Buses<'a>([(&'static str, Bus<'a>); 2]);

impl<'a> Buses<'a> {
    pub(crate) fn start(bed: &'a Testbed) -> Self {
        Self(
            [
                ("DBUS_SESSION_BUS_ADDRESS", "bus"),
                ("DBUS_SYSTEM_BUS_ADDRESS", "system-bus"),
            ]
            .map(|(variable, socket)| {
                let mut bus = Bus::start(bed, socket);
                SERVICES.iter().for_each(|name| bus.echo(name));
                (variable, bus)
            }),
        )
    }

    /// Gives a command the addresses.
    pub(crate) fn enter(&self, command: &mut Command) {
        command.envs(self.0.iter().map(|(name, bus)| (name, bus.address())));
    }
}

/// The session of a testbed; its servers listen as long as this lives.
#[derive(Debug)]
pub(crate) struct Session {
    _servers: Vec<UnixListener>,
    /// a socket without a file, which only the network namespace keeps away
    pub(crate) abstract_name: String,
    variables: Vec<(String, String)>,
}

impl Session {
    pub(crate) fn start(bed: &Testbed) -> Self {
        let root = bed.root();
        for file in FILES {
            bed.write(file, "content\n");
        }
        bed.write(
            "home/.config/user-dirs.dirs",
            "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\nXDG_DESKTOP_DIR=\"$HOME\"\n",
        );
        for (link, target) in LINKS {
            symlink(target, root.join(link)).unwrap();
        }
        let mut servers: Vec<UnixListener> = SOCKETS
            .iter()
            .map(|(path, _, _)| listen(&root.join(path)))
            .collect();
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        let address = SocketAddr::from_abstract_name(name.as_bytes()).unwrap();
        servers.push(UnixListener::bind_addr(&address).unwrap());
        hang_up(servers[0].try_clone().unwrap());
        own(bed);
        let place = root.display().to_string();
        let named = SOCKETS
            .iter()
            .map(|(_, variable, value)| (*variable, value.replace("BED", &place)));
        let plain = VARIABLES
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            _servers: servers,
            abstract_name: name.into_owned(),
            variables: named
                .chain(plain)
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    /// Gives a command the session's variables.
    pub(crate) fn enter(&self, command: &mut Command) {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }
}

fn listen(path: &Path) -> UnixListener {
    let listener = UnixListener::bind(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    listener
}

/// Ends every connection at once. Flatpak 1.18 asks the compositor for a context of its own and would wait for ever.
fn hang_up(compositor: UnixListener) {
    std::thread::spawn(move || compositor.incoming().for_each(drop));
}

/// Everything here belongs to the testbed's user.
fn own(bed: &Testbed) {
    let user = bed.user();
    let ids = format!("{}:{}", user.uid, user.gid);
    let parts = ["home", "outside", "run"].map(|part| bed.root().join(part));
    let done = Command::new("chown")
        .args(["-R", "-h", &ids])
        .args(parts)
        .status();
    assert!(done.unwrap().success(), "the testbed changes its owner");
}
