//! `spec`: a document to begin with.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::failure::{Doing, Result};

/// What it takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The bundle's directory [default: the current one]
    #[arg(
        short,
        long,
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    bundle: PathBuf,
    /// For an ordinary user
    #[arg(long = "rootless", id = "for_ordinary_user")]
    rootless: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let path = arguments.bundle.join("config.json");
    let mut document = document();
    if !has_unified_cgroups() {
        // of v1 the container would see hierarchies of which others are the root
        without_namespace(&mut document, "cgroup");
    }
    if arguments.rootless {
        make_rootless(&mut document);
    }
    let text = serde_json::to_string_pretty(&document).doing("write JSON")? + "\n";
    File::create_new(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .at("write", &path)
}

/// A shell with the capabilities, the mounts and the hidden paths that engines give by default.
fn document() -> Value {
    let capabilities = json!(["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]);
    let of_kernel = ["nosuid", "noexec", "nodev"];
    json!({
        "ociVersion": "1.2.0",
        "process": {
            "terminal": true,
            "user": {"uid": 0, "gid": 0},
            "args": ["sh"],
            "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            "cwd": "/",
            "capabilities": {"bounding": capabilities, "effective": capabilities, "permitted": capabilities},
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
            "noNewPrivileges": true,
        },
        "root": {"path": "rootfs", "readonly": true},
        "hostname": "flatrack",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
            {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": of_kernel},
            {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
            {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]},
        ],
        "linux": {
            "resources": {"devices": [{"allow": false, "access": "rwm"}]},
            "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}, {"type": "cgroup"}],
            "maskedPaths": [
                "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    })
}

fn without_namespace(document: &mut Value, kind: &str) {
    if let Some(namespaces) = document["linux"]["namespaces"].as_array_mut() {
        namespaces.retain(|namespace| namespace["type"] != kind);
    }
}

fn has_unified_cgroups() -> bool {
    std::path::Path::new("/sys/fs/cgroup/cgroup.controllers").exists()
}

/// The own user as root of a user namespace, and without what an ordinary user cannot have.
fn make_rootless(document: &mut Value) {
    let mapping = |host: u32| json!([{"containerID": 0, "hostID": host, "size": 1}]);
    let linux = &mut document["linux"];
    linux["uidMappings"] = mapping(rustix::process::geteuid().as_raw());
    linux["gidMappings"] = mapping(rustix::process::getegid().as_raw());
    linux["resources"] = json!({});
    // of the host's network no sysfs of one's own can be mounted: it is bound
    without_namespace(document, "network");
    if let Some(namespaces) = document["linux"]["namespaces"].as_array_mut() {
        namespaces.push(json!({"type": "user"}));
    }
    for mount in document["mounts"].as_array_mut().into_iter().flatten() {
        if mount["type"] == "sysfs" {
            *mount = json!({"destination": "/sys", "type": "none", "source": "/sys", "options": ["rbind", "nosuid", "noexec", "nodev", "ro"]});
        } else if let Some(options) = mount["options"].as_array_mut() {
            options.retain(|option| option != "gid=5");
        }
    }
    if let Some(mounts) = document["mounts"].as_array_mut() {
        mounts.retain(|mount| mount["type"] != "cgroup");
    }
}
