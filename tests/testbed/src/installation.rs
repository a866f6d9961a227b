//! The shared installation: the runtime, the SDK and the first app, built once and then only read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::app::App;
use crate::places::{cache_dir, lock_file, readable_by_all};
use crate::runtime;
use crate::stock::{Directories, HELLO, PLATFORM, SDK};
use crate::user::User;

/// To be raised when what is built here changes.
const VERSION: u32 = 2;

/// The directory of the shared installation; the first to ask builds it.
pub(crate) fn shared() -> io::Result<PathBuf> {
    let home = cache_dir()?.join(format!("v{VERSION}"));
    let installation = home.join("user");
    // held until the end of this function; tests in other processes wait for the one that builds
    let lock = lock_file("build.lock")?;
    lock.lock()?;
    if installation.is_dir() {
        return Ok(installation);
    }
    let making = home.with_extension("part");
    match fs::remove_dir_all(&making) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    build(&making)?;
    readable_by_all(&making)?;
    fs::rename(&making, &home)?;
    Ok(installation)
}

fn build(root: &Path) -> io::Result<()> {
    fs::create_dir_all(root)?;
    let dirs = Directories::create(root, User::current())?;
    let arch = std::env::consts::ARCH;
    let full = |id: &str| format!("{id}/{arch}/1");
    let repo = root.join("repo");
    for id in [PLATFORM, SDK] {
        let dir = root.join(id);
        runtime::write(&dir, id, &full(PLATFORM), &full(SDK))?;
        dirs.flatpak([
            "build-export",
            &repo.display().to_string(),
            &dir.display().to_string(),
            "1",
        ])?;
    }
    dirs.install("--user", &repo, &[PLATFORM, SDK])?;
    App::new(&dirs, root, HELLO)
        .command("hello")
        .script("echo hello from $FLATPAK_ID")
        .try_install("--user")
}
