//! A case for each row of the vocabulary table.
//!
//! The two functions over [`Permission`] and [`Family`] name every variant: a new row of the table does not compile
//! until it says here what is to be compared.

use flatrack_perms::vocabulary::{FAMILIES, Family, NAMES, Permission, Support};

/// A set of run options whose effect is compared.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// the run options; `BED` stands for the testbed's directory
    pub(crate) options: Vec<String>,
    /// whether flatrack enforces all of it
    pub(crate) support: Support,
    /// the first Flatpak that knows all of it
    pub(crate) since: (u32, u32, u32),
    /// what an app sees of the permission, for names
    pub(crate) effect: Option<Effect>,
    /// whether the permission is given, or taken away
    pub(crate) grants: bool,
}

/// What an app sees of a permission.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effect {
    /// the field of the dump
    pub(crate) field: &'static str,
    /// the value without it; empty means that the field is absent
    pub(crate) without: &'static str,
    /// the value with it; `*` where this depends on the machine
    pub(crate) with: &'static str,
}

const fn effect(field: &'static str, without: &'static str, with: &'static str) -> Effect {
    Effect {
        field,
        without,
        with,
    }
}

/// What each name changes.
fn of(permission: Permission) -> Effect {
    match permission {
        Permission::Network => effect("namespace net", "its own", "the host's"),
        Permission::Ipc => effect("namespace ipc", "its own", "the host's"),
        Permission::X11 => effect("env DISPLAY", "", ":*"),
        // the session's socket belongs to no compositor: flatrack takes it for none
        Permission::Wayland => effect("path /run/flatpak/wayland-0", "", "*"),
        // the session has Wayland
        Permission::FallbackX11 => effect("env DISPLAY", "", "*"),
        Permission::Pulseaudio => effect("path /run/flatpak/pulse/native", "", "socket *"),
        Permission::SessionBus => effect(
            "call session org.flatrack.Test.Other",
            "org.freedesktop.DBus.Error.ServiceUnknown",
            "ok",
        ),
        Permission::SystemBus => effect("call system org.flatrack.Test.Other", "", "ok"),
        Permission::SshAuth => effect("path /run/flatpak/ssh-auth", "", "socket *"),
        Permission::Pcsc => effect("path /run/pcscd/pcscd.comm", "", "socket *"),
        Permission::Cups => effect("path /run/cups/cups.sock", "", "socket *"),
        Permission::GpgAgent => effect("path /run/user/UID/gnupg/S.gpg-agent", "", "*"),
        Permission::InheritWaylandSocket => effect("env WAYLAND_SOCKET", "", "*"),
        Permission::Dri => effect("path /dev/dri", "", "*"),
        Permission::Input => effect("path /dev/input", "", "*"),
        Permission::Usb => effect("path /dev/bus/usb", "", "*"),
        Permission::Kvm => effect("path /dev/kvm", "", "*"),
        Permission::Shm => effect("create in /dev/shm", "ok", "*"),
        Permission::AllDevices => effect("path /dev/kmsg", "", "*"),
        Permission::Devel => effect("syscall ptrace", "EPERM", "ESRCH"),
        Permission::Multiarch => effect("syscall modify_ldt", "EPERM", "*"),
        Permission::Bluetooth => effect("socket 31", "stream=EAFNOSUPPORT*", "*"),
        Permission::Canbus => effect("socket 29", "stream=EAFNOSUPPORT*", "*"),
        Permission::PerAppDevShm => effect("create in /dev/shm", "ok", "ok"),
    }
}

