//! The testbed itself.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::places::{cache_dir, lock_file};
use crate::runtime::find_program;
use crate::stock::Directories;
use crate::{App, BuildDir, Extension, Outcome, Tree, User, binary, installation};

/// A temporary directory with a home, a runtime directory and Flatpak installations of its own.
#[derive(Debug)]
pub struct Testbed {
    root: TempDir,
    dirs: Directories,
    binary: Option<PathBuf>,
    tree: Option<Tree>,
    // other testbeds run beside this one, or wait, until it is dropped
    _machine: File,
}

impl Testbed {
    /// A testbed of the user who runs the tests. Its installations are empty.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Self::of(User::current())
    }

    /// A testbed of another user; only root can make one.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    #[track_caller]
    pub fn of(user: User) -> Self {
        made(Self::create(user, Path::new("/tmp"), File::lock_shared))
    }

    /// A testbed that waits until no other one is in use, and lets no other one start. For claims about the whole
    /// machine, such as [`crate::Leftovers`].
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    #[track_caller]
    pub fn alone(user: User) -> Self {
        made(Self::create(user, Path::new("/tmp"), File::lock))
    }

    /// A testbed in `/home`, where homes are: an app has a `/tmp` of its own, and what lies in the machine's is no
    /// ordinary place. Only root can make one.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    #[track_caller]
    pub fn at_home(user: User) -> Self {
        made(Self::create(user, Path::new("/home"), File::lock_shared))
    }

    fn create(user: User, place: &Path, take: fn(&File) -> io::Result<()>) -> io::Result<Self> {
        let machine = lock_file("machine.lock")?;
        take(&machine)?;
        // not TMPDIR: sockets need a short path, and another user must be able to come here
        let root = tempfile::Builder::new()
            .prefix("flatrack-bed-")
            .tempdir_in(place)?;
        fs::set_permissions(root.path(), Permissions::from_mode(0o755))?;
        let dirs = Directories::create(root.path(), user)?;
        for installation in [&dirs.user_installation, &dirs.system_installation] {
            fs::create_dir(installation)?;
            user.own(installation)?;
        }
        Ok(Self {
            root,
            dirs,
            binary: None,
            tree: None,
            _machine: machine,
        })
    }

    /// Gives it the shared system installation with the test runtime and [`crate::HELLO`].
    ///
    /// # Panics
    /// When the stock tools cannot build it.
    #[must_use]
    #[track_caller]
    pub fn with_flatpak(mut self) -> Self {
        self.dirs.system_installation = made(installation::shared());
        self
    }

    /// Tests this `flatrack` instead of the one beside the tests; its user must be able to execute it.
    #[must_use]
    pub fn using(mut self, flatrack: PathBuf) -> Self {
        self.binary = Some(flatrack);
        self
    }

    /// Runs `flatrack` and other programs inside another tree. Apps are still built and installed by the machine's
    /// own tools: what is installed is the same for every peer.
    #[must_use]
    pub fn inside(mut self, tree: Tree) -> Self {
        self.tree = Some(tree);
        self
    }

    /// A further app to build and install.
    pub fn app(&self, id: &str) -> App<'_> {
        App::new(&self.dirs, &self.root().join("work"), id)
    }

    /// An extension to build and install.
    pub fn extension(&self, id: &str) -> Extension<'_> {
        Extension::new(&self.dirs, &self.root().join("work"), id)
    }

    /// A runtime like the test runtime, and with an `ldconfig`, to build and install.
    pub fn runtime(&self, id: &str) -> Extension<'_> {
        self.extension(id).into_runtime()
    }

    /// Builds and installs an app whose id no other test uses, and gives the id. Root's running apps are seen by all
    /// testbeds: a test that names a running app by its id wants one of its own.
    #[must_use]
    #[track_caller]
    pub fn own_app(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("org.flatrack.Test.Own{}x{count}", std::process::id());
        self.app(&id).install();
        id
    }

    /// A build directory with the test runtime, written without any tool.
    pub fn build_dir(&self, id: &str) -> BuildDir {
        let runtime = format!("{}/{}/1", crate::PLATFORM, std::env::consts::ARCH);
        BuildDir::new(self, id, &runtime)
    }

    /// A build directory on the built-in runtime, which is the host's own `/usr`: needs no installation at all.
    pub fn host_build_dir(&self, id: &str) -> BuildDir {
        let runtime = format!("org.flatrack.Host.Platform/{}/1", std::env::consts::ARCH);
        BuildDir::new(self, id, &runtime)
    }

    /// Writes a file of the user's below the testbed's root.
    ///
    /// # Panics
    /// When it cannot be written.
    #[track_caller]
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root().join(path);
        let parent = path.parent().unwrap_or(self.root());
        made(fs::create_dir_all(parent).and_then(|()| fs::write(&path, text)));
        if parent != self.root() {
            made(self.dirs.user.own(parent));
        }
        made(self.dirs.user.own(&path));
        path
    }

    /// Writes the user's override file of `id` (or `global`).
    #[track_caller]
    pub fn write_override(&self, id: &str, text: &str) -> PathBuf {
        self.write(self.dirs.user_installation.join("overrides").join(id), text)
    }

    /// The command `flatrack` with arguments, as the testbed's user in its directories.
    ///
    /// # Panics
    /// When flatrack is not built.
    #[must_use]
    #[track_caller]
    pub fn flatrack_command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let binary = self.binary.clone().map_or_else(binary::flatrack, Ok);
        let mut command = self.program(&made(binary));
        command.args(args).stdin(Stdio::null());
        command
    }

    /// Runs `flatrack` with arguments to its end.
    ///
    /// # Panics
    /// When flatrack is not built.
    #[track_caller]
    pub fn flatrack<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        made(self.flatrack_command(args).output()).into()
    }

    /// Another program as the testbed's user in its directories, such as the stock `flatpak`, crun or runc.
    ///
    /// # Panics
    /// When it is not installed.
    #[must_use]
    #[track_caller]
    pub fn command<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = self.program(&made(find_program(program)));
        command.args(args).stdin(Stdio::null());
        command
    }

    /// The machine's own program, whatever tree the testbed is inside of.
    #[track_caller]
    pub(crate) fn outside<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = self.dirs.command(&made(find_program(program)));
        command.args(args).stdin(Stdio::null());
        command
    }

    /// Runs another program to its end.
    #[track_caller]
    pub fn run<A: AsRef<OsStr>>(
        &self,
        program: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Outcome {
        made(self.command(program, args).output()).into()
    }

    fn program(&self, program: &Path) -> Command {
        let Some(tree) = &self.tree else {
            return self.dirs.command(program);
        };
        let cache = made(cache_dir());
        let mut shown = vec![self.root(), self.system_installation(), &cache];
        // every program finds the same there; what the machine has in /usr the tree has too
        let flatrack = self.binary.clone().map_or_else(binary::flatrack, Ok).ok();
        let beside = flatrack.as_deref().and_then(Path::parent);
        shown.extend(beside.filter(|dir| !dir.starts_with("/usr")));
        self.dirs.command_in(tree, &shown, program)
    }

    /// The testbed's own directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Whom it belongs to.
    #[must_use]
    pub fn user(&self) -> User {
        self.dirs.user
    }

    /// The user's home.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.dirs.home
    }

    /// `XDG_RUNTIME_DIR`.
    #[must_use]
    pub fn runtime_dir(&self) -> &Path {
        &self.dirs.runtime_dir
    }

    /// `TMPDIR`.
    #[must_use]
    pub fn temp_dir(&self) -> &Path {
        &self.dirs.temp
    }

    /// The user's installation.
    #[must_use]
    pub fn user_installation(&self) -> &Path {
        &self.dirs.user_installation
    }

    /// The system installation. After [`Testbed::with_flatpak`] it is shared: read it only.
    #[must_use]
    pub fn system_installation(&self) -> &Path {
        &self.dirs.system_installation
    }
}

impl Default for Testbed {
    fn default() -> Self {
        Self::new()
    }
}

#[track_caller]
fn made<T>(result: io::Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the testbed cannot be made: {error}"),
    }
}
