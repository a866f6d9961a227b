//! The container's file systems: root, mounts, devices, protected paths. All of it happens below a descriptor of the new root, before
//! that becomes `/`; every path that an image can influence is resolved in it by `openat2(RESOLVE_IN_ROOT)`.

mod cgroups;
mod device;
mod mapped;
mod memory;
mod options;
mod protect;
mod source;

use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use flatrack_sys::mount::{self, Attributes};
use flatrack_sys::path::{
    Links, create_file_in_root, is_directory, mkdir_all_in_root, open_following, resolve_in_root,
};
use oci_spec::runtime::Mount;
use rustix::fs::{PROC_SUPER_MAGIC, fstatfs};

pub use self::options::MOUNT_OPTIONS;
use self::options::Options;
use self::source::Source;
use crate::bundle::{Bundle, Root};
use crate::cgroup::{Cgroup, Hierarchies};
use crate::failure::{At, SetupFailure, Step, nothing};

/// Files below /proc that may be mounted over, because others emulate them (lxcfs).
const OVER_PROC: &[&str] = &[
    "/proc/cpuinfo",
    "/proc/diskstats",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/swaps",
    "/proc/uptime",
    "/proc/loadavg",
    "/proc/slabinfo",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/sys/crypto/fips_enabled",
];

/// Everything that can be decided before the clone.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    bundle: &'a Bundle,
    options: Vec<Options>,
    sources: Vec<Source<'a>>,
    root: PathBuf,
}

/// What the mounts depend on besides the bundle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// Seen from outside, where their paths mean something.
    pub(crate) hierarchies: &'a Hierarchies,
    pub(crate) cgroup: &'a Cgroup,
    /// The container's cgroup is the root of its cgroup namespace.
    pub(crate) cgroup_namespace: bool,
    /// This process has no rights over the host's devices.
    pub(crate) user_namespace: bool,
}

impl<'a> Prepared<'a> {
    /// Sorts the options and opens what can be opened.
    pub(crate) fn new(bundle: &'a Bundle) -> Result<Self, SetupFailure> {
        let mounts = bundle.spec.mounts().as_deref().unwrap_or_default();
        let options = mounts
            .iter()
            .map(Options::parse)
            .collect::<Result<Vec<_>, _>>()?;
        let sources = source::all(bundle, &options)?;
        let root = bundle
            .spec
            .root()
            .as_ref()
            .map_or_else(PathBuf::new, |root| bundle.dir.join(root.path()));
        Ok(Self {
            bundle,
            options,
            sources,
            root,
        })
    }

    /// Builds the tree and returns a descriptor of its root. Called in the container's mount namespace.
    pub(crate) fn build(&mut self, around: Surroundings<'_>) -> Result<OwnedFd, SetupFailure> {
        let spec = &self.bundle.spec;
        let Some(linux) = spec.linux() else {
            return Err(SetupFailure::new(Step::Root, "", "the spec has no `linux`"));
        };
        let propagation = match linux.rootfs_propagation().as_deref() {
            None
            | Some("" | "slave" | "rslave" | "shared" | "rshared" | "unbindable" | "runbindable") => {
                mount::SLAVE
            }
            Some("private" | "rprivate") => mount::PRIVATE,
            Some(other) => return Err(SetupFailure::new(Step::Root, other, "unknown propagation")),
        };
        mount::set_propagation_of_all(propagation).at(Step::Root, nothing)?;
        let mounts = spec.mounts().as_deref().unwrap_or_default();
        // All sources first: the new root may cover the directory that one of them is in.
        let mut trees = Vec::with_capacity(mounts.len());
        let sources = std::mem::take(&mut self.sources);
        for ((mount, options), source) in mounts.iter().zip(&self.options).zip(sources) {
            let tree = source.tree(options, propagation);
            trees.push(tree.at(Step::Mount, || mount.destination().display().to_string())?);
        }
        let root = open_root(&self.root, &self.bundle.root)
            .at(Step::Root, || self.root.display().to_string())?;
        if let Root::Tmpfs { skeleton, .. } = &self.bundle.root {
            skeleton.write_into(&root).at(Step::Root, nothing)?;
        }
        let links = match self.bundle.root {
            Root::Directory => Links::Follow,
            Root::Tmpfs { .. } => Links::Refuse,
        };
        let mut own_dev = true;
        for ((mount, options), tree) in mounts.iter().zip(&self.options).zip(trees) {
            own_dev &= !(options.bind && mount.destination() == Path::new("/dev"));
            one(&root, mount, options, tree, links, around)
                .at(Step::Mount, || mount.destination().display().to_string())?;
        }
        if own_dev {
            device::set_up(
                &root,
                linux.devices().as_deref().unwrap_or_default(),
                !around.user_namespace,
            )?;
        }
        Ok(root)
    }

    /// Hides and makes read-only what the container must not see or change: last, because hooks may add to the tree.
    pub(crate) fn close(&self, root: &OwnedFd) -> Result<(), SetupFailure> {
        let spec = &self.bundle.spec;
        let linux = spec.linux().as_ref();
        let masked = linux.and_then(|linux| linux.masked_paths().as_deref());
        let read_only = linux.and_then(|linux| linux.readonly_paths().as_deref());
        protect::apply(
            root,
            masked.unwrap_or_default(),
            read_only.unwrap_or_default(),
        )?;
        let mounts = spec.mounts().as_deref().unwrap_or_default();
        close_dev(root, mounts, &self.options).at(Step::Mount, || "/dev".into())?;
        if spec
            .root()
            .as_ref()
            .is_some_and(|root| root.readonly() == Some(true))
        {
            mount::set_attributes(root, &Attributes::setting(Attributes::READ_ONLY), false)
                .at(Step::Root, nothing)?;
        }
        Ok(())
    }
}