/// Options of each family: one set a line, with the Flatpak that brought them where that is not 1.14.
fn values(family: Family) -> &'static [&'static str] {
    match family {
        Family::Filesystem => &[
            "--filesystem=host",
            "--filesystem=host:ro",
            "--filesystem=host-os",
            "--filesystem=host-os:ro",
            "--filesystem=host-etc",
            "--filesystem=host-etc:ro",
            "1.17.0 --filesystem=host-root:ro",
            "--filesystem=home",
            "--filesystem=home:ro",
            "--filesystem=home --nofilesystem=~/Music",
            "--filesystem=home:ro --filesystem=~/Music",
            "--filesystem=home --filesystem=host:ro",
            "--filesystem=host --nofilesystem=home",
            "--filesystem=host --nofilesystem=host",
            "--filesystem=home --nofilesystem=host:reset",
            "--filesystem=~/Music",
            "--filesystem=~/Music:ro",
            "--filesystem=~/Music/deep/file:ro",
            "--filesystem=~/link",
            "--filesystem=~/link-out:ro",
            "--filesystem=~/absent",
            "--filesystem=~/made/by/flatpak:create",
            "--filesystem=~/.var/app",
            "--filesystem=~/.local/share/flatpak",
            "--filesystem=BED/outside",
            "--filesystem=BED/outside:ro",
            "--filesystem=BED/outside/link-in",
            "--filesystem=BED/outside --nofilesystem=BED/outside/deep",
            "--filesystem=/opt",
            "--filesystem=/srv:ro",
            "--filesystem=/tmp",
            "--filesystem=/var/tmp:ro",
            "--filesystem=/usr",
            "--filesystem=/etc/passwd",
            "--filesystem=/run/media",
            "--filesystem=/nowhere/at/all",
            "--filesystem=xdg-download",
            "--filesystem=xdg-download/sub:ro",
            "--filesystem=xdg-documents",
            "--filesystem=xdg-data",
            "--filesystem=xdg-config/some:ro",
            "--filesystem=xdg-cache/some",
            "--filesystem=xdg-run/shared-socket",
            "--filesystem=xdg-run/shared-directory:ro",
        ],
        Family::Persist => &[
            "--persist=.kept",
            "--persist=.deep/below/kept",
            "--persist=.",
            "--persist=.kept --filesystem=home",
            "--persist=Music",
        ],
        Family::Environment => &[
            "--env=FRESH=value=with=equals",
            "--env=EMPTY=",
            "--env=PATH=/elsewhere/bin",
            "--env=FROM_OUTSIDE=changed",
            "--env=container=other",
            "--env=XDG_RUNTIME_DIR=/elsewhere",
            "--env=XDG_DATA_HOME=/elsewhere",
            "--env=FLATPAK_ID=other",
            "--env=DISPLAY=:7",
            "--env=TMPDIR=/elsewhere",
            "--env=PS1=prompt",
            "--unset-env=FROM_OUTSIDE",
            "--unset-env=PATH",
            "--unset-env=container",
        ],
        Family::SessionBusName => &[
            "--talk-name=org.freedesktop.Notifications",
            "--own-name=org.flatrack.Test.Owned",
            "--no-talk-name=org.flatrack.Test.Owned",
            "--talk-name=org.flatrack.Test.*",
            "--own-name=org.flatrack.*",
            "--own-name=org.flatrack.Test.* --talk-name=org.flatrack.Test.Other",
            "--talk-name=org.flatrack.Test.Other --no-talk-name=org.flatrack.Test.Other",
        ],
        Family::SystemBusName => &[
            "--system-talk-name=org.freedesktop.NetworkManager",
            "--system-own-name=org.flatrack.Test.Owned",
            "--system-no-talk-name=org.flatrack.Test.Owned",
            "--system-talk-name=org.flatrack.*",
        ],
        Family::A11yBusName => &["1.15.11 --a11y-own-name=org.flatrack.Test.Owned"],
        Family::GenericPolicy => &["--add-policy=portal.key=value"],
        Family::UsbQuery => &["1.15.11 --usb=all", "1.15.11 --nousb=vnd:1234"],
        // Flatpak does not know these, or has no run option for them: tests/cli looks at what they do
        Family::Resources
        | Family::Dconf
        | Family::AppArmor
        | Family::Ports
        | Family::DeviceNode
        | Family::Landlock => &[],
    }
}

/// Options of a run that are no permissions.
const RUN_OPTIONS: [&str; 11] = [
    "",
    "--devel",
    "--cwd=/var/tmp",
    "--cwd=/app",
    "--sandbox",
    "--sandbox --share=network --filesystem=home",
    "1.17.0 --clear-env",
    "1.17.0 --clear-env --env=FRESH=value",
    "1.17.7 --device-if=all:has-usb-portal",
    "1.17.7 --device-if=all:!has-usb-portal",
    "1.17.7 --device-if=all:has-wayland --socket-if=pulseaudio:!has-wayland",
];

/// Every case with one permission, or with few that belong together.
pub(crate) fn alone() -> Vec<Case> {
    let runs = RUN_OPTIONS.iter().map(|set| case(set, Support::Built));
    let names = NAMES.iter().flat_map(|row| {
        let kind = row.kind.row();
        let mut granted = case(&format!("--{}={}", kind.allow, row.name), row.support);
        granted.since = version(row.since).unwrap_or(granted.since);
        granted.effect = Some(of(row.permission));
        let mut taken = case(&format!("--{}={}", kind.deny, row.name), Support::Built);
        taken.since = granted.since;
        // what is not built cannot be taken away either
        taken.effect = granted.effect.filter(|_| row.support == Support::Built);
        taken.grants = false;
        [granted, taken]
    });
    let valued = FAMILIES
        .iter()
        .flat_map(|row| values(row.family).iter().map(|set| case(set, row.support)));
    runs.chain(names).chain(valued).collect()
}

pub(crate) fn case(text: &str, support: Support) -> Case {
    let mut words = text.split_whitespace().peekable();
    let since = words
        .next_if(|word| !word.starts_with('-'))
        .and_then(version);
    Case {
        options: words.map(str::to_owned).collect(),
        support,
        since: since.unwrap_or((1, 14, 0)),
        effect: None,
        grants: true,
    }
}

/// Sets of two to five from those that are enforced, the same for the same seed.
pub(crate) fn combined(count: usize, seed: u64) -> Vec<Case> {
    let single: Vec<Case> = alone()
        .into_iter()
        .filter(|case| case.support == Support::Built && !case.options.is_empty())
        .collect();
    let mut numbers = Numbers(seed);
    (0..count)
        .map(|_| {
            let parts: Vec<&Case> = (0..2 + numbers.below(4))
                .map(|_| &single[numbers.below(single.len())])
                .collect();
            Case {
                options: parts.iter().flat_map(|part| part.options.clone()).collect(),
                support: Support::Built,
                since: parts
                    .iter()
                    .map(|part| part.since)
                    .max()
                    .unwrap_or_default(),
                effect: None,
                grants: true,
            }
        })
        .collect()
}

/// Splitmix64: a sequence that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap_or_default()
    }
}

/// A version in three parts; `None` where the text names no single one.
pub(crate) fn version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.trim().split('.').map(str::parse);
    let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
    Some((major, minor, parts.next().unwrap_or(Ok(0)).ok()?))
}

#[test]
fn there_are_enough_sets_alone_and_every_row_has_one() {
    assert!(alone().len() >= 60, "{}", alone().len());
    for row in FAMILIES {
        let own = row.group.starts_with("X-");
        assert_eq!(values(row.family).is_empty(), own, "[{}]", row.group);
    }
}
