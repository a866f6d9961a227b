//! Docker of this Debian, unpacked beside the machine's own programs: its package starts a daemon that changes the machine's network.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::places::{cache_dir, lock_file};
use crate::user::as_root;

/// To be raised when what is unpacked changes; `hack/lib.sh` knows the name.
const VERSION: u32 = 1;

/// The daemon and the client, and a library of theirs that nothing else may need.
const PACKAGES: [&str; 2] = ["docker.io", "libdevmapper1.02.1"];

/// The longest that fetching them may take, in seconds.
const PATIENCE: &str = "200";

/// Where Docker is.
#[derive(Debug, Clone)]
pub struct Docker(PathBuf);

impl Docker {
    /// The first to ask fetches the packages with the machine's apt.
    ///
    /// # Errors
    /// The reason why there is none.
    pub fn obtain() -> Result<Self, String> {
        if !as_root() {
            return Err("only root can run a daemon of it".to_owned());
        }
        Self::make().map_err(|error| error.to_string())
    }

    fn make() -> io::Result<Self> {
        let root = cache_dir()?.join(format!("docker-{VERSION}"));
        let lock = lock_file("docker.lock")?;
        lock.lock()?;
        if root.is_dir() {
            return Ok(Self(root));
        }
        let making = root.with_extension("part");
        match fs::remove_dir_all(&making) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let packages = making.join("packages");
        fs::create_dir_all(&packages)?;
        let fetch = [
            "apt-get",
            "-qq",
            "download",
            "-o",
            "APT::Sandbox::User=root",
        ];
        let mut fetch_all = Command::new("timeout");
        fetch_all.arg(PATIENCE).args(fetch).args(PACKAGES);
        succeed(fetch_all.current_dir(&packages))?;
        for package in packages.read_dir()? {
            let mut unpack = Command::new("dpkg-deb");
            unpack.arg("--extract").arg(package?.path()).arg(&making);
            succeed(&mut unpack)?;
        }
        fs::remove_dir_all(&packages)?;
        fs::rename(&making, &root)?;
        Ok(Self(root))
    }

    /// A command that finds Docker's programs.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut path = OsString::new();
        for dir in ["usr/bin:", "usr/sbin:"] {
            path.push(self.0.join(dir));
        }
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let libraries = format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH);
        let mut command = Command::new(program);
        command.env("PATH", path);
        command.env("LD_LIBRARY_PATH", self.0.join(libraries));
        command
    }
}

fn succeed(command: &mut Command) -> io::Result<()> {
    let made = command.output()?;
    if made.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&made.stderr);
    let last = said.trim().lines().next_back().unwrap_or_default();
    let program = command.get_args().nth(1).unwrap_or_default();
    Err(io::Error::other(format!(
        "{} failed: {last}",
        program.display()
    )))
}
