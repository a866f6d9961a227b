//! An app in a pod or container of an engine's: the engine's document is the bound, the plan goes into it.
//!
//! ```text
//! document ──mounts──► Launch.pod ──plan──► Plan ──render──► Spec ──join(document)──► Spec
//! ```
//!
//! What either of the two withholds is withheld: [`join`] gives nothing that the document does not, besides the sandbox's own tree.

mod change;
mod devices;
mod further;
mod join;
mod tighter;

use std::path::{Path, PathBuf};

use oci_spec::OciSpecError;
use oci_spec::runtime::{Mount, Spec};
use serde::Serialize;

use crate::{Access, DevicePlan, Shape};

pub use change::change;
pub use devices::devices;
pub use further::further;
pub use join::join;

/// Marks a document that was joined, whose first program is an app's.
pub const ANNOTATION: &str = "org.flatrack.pod";

/// A mount of the document that the app gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PodMount {
    /// its place in the document's list
    pub at: usize,
    /// absolute path inside; not always the document's, since `/var/run` is a link
    pub destination: PathBuf,
    /// an empty file system in memory
    pub memory: bool,
    /// read only or not
    pub access: Access,
    /// what stands there
    pub shape: Shape,
}

/// What of the document the app gets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pod {
    /// its mounts
    pub mounts: Vec<PodMount>,
    /// its devices
    pub devices: Vec<DevicePlan>,
}

/// Why an app cannot be put into a document.
#[derive(Debug, thiserror::Error)]
pub enum PodError {
    /// A mount where the sandbox has its own.
    #[error("the mount at `{}` would cover what the app's sandbox has there", .0.display())]
    Covers(PathBuf),
    /// A mount of a kind that is not known to be harmless.
    #[error("the mount at `{}` is of the type `{typ}`", destination.display())]
    MountType {
        /// where
        destination: PathBuf,
        /// as written
        typ: String,
    },
    /// A limit that both give, in ways that cannot be compared.
    #[error("the document sets `{0}` directly, and the app has a limit of that kind too")]
    Unified(&'static str),
    /// No CPU is left.
    #[error("of the CPUs `{pod}` of the document and `{app}` of the app none is left")]
    NoCpu {
        /// the document's
        pod: String,
        /// the app's
        app: String,
    },
    /// Something of the document is missing or is wrong.
    #[error("the document's `{0}` cannot be understood")]
    Document(&'static str),
    /// A value that the OCI document cannot hold.
    #[error("the app does not fit an OCI document")]
    Build(#[from] OciSpecError),
}

/// File systems of the kernel's: the sandbox has its own, or does without.
const KERNEL: [&str; 6] = ["proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts"];

/// Places of the sandbox's own. No bind of a document's is at one of them, or above.
const OWN: [&str; 14] = [
    "/.flatpak-info",
    "/app",
    "/bin",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/run/flatpak",
    "/run/flatrack",
    "/run/host",
    "/sbin",
    "/sys",
    "/usr",
];

/// Those of them in which there is none either.
const CLOSED: [&str; 6] = [
    "/.flatpak-info",
    "/proc",
    "/run/flatpak",
    "/run/flatrack",
    "/run/host",
    "/sys",
];

/// Variables that say where things are in the sandbox: the engine's defaults are for another tree.
const FIXED: [&str; 8] = [
    "PATH",
    "HOME",
    "SHELL",
    "XDG_CONFIG_DIRS",
    "XDG_DATA_DIRS",
    "XDG_RUNTIME_DIR",
    "FLATPAK_ID",
    "container",
];

/// Whether a variable says where things are in the sandbox, which no document of an engine's knows.
#[must_use]
pub fn is_fixed(variable: &str) -> bool {
    FIXED.contains(&variable)
}

/// The mounts of a document that an app gets. `shape` looks at a source.
///
/// # Errors
/// A mount that would cover the sandbox's own files, or of an unknown kind.
pub fn mounts(document: &Spec, shape: &dyn Fn(&Path) -> Shape) -> Result<Vec<PodMount>, PodError> {
    let mounts = document.mounts().as_deref().unwrap_or_default();
    let mut kept: Vec<PodMount> = Vec::new();
    for (at, mount) in mounts.iter().enumerate() {
        if let Some(mount) = one(at, mount, shape)? {
            kept.retain(|other| other.destination != mount.destination);
            kept.push(mount);
        }
    }
    Ok(kept)
}

fn one(
    at: usize,
    mount: &Mount,
    shape: &dyn Fn(&Path) -> Shape,
) -> Result<Option<PodMount>, PodError> {
    let has = |words: &[&str]| {
        let options = mount.options().as_deref().unwrap_or_default();
        options
            .iter()
            .any(|option| words.contains(&option.as_str()))
    };
    let typ = mount.typ().as_deref().unwrap_or_default();
    let bind = typ == "bind" || has(&["bind", "rbind"]);
    let destination = place(mount.destination())?;
    let covers = OWN
        .iter()
        .any(|own| Path::new(own).starts_with(&destination));
    let inside = CLOSED.iter().any(|own| destination.starts_with(own));
    // volumes that engines lay over an image or a directory
    let files = bind || typ == "overlay";
    match (files, typ) {
        (true, _) if covers || inside => Err(PodError::Covers(destination)),
        (false, typ) if KERNEL.contains(&typ) => Ok(None),
        // the sandbox's `/run` and `/dev` are in memory anyway
        (false, "tmpfs") if covers || inside || destination == Path::new("/dev/shm") => Ok(None),
        (true, _) | (false, "tmpfs") => Ok(Some(PodMount {
            at,
            destination,
            memory: !files,
            access: match has(&["ro", "rro"]) {
                true => Access::ReadOnly,
                false => Access::ReadWrite,
            },
            shape: match mount.source() {
                Some(source) if bind => shape(source),
                _ => Shape::Tree,
            },
        })),
        (false, typ) => Err(PodError::MountType {
            destination,
            typ: typ.to_owned(),
        }),
    }
}

/// The path inside, where `/var/run` is a link to `/run`.
fn place(destination: &Path) -> Result<PathBuf, PodError> {
    use std::path::Component;
    let clean = |part: Component<'_>| matches!(part, Component::RootDir | Component::Normal(_));
    if !destination.is_absolute() || !destination.components().all(clean) {
        return Err(PodError::Document("mounts.destination"));
    }
    Ok(match destination.strip_prefix("/var/run") {
        Ok(below) => Path::new("/run").join(below),
        Err(_) => destination.components().collect(),
    })
}

#[cfg(test)]
mod tests;
