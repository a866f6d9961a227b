//! The one table of every permission; parsers, options, help, references and refusals read it.
//!
//! Two kinds of rows: *names* are switched on or off (`--share=network`), *families* carry a value
//! (`--filesystem=PLACE`). A row that says [`Support::NotYet`] is known and refused when asked for; it is never
//! dropped in silence. Meanings are Flatpak's.

use std::fmt;

use serde::{Serialize, Serializer};

/// Whether this program enforces a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// enforced as documented
    Built,
    /// known; asking for it refuses the start
    NotYet,
}

/// The four families of names that are switched on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// parts of the host that are shared instead of private
    Share,
    /// sockets of services
    Socket,
    /// device nodes
    Device,
    /// what the system call filter lets through, and the like
    Feature,
}

impl Kind {
    /// Every kind with its key in `[Context]` and its options.
    pub const TABLE: [KindRow; 4] = [
        KindRow {
            kind: Self::Share,
            key: "shared",
            allow: "share",
            deny: "unshare",
            allow_if: "share-if",
        },
        KindRow {
            kind: Self::Socket,
            key: "sockets",
            allow: "socket",
            deny: "nosocket",
            allow_if: "socket-if",
        },
        KindRow {
            kind: Self::Device,
            key: "devices",
            allow: "device",
            deny: "nodevice",
            allow_if: "device-if",
        },
        KindRow {
            kind: Self::Feature,
            key: "features",
            allow: "allow",
            deny: "disallow",
            allow_if: "allow-if",
        },
    ];

    /// The kind's row.
    #[must_use]
    pub fn row(self) -> &'static KindRow {
        match self {
            Self::Share => &Self::TABLE[0],
            Self::Socket => &Self::TABLE[1],
            Self::Device => &Self::TABLE[2],
            Self::Feature => &Self::TABLE[3],
        }
    }
}

/// How a kind is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindRow {
    /// the kind
    pub kind: Kind,
    /// key in `[Context]`
    pub key: &'static str,
    /// option that grants
    pub allow: &'static str,
    /// option that takes away
    pub deny: &'static str,
    /// option that grants under a condition
    pub allow_if: &'static str,
}

/// One name's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// the permission
    pub permission: Permission,
    /// its kind
    pub kind: Kind,
    /// the name in files and options
    pub name: &'static str,
    /// Flatpak's first version with it, as far as it was looked at
    pub since: &'static str,
    /// whether it is enforced here
    pub support: Support,
    /// the kernel mechanism that withholds it from an app without it
    pub enforced_by: &'static str,
    /// what it gives
    pub doc: &'static str,
}

macro_rules! names {
    ($($variant:ident $kind:ident $name:literal $since:literal $support:ident $by:literal, $doc:literal;)*) => {
        /// A permission that is on or off.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $(#[doc = $doc] $variant),* }

        /// Every name.
        pub const NAMES: &[Row] = &[$(Row {
            permission: Permission::$variant, kind: Kind::$kind, name: $name, since: $since,
            support: Support::$support, enforced_by: $by, doc: $doc,
        }),*];
    };
}

names! {
    Network    Share "network" "1.14 or before" Built "network namespace", "the host's network";
    Ipc        Share "ipc" "1.14 or before" Built "IPC namespace", "the host's System V IPC and POSIX message queues";

    X11        Socket "x11" "1.14 or before" Built "mount namespace", "the X11 display";
    Wayland    Socket "wayland" "1.14 or before" Built "mount namespace", "the Wayland display";
    FallbackX11 Socket "fallback-x11" "1.14 or before" Built "mount namespace", "the X11 display where there is no Wayland";
    Pulseaudio Socket "pulseaudio" "1.14 or before" Built "mount namespace", "sound through PulseAudio, and ALSA devices";
    SessionBus Socket "session-bus" "1.14 or before" Built "mount namespace", "the whole session bus, unfiltered";
    SystemBus  Socket "system-bus" "1.14 or before" Built "mount namespace", "the whole system bus, unfiltered";
    SshAuth    Socket "ssh-auth" "1.14 or before" Built "mount namespace", "the SSH agent";
    Pcsc       Socket "pcsc" "1.14 or before" Built "mount namespace", "smart cards";
    Cups       Socket "cups" "1.14 or before" Built "mount namespace", "the print server";
    GpgAgent   Socket "gpg-agent" "1.14 or before" Built "mount namespace", "the GnuPG agent";
    InheritWaylandSocket Socket "inherit-wayland-socket" "1.15.7" Built "descriptor table", "the Wayland connection of the caller";

    Dri        Device "dri" "1.14 or before" Built "mount namespace (/dev)", "graphics devices";
    Input      Device "input" "1.15.6" Built "mount namespace (/dev)", "input devices";
    Usb        Device "usb" "1.15.11" Built "mount namespace (/dev)", "raw USB devices";
    Kvm        Device "kvm" "1.14 or before" Built "mount namespace (/dev)", "hardware virtualisation";
    Shm        Device "shm" "1.14 or before" Built "mount namespace (/dev)", "the host's shared memory in /dev/shm";
    AllDevices Device "all" "1.14 or before" Built "mount namespace (/dev)", "every device of the host";

    Devel      Feature "devel" "1.14 or before" Built "seccomp", "ptrace, perf_event_open and personality";
    Multiarch  Feature "multiarch" "1.14 or before" Built "seccomp", "system calls of the machine's second architecture";
    Bluetooth  Feature "bluetooth" "1.14 or before" Built "seccomp", "Bluetooth sockets";
    Canbus     Feature "canbus" "1.14 or before" Built "seccomp", "CAN bus sockets";
    PerAppDevShm Feature "per-app-dev-shm" "1.14 or before" Built "mount namespace (/dev)", "one /dev/shm for all instances of the app";
}

