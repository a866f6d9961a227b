//! What the kernel's memory killer did in a cgroup: read before the cgroup is removed.

use serde::{Deserialize, Serialize};

use super::{Cgroup, Result, Version, files};

/// Facts about memory at the end of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct OomFacts {
    /// Processes killed because the limit was reached.
    pub kills: u64,
    /// The most memory that was ever used, in bytes, if the kernel keeps it.
    pub peak: Option<u64>,
    /// The limit, in bytes; `None` if there is none.
    pub limit: Option<u64>,
}

/// v1's way to say "no limit": the largest number of whole pages.
pub(super) const V1_NO_LIMIT: u64 = 1 << 62;

impl Cgroup {
    /// Reads them; all zero if the container has no memory cgroup.
    pub fn oom_facts(&self) -> Result<OomFacts> {
        let Some(directory) = self.with("memory") else {
            return Ok(OomFacts::default());
        };
        let path = &directory.path;
        Ok(match directory.version {
            Version::V1 => OomFacts {
                kills: files::keyed(&path.join("memory.oom_control"), "oom_kill")?.unwrap_or(0),
                peak: files::number(&path.join("memory.max_usage_in_bytes"))?,
                limit: files::number(&path.join("memory.limit_in_bytes"))?
                    .filter(|limit| *limit < V1_NO_LIMIT),
            },
            Version::V2 => OomFacts {
                kills: files::keyed(&path.join("memory.events"), "oom_kill")?.unwrap_or(0),
                peak: files::number(&path.join("memory.peak"))?,
                limit: files::number(&path.join("memory.max"))?,
            },
        })
    }
}
