//! Reading a bundle.

use std::collections::BTreeMap;
use std::path::Path;

use flatrack_engine::oci::Spec;
use flatrack_engine::{Bundle, ContainerId, Root};

use serde_json::Value;

use crate::capabilities;
use crate::failure::{Doing, Failure, Result};
use crate::log::Log;

/// The bundle in a directory; the document's relative paths, and its own, start there.
pub(crate) fn load(directory: &Path, config: &Path, log: &Log) -> Result<Bundle> {
    let dir = directory.canonicalize().at("find the bundle", directory)?;
    let path = dir.join(config);
    let bytes = std::fs::read(&path)
        .at("read", &path)
        .map_err(|failure| failure.hint("a bundle is a directory with a `config.json`"))?;
    let mut document: Value = serde_json::from_slice(&bytes).at("understand", &path)?;
    if let Some(process) = document.get_mut("process") {
        for name in capabilities::leave_out_unknown(process) {
            log.warn(&format!(
                "the capability `{}` is unknown and not given",
                name.escape_default()
            ));
        }
    }
    let spec: Spec = serde_json::from_value(document).at("understand", &path)?;
    Ok(Bundle {
        dir,
        spec,
        root: Root::Directory,
        pins: BTreeMap::new(),
    })
}

/// Settles where the cgroup is to be, where the document leaves it to the runtime.
///
/// # Errors
/// With `--systemd-cgroup`, for a path that is not `slice:prefix:name`: the engine that asks for it means another place.
pub(crate) fn place(bundle: &mut Bundle, id: &ContainerId, systemd: bool) -> Result<()> {
    let Some(linux) = bundle.spec.linux_mut() else {
        return Ok(());
    };
    let path = linux
        .cgroups_path()
        .as_deref()
        .filter(|path| !path.as_os_str().is_empty());
    match path {
        None if systemd => {
            let slice = match rustix::process::geteuid().is_root() {
                true => "system.slice",
                false => "user.slice",
            };
            linux.set_cgroups_path(Some(format!("{slice}:flatrack:{id}").into()));
            Ok(())
        }
        Some(path) if systemd && path.to_string_lossy().split(':').count() != 3 => {
            Err(Failure::new(format!(
                "linux.cgroupsPath `{}` is not `slice:prefix:name`",
                path.display()
            ))
            .hint("leave `--systemd-cgroup` out for a path"))
        }
        _ => Ok(()),
    }
}