impl Permission {
    /// The permission's row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &NAMES[self as usize]
    }

    /// The permission of that name.
    #[must_use]
    pub fn find(kind: Kind, name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|row| row.kind == kind && row.name == name)
            .map(|row| row.permission)
    }
}

impl fmt::Display for Permission {
    /// As it stands in metadata: `shared=network`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.row();
        write!(f, "{}={}", row.kind.row().key, row.name)
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A family of grants that carry a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// places of the host's file system
    Filesystem,
    /// directories of the home directory kept for the app
    Persist,
    /// environment variables
    Environment,
    /// resource limits
    Resources,
    /// names on the session bus
    SessionBusName,
    /// names on the system bus
    SystemBusName,
    /// names on the accessibility bus
    A11yBusName,
    /// opaque policies for portals
    GenericPolicy,
    /// USB devices for the USB portal
    UsbQuery,
    /// dconf paths
    Dconf,
    /// AppArmor profiles
    AppArmor,
    /// ports and abstract sockets
    Ports,
    /// single device nodes
    DeviceNode,
    /// additional Landlock narrowing
    Landlock,
}

/// One family's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilyRow {
    /// the family
    pub family: Family,
    /// group of the keyfile; a trailing space means the group's name goes on
    pub group: &'static str,
    /// key in that group; empty where every key of the group belongs
    pub key: &'static str,
    /// option that grants; empty where there is none
    pub allow: &'static str,
    /// option that takes away; empty where there is none
    pub deny: &'static str,
    /// whether it is enforced here
    pub support: Support,
    /// the mechanism that enforces
    pub enforced_by: &'static str,
    /// what it gives
    pub doc: &'static str,
}

macro_rules! families {
    ($($family:ident $group:literal $key:literal $allow:literal $deny:literal $support:ident $by:literal, $doc:literal;)*) => {
        /// Every family, in the enum's order.
        pub const FAMILIES: &[FamilyRow] = &[$(FamilyRow {
            family: Family::$family, group: $group, key: $key, allow: $allow, deny: $deny,
            support: Support::$support, enforced_by: $by, doc: $doc,
        }),*];
    };
}

families! {
    Filesystem "Context" "filesystems" "filesystem" "nofilesystem" Built "mount namespace", "a place of the host's file system";
    Persist "Context" "persistent" "persist" "" Built "mount namespace", "a path below the home directory, kept in the app's own directory";
    Environment "Environment" "" "env" "unset-env" Built "environment of the first process", "an environment variable";
    Resources "X-Resources" "" "" "" Built "cgroup, setrlimit", "a resource limit";
    SessionBusName "Session Bus Policy" "" "talk-name" "no-talk-name" Built "xdg-dbus-proxy", "a name on the session bus";
    SystemBusName "System Bus Policy" "" "system-talk-name" "system-no-talk-name" Built "xdg-dbus-proxy", "a name on the system bus";
    A11yBusName "Accessibility Bus Policy" "" "a11y-own-name" "" Built "xdg-dbus-proxy", "a name on the accessibility bus";
    GenericPolicy "Policy " "" "add-policy" "remove-policy" Built "the portals that read /.flatpak-info", "an opaque policy that portals read";
    UsbQuery "USB Devices" "enumerable-devices" "usb" "nousb" Built "the USB portal, which reads /.flatpak-info", "USB devices that the USB portal may hand out";
    Dconf "X-DConf" "" "" "" Built "files in /etc/glib-2.0; no access to the database itself", "settings of the machine and the user that the app may read";
    AppArmor "X-AppArmor" "" "" "" Built "AppArmor", "an AppArmor profile";
    Ports "X-Network" "" "" "" Built "Landlock, seccomp, cgroup BPF", "ports and abstract sockets that are left of the shared network";
    DeviceNode "X-Devices" "" "" "" Built "mount namespace (/dev), Landlock, device cgroup", "single devices, by path, pattern or CDI name";
    Landlock "X-Landlock" "" "" "" Built "mount namespace (read-only and hidden paths)", "further narrowing of paths, besides the rules for every app";
}

impl Family {
    /// The family's row.
    #[must_use]
    pub fn row(self) -> &'static FamilyRow {
        &FAMILIES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_their_enum() {
        for row in NAMES {
            assert_eq!(row.permission.row().name, row.name);
            assert_eq!(Permission::find(row.kind, row.name), Some(row.permission));
        }
        for row in FAMILIES {
            assert_eq!(row.family.row().family, row.family);
        }
        for row in Kind::TABLE {
            assert_eq!(row.kind.row().kind, row.kind);
        }
    }

    #[test]
    fn no_name_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(NAMES.iter().all(|row| seen.insert((row.kind, row.name))));
    }
}
