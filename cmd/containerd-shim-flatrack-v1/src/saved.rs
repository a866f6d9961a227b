//! What of a container is written down, for the clean-up after a shim that was killed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::messages::options::Options;

/// In the bundle's directory, which is containerd's own.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Saved {
    binary_name: String,
    root: String,
    systemd_cgroup: bool,
}

impl Saved {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            binary_name: options.binary_name.clone(),
            root: options.root.clone(),
            systemd_cgroup: options.systemd_cgroup,
        }
    }

    fn path(bundle: &Path) -> PathBuf {
        bundle.join("flatrack-shim.json")
    }

    /// Writes it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, bundle: &Path) -> Result<()> {
        let path = Self::path(bundle);
        let json = serde_json::to_vec(self).unwrap_or_default();
        std::fs::write(&path, json).map_err(|error| Error::io("write", &path, &error))
    }

    /// Reads it; what is not there was never asked for.
    pub(crate) fn read(bundle: &Path) -> Options {
        let text = std::fs::read(Self::path(bundle)).unwrap_or_default();
        let saved: Self = serde_json::from_slice(&text).unwrap_or_default();
        Options {
            binary_name: saved.binary_name,
            root: saved.root,
            systemd_cgroup: saved.systemd_cgroup,
        }
    }
}
