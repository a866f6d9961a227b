//! A newer Debian beside the machine's own, to meet newer peers: their versions are part of what is compared.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::places::{cache_dir, lock_file};
use crate::runtime::find_program;
use crate::user::as_root;

const SUITE: &str = "forky";

/// To be raised when what is installed changes; `hack/lib.sh` knows the name.
const VERSION: u32 = 3;

const PACKAGES: &str = "flatpak,bubblewrap,xdg-dbus-proxy,dbus,dbus-daemon,busybox-static,bash,ca-certificates,containerd,podman";

/// The longest that making the tree may take, in seconds.
const PATIENCE: &str = "400";

/// Enters the tree at `$1`, with the directories up to `--` shown at their own paths, and goes on as the command
/// behind. Everything is mounted in a private mount namespace and gone with the command. A plain chroot will not do:
/// the kernel gives it no user namespaces.
const ENTER: &str = r#"set -eu
tree=$1 cwd=$(pwd); shift
mount --bind "$tree" "$tree"
mount -t proc -o nosuid,nodev,noexec proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
mount -t tmpfs -o mode=1777 tmpfs "$tree/tmp"
mount -t tmpfs -o mode=0755 tmpfs "$tree/run"
mount -t tmpfs -o mode=0755 tmpfs "$tree/home"
while [ "$1" != -- ]; do
    mkdir -p "$tree$1"
    mount --rbind "$1" "$tree$1"
    shift
done
shift
cd "$tree"
pivot_root . mnt
umount -l /mnt
cd "$cwd"
exec "$@""#;

/// The root of another Debian.
#[derive(Debug, Clone)]
pub struct Tree(PathBuf);

impl Tree {
    /// The newer Debian. The first to ask makes it, with `mmdebstrap` from the machine's package sources; it takes
    /// a minute or two and 800 MB of the target directory.
    ///
    /// # Errors
    /// The reason why there is none.
    pub fn newer_debian() -> Result<Self, String> {
        if !as_root() {
            return Err("only root can enter another tree".to_owned());
        }
        Self::make().map_err(|error| error.to_string())
    }

    fn make() -> io::Result<Self> {
        let root = cache_dir()?.join(format!("debian-{SUITE}-{VERSION}"));
        let lock = lock_file("tree.lock")?;
        lock.lock()?;
        if root.is_dir() {
            return Ok(Self(root));
        }
        let mmdebstrap = find_program("mmdebstrap")?;
        let making = root.with_extension("part");
        match fs::remove_dir_all(&making) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let made = Command::new("timeout")
            .arg(PATIENCE)
            .arg(mmdebstrap)
            .args(["--quiet", "--variant=minbase", "--mode=root"])
            // a mirror may stand still; the signature is checked all the same
            .arg("--aptopt=Acquire::Check-Valid-Until \"false\"")
            .arg(format!("--include={PACKAGES}"))
            .arg(SUITE)
            .arg(&making)
            .output()?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr);
            let last = said.trim().lines().next_back().unwrap_or_default();
            return Err(io::Error::other(format!("mmdebstrap failed: {last}")));
        }
        // what engines copy into containers
        fs::write(making.join("etc/hosts"), "127.0.0.1 localhost\n")?;
        fs::rename(&making, &root)?;
        Ok(Self(root))
    }

    /// A command that runs what is added to it inside, where `shown` can be seen at its own path.
    #[must_use]
    pub fn enter(&self, shown: &[&Path]) -> Command {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--propagation", "private", "sh", "-c"])
            .args([ENTER, "enter"])
            .arg(&self.0)
            .args(shown)
            .arg("--");
        command
    }

    /// Podman's generator, as systemd starts it, which prints the units that it makes of a directory's files.
    #[must_use]
    pub fn quadlet(&self, units: &Path) -> Command {
        let mut command = self.enter(&[units]);
        command
            .args(["/usr/libexec/podman/quadlet", "-dryrun"])
            .env("QUADLET_UNIT_DIRS", units)
            .current_dir("/");
        command
    }
}
