//! The program itself: its arguments, where it starts, finding and executing it.

use std::ffi::CString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys::path::{Links, mkdir_all_in_root, open_in_root};
use flatrack_sys::process::execute;
use oci_spec::runtime::Process;
use rustix::fs::OFlags;

use crate::failure::{At, SetupFailure, Step};

/// Searched if the environment has no PATH.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A program ready to be executed; nothing is allocated after the filter is loaded.
pub(super) struct Program {
    name: String,
    candidates: Vec<CString>,
    arguments: Vec<CString>,
    environment: Vec<CString>,
}

impl Program {
    pub(super) fn new(process: &Process, find_home: bool) -> Result<Self, SetupFailure> {
        let strings = |texts: &[String]| {
            texts
                .iter()
                .map(|text| CString::new(text.as_str()))
                .collect::<Result<Vec<_>, _>>()
        };
        let arguments = process.args().as_deref().unwrap_or_default();
        let environment = match find_home {
            true => &with_home(process),
            false => process.env().as_deref().unwrap_or_default(),
        };
        let Some(name) = arguments.first() else {
            return Err(SetupFailure::new(
                Step::Execute,
                "",
                "there is no program to run",
            ));
        };
        let candidates = candidates(name, environment);
        Ok(Self {
            name: name.clone(),
            candidates: strings(&candidates).at(Step::Execute, || name.clone())?,
            arguments: strings(arguments).at(Step::Execute, || name.clone())?,
            environment: strings(environment).at(Step::Execute, || name.clone())?,
        })
    }

    /// Whether there is anything to execute, with the error that executing it would give.
    pub(super) fn look(&self) -> Result<(), SetupFailure> {
        use rustix::fs::{Access, AtFlags, CWD, accessat};
        let mut error = rustix::io::Errno::NOENT;
        for candidate in &self.candidates {
            match accessat(CWD, candidate, Access::EXEC_OK, AtFlags::EACCESS) {
                Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => {}
                Err(current) => error = current,
                Ok(()) => return Ok(()),
            }
        }
        Err(error).at(Step::Execute, || self.name.clone())
    }

    /// Executes it; returns only if that fails, with the most telling error.
    pub(super) fn execute(&self) -> SetupFailure {
        let mut error = io::Error::from_raw_os_error(rustix::io::Errno::NOENT.raw_os_error());
        for candidate in &self.candidates {
            let current = execute(candidate, &self.arguments, &self.environment);
            match current.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {}
                io::ErrorKind::PermissionDenied => error = current,
                _ => {
                    error = current;
                    break;
                }
            }
        }
        let failed: Result<(), SetupFailure> = Err(error).at(Step::Execute, || self.name.clone());
        failed
            .err()
            .unwrap_or_else(|| SetupFailure::new(Step::Execute, &self.name, ""))
    }
}

/// The variables, with a home for whoever has none: that of the user in the container's own list.
fn with_home(process: &Process) -> Vec<String> {
    let mut environment = process.env().clone().unwrap_or_default();
    let named = |variable: &String| variable.starts_with("HOME=") && variable.len() > 5;
    if !environment.iter().any(named) {
        environment.retain(|variable| !variable.starts_with("HOME="));
        let home = home(process.user().uid()).unwrap_or_else(|_| "/".into());
        environment.push(format!("HOME={home}"));
    }
    environment
}

/// Read without waiting and without end: the list is the image's, and may be anything.
fn home(uid: u32) -> io::Result<String> {
    const LONGEST: u64 = 1 << 20;
    let root = flatrack_sys::path::open_following(Path::new("/"))?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = std::fs::File::from(open_in_root(&root, Path::new("/etc/passwd"), flags)?);
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, LONGEST), &mut text)?;
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(flatrack_sys::user::parse_user)
        .find(|user| user.uid == uid)
        .map(|user| user.home.display().to_string())
        .filter(|home| !home.is_empty() && !home.contains('\0'))
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// The paths to try, as `execvp` does.
fn candidates(name: &str, environment: &[String]) -> Vec<String> {
    if name.is_empty() || name.contains('/') {
        return vec![name.to_owned()];
    }
    let path = environment
        .iter()
        .find_map(|variable| variable.strip_prefix("PATH="))
        .unwrap_or(DEFAULT_PATH);
    path.split(':')
        .map(|directory| {
            if directory.is_empty() {
                format!("./{name}")
            } else {
                format!("{directory}/{name}")
            }
        })
        .collect()
}

/// Makes the working directory below `root`, if it is missing there and can be made.
pub(super) fn make_working_directory(
    root: &OwnedFd,
    process: &Process,
) -> Result<(), SetupFailure> {
    let path = process.cwd();
    match open_in_root(root, path, OFlags::PATH | OFlags::DIRECTORY) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            mkdir_all_in_root(root, path, 0o755, Links::Follow)
                .map(drop)
                .at(Step::WorkingDirectory, || path.display().to_string())
        }
        // whatever else is wrong with it is told when it is entered
        _ => Ok(()),
    }
}

/// Enters the working directory. Resolved without magic links: `/proc/self/fd/7` could be a directory of the
/// host (CVE-2024-21626).
pub(super) fn enter_working_directory(process: &Process) -> Result<(), SetupFailure> {
    let path = process.cwd();
    let enter = || -> io::Result<()> {
        let root = flatrack_sys::path::open_following(Path::new("/"))?;
        let directory = open_in_root(&root, path, OFlags::PATH | OFlags::DIRECTORY)?;
        rustix::process::fchdir(directory)?;
        // Outside of the root the kernel has no absolute name for it.
        let shown = rustix::process::getcwd(Vec::new())?;
        if shown.to_bytes().starts_with(b"/") {
            Ok(())
        } else {
            Err(io::Error::other("it is outside of the root"))
        }
    };
    enter().at(Step::WorkingDirectory, || path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_searched_and_a_path_is_not() {
        let environment = ["HOME=/".to_owned(), "PATH=/a::/b".to_owned()];
        assert_eq!(candidates("x", &environment), ["/a/x", "./x", "/b/x"]);
        assert_eq!(candidates("./x", &environment), ["./x"]);
        assert_eq!(candidates("", &environment), [""]);
        assert_eq!(candidates("x", &[]).len(), 6);
    }
}
