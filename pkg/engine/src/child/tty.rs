//! A terminal of the container's own: made in its devpts, its master side handed out.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys::mount::{Attributes, bind};
use flatrack_sys::path::{Links, create_file_in_root, open_in_root};
use oci_spec::runtime::Process;
use rustix::fs::{Gid, OFlags, Uid, fchown, fstatfs};
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::failure::{At, SetupFailure, Step, nothing};

const DEVPTS_SUPER_MAGIC: u64 = 0x1cd1;

/// Both sides of a terminal.
pub(crate) struct Console {
    master: OwnedFd,
    slave: OwnedFd,
}

pub(crate) fn wanted(process: &Process) -> bool {
    process.terminal() == Some(true)
}

/// Makes a terminal in the devpts below `root` and binds it to /dev/console.
pub(crate) fn open(root: &OwnedFd, process: &Process) -> Result<Console, SetupFailure> {
    let console = make(root, process).at(Step::Terminal, || "/dev/pts/ptmx".into())?;
    let over = || -> io::Result<()> {
        let target = create_file_in_root(root, Path::new("/dev/console"), 0o600, Links::Follow)?;
        bind(&console.slave, target, false, &Attributes::default())
    };
    over().at(Step::Terminal, || "/dev/console".into())?;
    Ok(console)
}

/// Makes a terminal without touching /dev/console: for a further process in a container.
pub(crate) fn open_further(process: &Process) -> Result<Console, SetupFailure> {
    let root = flatrack_sys::path::open_following(Path::new("/")).at(Step::Terminal, nothing)?;
    make(&root, process).at(Step::Terminal, || "/dev/pts/ptmx".into())
}

fn make(root: &OwnedFd, process: &Process) -> io::Result<Console> {
    let master = open_in_root(
        root,
        Path::new("/dev/pts/ptmx"),
        OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
    )?;
    if fstatfs(&master)?.f_type as u64 != DEVPTS_SUPER_MAGIC {
        return Err(io::Error::other("/dev/pts is not a devpts"));
    }
    unlockpt(&master)?;
    let slave = ioctl_tiocgptpeer(
        &master,
        OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC,
    )?;
    // The terminal belongs to whoever uses it; in a map of one id there is no other owner anyway.
    let user = Uid::from_raw(process.user().uid());
    fchown(&slave, Some(user), None::<Gid>).ok();
    Ok(Console { master, slave })
}

impl Console {
    /// Makes it the controlling terminal and the standard streams of this process; returns the master side.
    pub(crate) fn install(self, process: &Process) -> Result<OwnedFd, SetupFailure> {
        let install = || -> io::Result<()> {
            if let Some(size) = process.console_size() {
                let size = Winsize {
                    ws_row: size.height() as u16,
                    ws_col: size.width() as u16,
                    ws_xpixel: 0,
                    ws_ypixel: 0,
                };
                tcsetwinsize(&self.master, size)?;
            }
            rustix::process::setsid()?;
            rustix::process::ioctl_tiocsctty(&self.slave)?;
            rustix::stdio::dup2_stdin(&self.slave)?;
            rustix::stdio::dup2_stdout(&self.slave)?;
            rustix::stdio::dup2_stderr(&self.slave)?;
            Ok(())
        };
        install().at(Step::Terminal, nothing)?;
        Ok(self.master)
    }
}