/// The mount that becomes `/`, attached where the spec has the root.
fn open_root(path: &Path, kind: &Root) -> std::io::Result<OwnedFd> {
    let place = open_following(path)?;
    if !is_directory(&place)? {
        return Err(std::io::ErrorKind::NotADirectory.into());
    }
    let tree = match kind {
        Root::Directory => mount::clone_tree(&place, true)?,
        Root::Tmpfs { size, .. } => {
            let size = size.map(|size| format!("size={size}"));
            let parameters = ["mode=755"].into_iter().chain(size.as_deref());
            let tree = mount::new_filesystem("tmpfs", "tmpfs", parameters)?;
            mount::set_attributes(
                &tree,
                &Attributes::setting(Attributes::NO_SUID | Attributes::NO_DEV),
                false,
            )?;
            tree
        }
    };
    mount::attach(&tree, place)?;
    Ok(tree)
}

/// Makes one mount.
fn one(
    root: &OwnedFd,
    spec: &Mount,
    options: &Options,
    tree: Option<OwnedFd>,
    links: Links,
    around: Surroundings<'_>,
) -> std::io::Result<()> {
    let destination = spec.destination();
    let kind = spec.typ().as_deref().unwrap_or_default();
    // What the kernel tells must be where everybody looks for it, and where it is protected.
    let links = match kind {
        "proc" | "sysfs" => Links::Refuse,
        _ => links,
    };
    if !options.bind && matches!(kind, "cgroup" | "cgroup2") {
        return cgroups::mount(
            root,
            destination,
            &options.attributes,
            around.hierarchies,
            around.cgroup,
            around.cgroup_namespace,
        );
    }
    let tree = match tree {
        Some(tree) => tree,
        None if kind.is_empty() => {
            return Err(std::io::Error::other(
                "the mount has neither a type nor `bind`",
            ));
        }
        None => {
            let name = spec
                .source()
                .as_ref()
                .map_or(kind.into(), |source| source.to_string_lossy());
            let parameters = options.parameters.iter().map(String::as_str);
            let tree = mount::new_filesystem(kind, &name, parameters)?;
            // A root of our own has no directory whose mode anybody has chosen.
            if kind == "tmpfs" && links == Links::Follow && !is_dev(spec) {
                let own_mode = options.parameters.iter().any(|p| p.starts_with("mode="));
                memory::take_over(root, destination, &tree, !own_mode, options.copy_up)?;
            }
            tree
        }
    };
    let mut attributes = options.attributes;
    if is_dev(spec) && !options.bind {
        // Nodes have yet to be made in it.
        attributes.set &= !Attributes::READ_ONLY;
    }
    if !attributes.is_empty() {
        mount::set_attributes(&tree, &attributes, false)?;
    }
    if !options.recursive_attributes.is_empty() {
        mount::set_attributes(&tree, &options.recursive_attributes, true)?;
    }
    let target = if is_directory(&tree)? {
        let made = mkdir_all_in_root(root, destination, 0o755, links);
        made.map_err(|error| match (kind, error.raw_os_error()) {
            // the words that engines know
            ("proc" | "sysfs", Some(ELOOP)) => std::io::Error::other(
                "it must be mounted on ordinary directory, not through a link",
            ),
            _ => error,
        })?
    } else {
        create_file_in_root(root, destination, 0o444, links)?
    };
    check_target(&target, destination, &tree)?;
    mount::attach(tree, target)
}

const ELOOP: i32 = rustix::io::Errno::LOOP.raw_os_error();

/// A volume over /proc or a part of it would let an image fake what the kernel says (CVE-2019-19921, CVE-2023-28642). A procfs may be
/// anywhere; anything else may cover only the files that are known to be emulated.
fn check_target(target: &OwnedFd, destination: &Path, tree: &OwnedFd) -> std::io::Result<()> {
    let on_proc = |fd: &OwnedFd| fstatfs(fd).map(|facts| facts.f_type == PROC_SUPER_MAGIC);
    let is_proc = destination == Path::new("/proc") || on_proc(target)?;
    if is_proc
        && !on_proc(tree)?
        && !OVER_PROC
            .iter()
            .any(|allowed| destination == Path::new(allowed))
    {
        return Err(std::io::Error::other("nothing may be mounted over /proc"));
    }
    Ok(())
}

fn is_dev(mount: &Mount) -> bool {
    mount.destination() == Path::new("/dev")
}

/// Makes /dev read-only at last, if the spec wants it so.
fn close_dev(root: &OwnedFd, mounts: &[Mount], options: &[Options]) -> std::io::Result<()> {
    let wanted = |(mount, options): (&Mount, &Options)| {
        is_dev(mount) && !options.bind && options.attributes.set & Attributes::READ_ONLY != 0
    };
    if mounts.iter().zip(options).any(wanted) {
        mount::set_attributes(
            resolve_in_root(root, Path::new("/dev"))?,
            &Attributes::setting(Attributes::READ_ONLY),
            false,
        )?;
    }
    Ok(())
}

/// Makes `root` the root directory of this mount namespace and lets go of the old one.
pub(crate) fn pivot(root: impl AsFd) -> std::io::Result<()> {
    use rustix::mount::{MountPropagationFlags, UnmountFlags, mount_change, unmount};
    rustix::process::fchdir(root)?;
    // Both at one place: the old root is then mounted on top of the new one, and needs no directory.
    rustix::process::pivot_root(".", ".")?;
    // Unmounting must not travel to the host.
    mount_change(
        ".",
        MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC,
    )?;
    unmount(".", UnmountFlags::DETACH)?;
    rustix::process::chdir("/")?;
    Ok(())
}
