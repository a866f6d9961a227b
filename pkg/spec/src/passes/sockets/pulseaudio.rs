//! Sound: the PulseAudio server, which PipeWire speaks as well, and ALSA's devices.

use std::path::{Path, PathBuf};

use flatrack_perms::Permission;

use super::{find, runtime_link};
use crate::passes::{Input, PlanError, devices};
use crate::{FileKind, Plan, PulseServer};

const SOCKET: &str = "/run/flatpak/pulse/native";
const CONFIG: &str = "/run/flatpak/pulse/config";
/// Of a server for the whole machine.
const SYSTEM: &str = "/var/run/pulse/native";

pub(super) fn pass(input: &Input<'_>, plan: &mut Plan) -> Result<(), PlanError> {
    if !input.has(Permission::Pulseaudio) {
        return Ok(());
    }
    let reason = input.granted(Permission::Pulseaudio);
    let socket = match server(input) {
        Some(PulseServer::Network(words)) => {
            plan.set_env("PULSE_SERVER", words);
            return Ok(());
        }
        Some(PulseServer::Socket(path)) => find(input, &path)?,
        None => match usual(input) {
            Some(path) => find(input, &path)?,
            None => None,
        },
    };
    let socket = match socket {
        Some(socket) => Some(socket),
        None => find(input, Path::new(SYSTEM))?,
    };
    plan.environment.remove("PULSE_SERVER");
    if let Some(socket) = socket {
        plan.socket(socket, SOCKET, reason.clone());
        // shared memory would need the host's /dev/shm
        plan.file("pulse-config", CONFIG, "enable-shm=no\n".to_owned());
        plan.set_env("PULSE_SERVER", format!("unix:{SOCKET}"));
        plan.set_env("PULSE_CLIENTCONFIG", CONFIG);
        runtime_link(input, plan, "pulse");
    }
    // with all devices they are there already
    if !input.has(Permission::AllDevices)
        && input.host.kind(Path::new("/dev/snd")) == Some(FileKind::Dir)
    {
        devices::device(plan, "/dev/snd", reason);
    }
    Ok(())
}

/// What the variable names, else the configuration.
fn server(input: &Input<'_>) -> Option<PulseServer> {
    let configured = || input.launch.session.pulse_server.as_deref();
    let words = input.facts.env("PULSE_SERVER").or_else(configured)?;
    PulseServer::parse(words)
}

/// Where a server listens that nobody configured.
fn usual(input: &Input<'_>) -> Option<PathBuf> {
    let facts = input.facts;
    let directory = match facts.env("PULSE_RUNTIME_PATH") {
        Some(path) => Some(PathBuf::from(path)),
        None => facts.runtime_dir.as_ref().map(|dir| dir.join("pulse")),
    };
    let is_dir = |path: &PathBuf| input.host.kind_resolved(path) == Some(FileKind::Dir);
    let directory = directory.filter(is_dir).or_else(|| {
        let name = format!("{}-runtime", input.launch.session.machine_id.as_ref()?);
        let config = facts.base_dir("XDG_CONFIG_HOME", ".config").join("pulse");
        [facts.user.home.join(".pulse"), config]
            .into_iter()
            .map(|top| top.join(&name))
            .find(is_dir)
    });
    Some(directory?.join("native"))
}
