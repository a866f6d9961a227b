//! The programs that stay in memory while an app runs. They are built by `build.rs` from `tiny/` without the standard library, a few
//! KiB each, and carried in this crate as bytes.
//!
//! [`INIT`] is the container's first process; [`WAITER`] is what the program that started a container turns into ([`become_waiter`]).

use std::ffi::{CString, NulError, OsStr};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The container's first process, an ELF program: `init [--] COMMAND ARGUMENT…`. See `tiny/init.rs`.
pub const INIT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/init"));

/// The process that waits outside, an ELF program. See `tiny/waiter.rs`; [`WaiterArgs`] writes its arguments.
pub const WAITER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/waiter"));

/// As many arguments as the waiter passes to the finishing program.
const FINISH_ARGUMENTS: usize = 60;

/// Something to remove when the container has ended; what is already gone is fine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// A file, a link or a socket.
    File(PathBuf),
    /// An empty directory, or a cgroup.
    Directory(PathBuf),
}

/// What is told at the end to whoever listens: to a file that a listener has made. Without that file nothing is told, and
/// nothing is read.
#[derive(Debug, Clone, Default)]
pub struct LastWords {
    /// The file; `exit CODE` is its first line.
    pub listener: PathBuf,
    /// Lines that follow.
    pub lines: Vec<String>,
    /// Files whose content follows, each behind a line `=PATH`; one that cannot be read is left out.
    pub files: Vec<PathBuf>,
}

impl LastWords {
    /// Says them from the calling process, which waits by itself.
    ///
    /// # Errors
    /// The listener's file cannot be written.
    pub fn say(&self, code: i32) -> io::Result<()> {
        let listener = std::fs::File::options().append(true).open(&self.listener);
        let mut listener = match listener {
            Ok(listener) => listener,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut words = format!("exit {code}\n").into_bytes();
        for line in &self.lines {
            words.extend(format!("{line}\n").bytes());
        }
        for path in &self.files {
            if let Ok(text) = std::fs::read(path) {
                words.extend([b"=", path.as_os_str().as_bytes(), b"\n", text.as_slice()].concat());
            }
        }
        io::Write::write_all(&mut listener, &words)
    }
}

/// What the waiter is to do.
#[derive(Debug)]
pub struct WaiterArgs<'a> {
    /// What `ps` shows.
    pub name: &'a OsStr,
    /// The container's first process, a child of the calling process.
    pub pidfd: BorrowedFd<'a>,
    /// Children that serve the container, by pidfd: they are ended when it has ended.
    pub helpers: Vec<BorrowedFd<'a>>,
    /// Further descriptors to keep open while waiting, such as those of record locks.
    pub keep: Vec<BorrowedFd<'a>>,
    /// What is told at the end, before anything is removed.
    pub last_words: Option<LastWords>,
    /// What to remove at the end, in this order.
    pub removals: Vec<Removal>,
    /// The program that takes over if the app was killed by SIGKILL or a removal failed.
    pub finish: &'a Path,
    /// Its arguments (at most 60); the app's exit code in decimal follows them.
    pub finish_arguments: Vec<&'a OsStr>,
}

impl WaiterArgs<'_> {
    /// The argument vector in the waiter's grammar.
    ///
    /// # Errors
    /// `InvalidInput` if a text holds a NUL or there are too many arguments.
    pub fn render(&self) -> io::Result<Vec<CString>> {
        if self.finish_arguments.len() > FINISH_ARGUMENTS {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{} arguments for the waiter", self.finish_arguments.len()),
            ));
        }
        let mut arguments = vec![
            text("", self.name)?,
            text("p:", OsStr::new(&self.pidfd.as_raw_fd().to_string()))?,
        ];
        for helper in &self.helpers {
            let number = helper.as_raw_fd().to_string();
            arguments.push(text("k:", OsStr::new(&number))?);
        }
        if let Some(words) = &self.last_words {
            arguments.push(text("l:", words.listener.as_os_str())?);
            for line in &words.lines {
                arguments.push(text("t:", OsStr::new(line))?);
            }
            for path in &words.files {
                arguments.push(text("c:", path.as_os_str())?);
            }
        }
        for removal in &self.removals {
            arguments.push(match removal {
                Removal::File(path) => text("u:", path.as_os_str())?,
                Removal::Directory(path) => text("r:", path.as_os_str())?,
            });
        }
        arguments.push(text("f:", self.finish.as_os_str())?);
        for argument in &self.finish_arguments {
            arguments.push(text("a:", argument)?);
        }
        Ok(arguments)
    }
}

fn text(prefix: &str, value: &OsStr) -> Result<CString, NulError> {
    CString::new([prefix.as_bytes(), value.as_bytes()].concat())
}

/// Turns the calling process into the waiter: same process number, so the caller's caller gets the app's exit code.
///
/// Descriptors other than the standard streams, the pidfd and those to keep are closed. Returns only on failure, and then the process is unchanged
/// except that its descriptors are marked close-on-exec; where the kernel forbids executable memory files (`vm.memfd_noexec` = 2) that
/// is `EACCES`, and the caller waits by itself.
pub fn become_waiter(arguments: &WaiterArgs<'_>) -> io::Error {
    match try_become(arguments) {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

fn try_become(arguments: &WaiterArgs<'_>) -> io::Result<std::convert::Infallible> {
    let program = crate::fd::sealed_program(c"flatrack-waiter", WAITER)?;
    let rendered = arguments.render()?;
    let environment: Vec<CString> = std::env::vars_os()
        .filter_map(|(name, value)| {
            CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).ok()
        })
        .collect();
    let kept = arguments
        .keep
        .iter()
        .chain(&arguments.helpers)
        .chain([&arguments.pidfd]);
    crate::fd::close_on_exec_except(&kept.map(AsRawFd::as_raw_fd).collect::<Vec<_>>())?;
    Err(crate::process::execute_file(
        program.as_fd(),
        &rendered,
        &environment,
    ))
}
