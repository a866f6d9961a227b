//! The state document that `state` and `list` show: the OCI one with runc's further fields.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use flatrack_engine::{ContainerId, Info, StateDir, Status};
use serde::Serialize;

/// A container's state, field for field what runc shows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    oci_version: String,
    pub(crate) id: ContainerId,
    pub(crate) pid: i32,
    pub(crate) status: Status,
    pub(crate) bundle: PathBuf,
    rootfs: PathBuf,
    pub(crate) created: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    pub(crate) owner: String,
}

impl Document {
    /// Of a container, with what its state directory says of it besides.
    pub(crate) fn new(state: &StateDir, info: Info) -> Self {
        let spec = state.spec(&info.id).ok();
        let root = spec.as_ref().and_then(|spec| spec.root().as_ref());
        let owner = state.of(&info.id).metadata().map(|facts| facts.uid());
        Self {
            oci_version: info.oci_version,
            pid: info.pid,
            status: info.status,
            rootfs: root.map_or_else(PathBuf::new, |root| info.bundle.join(root.path())),
            id: info.id,
            bundle: info.bundle,
            created: rfc3339(info.created),
            annotations: info.annotations,
            owner: owner.map(name).unwrap_or_default(),
        }
    }
}

/// A point in time from seconds since 1970; one that no calendar has is 1970 itself.
fn rfc3339(seconds: u64) -> String {
    const YEAR_9999: u64 = 253_370_764_800;
    let since = Duration::from_secs(Some(seconds).filter(|at| *at < YEAR_9999).unwrap_or(0));
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}

/// The user's name, or the number if there is none.
fn name(uid: u32) -> String {
    flatrack_sys::user::by_uid(uid).map_or_else(|| format!("#{uid}"), |user| user.name)
}
