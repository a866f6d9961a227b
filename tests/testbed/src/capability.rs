//! What a machine may lack. `hack/lib.sh` probes the same keywords on its own, to catch a wrong skip.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::docker::Docker;
use crate::runtime::find_program;
use crate::tree::Tree;
use crate::user::{User, as_root};

/// Something that a test needs of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// The tests run as root.
    Root,
    /// The stock `flatpak`, with what it takes to build and install offline.
    StockFlatpak,
    /// `flatpak-builder`.
    FlatpakBuilder,
    /// `crun`.
    Crun,
    /// `runc`.
    Runc,
    /// `podman`, and what it starts containers with.
    Podman,
    /// `buildah`.
    Buildah,
    /// Docker's packages, or what it takes to fetch them.
    Docker,
    /// `containerd` with its shim for runc, and `ctr`.
    Containerd,
    /// `python3`.
    Python,
    /// `script`, to give a command a terminal.
    Script,
    /// Debian's compositor, X server, sound server, agents, and a client of each.
    SessionServers,
    /// User namespaces for ordinary users.
    UserNamespaces,
    /// A memory controller whose cgroups the tests may make.
    MemoryLimit,
    /// A cpu controller whose cgroups the tests may make.
    CpuLimit,
    /// A pids controller whose cgroups the tests may make.
    PidsLimit,
    /// A controller of disk traffic whose cgroups the tests may make, and loop devices.
    IoLimit,
    /// A controller of huge pages. systemd does not hand it down.
    HugePages,
    /// cgroup v2 with controllers for memory, processor time and processes.
    Cgroup2,
    /// Python, and a Landlock in the kernel that knows ports and abstract sockets.
    Landlock,
    /// AppArmor in the kernel.
    AppArmor,
    /// A bus daemon, the proxy, and programs that call and answer.
    Bus,
    /// The stock portal and its permission store.
    Portal,
    /// The stock document portal, and FUSE for it.
    Documents,
    /// cgroup v2 under systemd, with a service manager of the user's.
    Systemd,
    /// A tree of a newer Debian, or what it takes to make one.
    NewerDebian,
    /// PipeWire with its session manager, its server for PulseAudio's clients, and clients.
    PipeWire,
    /// `dconf`, which reads and compiles databases of settings.
    Dconf,
}

impl Capability {
    /// Its name in skip lines.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::StockFlatpak => "stock-flatpak",
            Self::FlatpakBuilder => "flatpak-builder",
            Self::Crun => "crun",
            Self::Runc => "runc",
            Self::Podman => "podman",
            Self::Buildah => "buildah",
            Self::Docker => "docker",
            Self::Containerd => "containerd",
            Self::Python => "python",
            Self::Script => "script",
            Self::SessionServers => "session-servers",
            Self::UserNamespaces => "user-namespaces",
            Self::MemoryLimit => "memory-limit",
            Self::CpuLimit => "cpu-limit",
            Self::PidsLimit => "pids-limit",
            Self::IoLimit => "io-limit",
            Self::HugePages => "huge-pages",
            Self::Cgroup2 => "cgroup2",
            Self::Landlock => "landlock",
            Self::AppArmor => "apparmor",
            Self::Bus => "bus",
            Self::Portal => "portal",
            Self::Documents => "documents",
            Self::Systemd => "systemd",
            Self::NewerDebian => "newer-debian",
            Self::PipeWire => "pipewire",
            Self::Dconf => "dconf",
        }
    }

    /// Looks whether the machine has it.
    ///
    /// # Errors
    /// The reason why it does not.
    pub fn probe(self) -> Result<(), String> {
        match self {
            Self::Root if as_root() => Ok(()),
            Self::Root => Err("the tests do not run as root".to_owned()),
            Self::StockFlatpak => {
                installed(&["flatpak", "busybox", "bash", "dbus-run-session", "bwrap"])
            }
            Self::FlatpakBuilder => installed(&["flatpak-builder"]),
            Self::Crun => installed(&["crun"]),
            Self::Runc => installed(&["runc"]),
            Self::Buildah => installed(&["buildah"]),
            Self::Docker => Docker::obtain().map(drop),
            Self::Containerd => installed(&["containerd", "containerd-shim-runc-v2", "ctr"]),
            Self::Python => installed(&["python3"]),
            Self::Podman => installed(&["podman", "conmon"]),
            Self::Script => installed(&["script"]),
            Self::SessionServers => installed(&SERVERS),
            Self::UserNamespaces => user_namespaces(),
            Self::MemoryLimit => controller("memory"),
            Self::CpuLimit => controller("cpu"),
            Self::PidsLimit => controller("pids"),
            Self::IoLimit => controller("blkio")
                .or_else(|_| controller("io"))
                .and_then(|()| loop_devices()),
            Self::HugePages => huge_pages(),
            Self::Cgroup2 => cgroup2(),
            Self::Landlock => landlock(),
            Self::AppArmor => apparmor(),
            Self::Bus => installed(&[
                "dbus-daemon",
                "dbus-send",
                "dbus-test-tool",
                "gdbus",
                "xdg-dbus-proxy",
            ]),
            Self::Portal => helpers(&["xdg-desktop-portal", "xdg-permission-store"]),
            Self::Documents => helpers(&["xdg-document-portal"]).and_then(|()| fuse()),
            Self::Systemd => systemd(),
            Self::NewerDebian => Tree::newer_debian().map(drop),
            Self::PipeWire => installed(&[
                "pipewire",
                "pipewire-pulse",
                "wireplumber",
                "pw-cli",
                "pactl",
            ]),
            Self::Dconf => installed(&["dconf"]),
        }
    }
}

