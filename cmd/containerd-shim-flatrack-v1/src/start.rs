//! `start`: the address of the pod's shim, which is started unless it is there.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::fs::Mode;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::arguments::Arguments;
use crate::error::{Error, Result};
use crate::messages::bootstrap::Dialect;

/// Where containerd's shims have their sockets.
const PLACE: &str = "/run/containerd/s";
/// Annotations of containers that share a shim: what names the group.
const GROUPS: [&str; 2] = [
    "io.containerd.runc.v2.group",
    "io.kubernetes.cri.sandbox-id",
];

/// Answers on standard output. The working directory is the bundle.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let version = std::env::var("MAX_SHIM_VERSION").ok();
    let (id, namespace) = (&arguments.id, &arguments.namespace);
    let dialect = Dialect::of(&input(), version.as_deref(), id, namespace);
    let group = group(Path::new("config.json"))?.unwrap_or_else(|| id.clone());
    let socket = socket_path(&arguments.address, namespace, &group);
    if !is_served(&socket) {
        serve(arguments, &socket)?;
    }
    let address = format!("unix://{}", socket.display());
    let file = Path::new("address");
    std::fs::write(file, &address).map_err(|error| Error::io("write", file, &error))?;
    let written = std::io::stdout().write_all(&dialect.answer(address));
    written.map_err(|error| Error::unknown(format!("standard output: {error}")))
}

/// What the caller writes to standard input, if anything.
fn input() -> Vec<u8> {
    const MOST: u64 = 1 << 20;
    use std::io::IsTerminal as _;
    let stdin = std::io::stdin();
    let mut text = Vec::new();
    if !stdin.is_terminal() {
        // who writes nothing that can be read says nothing
        drop(stdin.lock().take(MOST).read_to_end(&mut text));
    }
    text
}

/// The group that a container belongs to.
fn group(config: &Path) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Config {
        #[serde(default)]
        annotations: std::collections::BTreeMap<String, String>,
    }
    let text = std::fs::read(config).map_err(|error| Error::io("read", config, &error))?;
    let parsed: Config = serde_json::from_slice(&text)
        .map_err(|error| Error::unknown(format!("`{}`: {error}", config.display())))?;
    Ok(GROUPS
        .iter()
        .find_map(|key| parsed.annotations.get(*key).cloned()))
}

/// A name that fits into a socket's address, whatever the pod is called.
fn socket_path(address: &str, namespace: &str, group: &str) -> PathBuf {
    let mut hash = Sha256::new();
    for part in ["flatrack", address, namespace, group] {
        hash.update(part);
        hash.update([0]);
    }
    let name: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Path::new(PLACE).join(name)
}

fn is_served(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok()
}

/// Starts the shim, with the listening socket as its standard input.
fn serve(arguments: &Arguments, socket: &Path) -> Result<()> {
    let listener = match listen(socket) {
        Ok(listener) => listener,
        // somebody else was quicker
        Err(_) if is_served(socket) => return Ok(()),
        Err(error) => return Err(Error::io("listen at", socket, &error)),
    };
    let own = std::env::current_exe();
    let own = own.map_err(|error| Error::unknown(format!("this program: {error}")))?;
    let mut command = Command::new(&own);
    command.args(["-namespace", &arguments.namespace, "-id", &arguments.id]);
    command.args(["-address", &arguments.address]);
    command.stdin(OwnedFd::from(listener)).stdout(Stdio::null());
    // containerd reads it; without a reader it is nobody's
    let log = File::options()
        .write(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open("log");
    command.stderr(log.map_or_else(|_| Stdio::null(), Stdio::from));
    let child = command.spawn();
    let child = child.map_err(|error| Error::io("start", &own, &error))?;
    stand_back(child.id());
    Ok(())
}

/// Where memory runs out the kernel kills a shim before its containerd, from which it would inherit the score; as with containerd's own.
/// A kernel that says nothing of scores ends nothing.
fn stand_back(shim: u32) {
    const LAST: i32 = 1000;
    let own = std::fs::read_to_string("/proc/self/oom_score_adj").unwrap_or_default();
    if let Ok(score) = own.trim().parse::<i32>() {
        let score = score.saturating_add(1).min(LAST).to_string();
        drop(std::fs::write(format!("/proc/{shim}/oom_score_adj"), score));
    }
}

/// Only its owner may connect: whoever does rules the pod.
fn listen(socket: &Path) -> std::io::Result<UnixListener> {
    std::fs::DirBuilder::new()
        .mode(0o711)
        .recursive(true)
        .create(PLACE)?;
    let before = rustix::process::umask(Mode::from_raw_mode(0o077));
    let bound = UnixListener::bind(socket).or_else(|error| match error.kind() {
        // what is left of a shim that is gone
        ErrorKind::AddrInUse if !is_served(socket) => {
            std::fs::remove_file(socket)?;
            UnixListener::bind(socket)
        }
        _ => Err(error),
    });
    rustix::process::umask(before);
    bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_short_and_a_pods_own() {
        let path = |id: &str| socket_path("/run/containerd/containerd.sock", "k8s.io", id);
        assert!(path(&"x".repeat(300)).as_os_str().len() < 108);
        assert_ne!(path("a"), path("b"));
        assert_ne!(socket_path("a", "bc", "d"), socket_path("a", "b", "cd"));
    }

    #[test]
    fn a_group_is_what_the_pod_says() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.json");
        std::fs::write(
            &file,
            r#"{"annotations": {"io.kubernetes.cri.sandbox-id": "pod"}}"#,
        )
        .unwrap();
        assert_eq!(group(&file).unwrap().as_deref(), Some("pod"));
        std::fs::write(&file, r#"{"ociVersion": "1.0.2"}"#).unwrap();
        assert_eq!(group(&file).unwrap(), None);
        std::fs::write(&file, "{").unwrap();
        assert!(group(&file).is_err());
    }
}
