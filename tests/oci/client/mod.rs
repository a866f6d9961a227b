//! The engines, as tests drive them. What they keep lies in directories of the tests'.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::runtime::binary;

pub(crate) mod containerd;
pub(crate) mod docker;
pub(crate) mod kubelet;
pub(crate) mod podman;

/// flatrack-oci on a node that has the runtimes of another Flatpak installation than the machine's: engines hand on few variables.
pub(crate) fn on_node(installation: &Path) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let runtime = dir.path().join("flatrack-oci");
    let text = format!(
        "#!/bin/sh\nFLATPAK_SYSTEM_DIR={} exec {} \"$@\"\n",
        installation.display(),
        binary().display()
    );
    std::fs::write(&runtime, text).unwrap();
    std::fs::set_permissions(&runtime, PermissionsExt::from_mode(0o755)).unwrap();
    (dir, runtime)
}