const SERVERS: [&str; 9] = [
    "weston",
    "wayland-info",
    "Xvfb",
    "xauth",
    "xdpyinfo",
    "pulseaudio",
    "pactl",
    "ssh-agent",
    "python3",
];

fn installed(programs: &[&str]) -> Result<(), String> {
    programs
        .iter()
        .try_for_each(|name| match find_program(name) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        })
}

/// Programs that only services start.
fn helpers(programs: &[&str]) -> Result<(), String> {
    programs.iter().try_for_each(|name| {
        let path = Path::new("/usr/libexec").join(name);
        match path.exists() {
            true => Ok(()),
            false => Err(format!("`{}` is not installed", path.display())),
        }
    })
}

fn fuse() -> Result<(), String> {
    let opened = fs::File::options().read(true).write(true).open("/dev/fuse");
    opened
        .map(drop)
        .map_err(|error| format!("`/dev/fuse`: {error}"))
}

fn user_namespaces() -> Result<(), String> {
    let unshare = find_program("unshare").map_err(|error| error.to_string())?;
    let made: Result<_, std::io::Error> =
        silent(User::ordinary().command(&unshare).args(["-Ur", "true"]));
    match made {
        Ok(true) => Ok(()),
        _ => Err("an ordinary user gets no user namespace here".to_owned()),
    }
}

fn silent(command: &mut Command) -> std::io::Result<bool> {
    Ok(command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?
        .success())
}

/// Tries to make a cgroup under the controller's root: the only probe that knows of delegation.
fn controller(name: &str) -> Result<(), String> {
    let dir = controller_dir(name).ok_or_else(|| format!("no mounted `{name}` controller"))?;
    let probe = dir.join(format!("probe-{}", std::process::id()));
    fs::create_dir(&probe).map_err(|error| format!("no cgroup in `{}`: {error}", dir.display()))?;
    fs::remove_dir(&probe).map_err(|error| format!("`{}`: {error}", probe.display()))
}

fn controller_dir(name: &str) -> Option<PathBuf> {
    let v1 = Path::new("/sys/fs/cgroup").join(name);
    if v1.join("tasks").exists() {
        return Some(v1);
    }
    let v2 = Path::new("/sys/fs/cgroup");
    let controllers = fs::read_to_string(v2.join("cgroup.controllers")).ok()?;
    controllers
        .split_whitespace()
        .any(|one| one == name)
        .then(|| v2.to_owned())
}

fn loop_devices() -> Result<(), String> {
    installed(&["losetup"])?;
    let control = fs::File::options()
        .read(true)
        .write(true)
        .open("/dev/loop-control");
    control
        .map(drop)
        .map_err(|error| format!("no loop device: {error}"))
}

fn huge_pages() -> Result<(), String> {
    let v2 = Path::new("/sys/fs/cgroup/cgroup.controllers");
    if v2.exists() && Path::new("/run/systemd/system").is_dir() {
        return Err("systemd does not hand the controller down".to_owned());
    }
    let hybrid = Path::new("/sys/fs/cgroup/unified/cgroup.controllers");
    let listed = [v2, hybrid].map(|path| fs::read_to_string(path).unwrap_or_default());
    let on_v2 = listed
        .iter()
        .any(|list| list.split_whitespace().any(|name| name == "hugetlb"));
    match on_v2 || Path::new("/sys/fs/cgroup/hugetlb/tasks").exists() {
        true => Ok(()),
        false => Err("no `hugetlb` controller".to_owned()),
    }
}

fn systemd() -> Result<(), String> {
    if !Path::new("/sys/fs/cgroup/cgroup.controllers").exists() {
        return Err("cgroup v2 is not what is mounted at `/sys/fs/cgroup`".to_owned());
    }
    if !Path::new("/run/systemd/system").is_dir() {
        return Err("the machine was not started by systemd".to_owned());
    }
    match silent(crate::systemctl().arg("list-units")) {
        Ok(true) => Ok(()),
        _ => Err("no service manager answers this user".to_owned()),
    }
}

fn cgroup2() -> Result<(), String> {
    let found = fs::read_to_string("/sys/fs/cgroup/cgroup.controllers").unwrap_or_default();
    let missing = ["memory", "cpu", "pids"]
        .into_iter()
        .find(|wanted| found.split_whitespace().all(|one| one != *wanted));
    match missing {
        None => Ok(()),
        Some(name) => Err(format!("cgroup v2 has no `{name}` controller here")),
    }
}

fn landlock() -> Result<(), String> {
    let python = find_program("python3").map_err(|error| error.to_string())?;
    let ask = "import ctypes; exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 6)";
    match silent(Command::new(python).args(["-c", ask])) {
        Ok(true) => Ok(()),
        _ => Err("the kernel's Landlock knows no ports and abstract sockets".to_owned()),
    }
}

fn apparmor() -> Result<(), String> {
    match fs::read_to_string("/sys/module/apparmor/parameters/enabled") {
        Ok(text) if text.trim() == "Y" => Ok(()),
        _ => Err("the kernel runs without AppArmor".to_owned()),
    }
}
