//! This program's own file, which a container must not get to write.
//!
//! A container may execute `/proc/self/exe`, or a script that names it, and what runs then in it is this program, from the host's file:
//! whoever holds that file open until it no longer runs can write to it as root, and has the host at its next start (CVE-2019-5736).

use std::ffi::CString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;

use flatrack_sys::fd::sealed_program;
use flatrack_sys::mount::{Attributes, clone_tree, set_attributes};
use flatrack_sys::process::execute_file;
use rustix::fs::{
    Access, AtFlags, CWD, Mode, OFlags, StatVfsMountFlags, accessat, fstatvfs, openat,
};

const OWN: &str = "/proc/self/exe";

/// Makes sure that this process runs from a file that cannot be written through it: executes this program again from a read-only mount that
/// is nowhere attached, or, for an ordinary user, from a sealed copy. Returns if that is so already, or if the file is nobody's to write.
///
/// To be called before anything else is done, from what may execute programs in containers.
///
/// # Errors
/// If this program cannot be executed in such a way.
pub fn protect_own_program() -> io::Result<()> {
    let own = openat(CWD, OWN, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    let read_only = fstatvfs(&own)?.f_flag.contains(StatVfsMountFlags::RDONLY);
    // A copy in memory that is sealed cannot be opened for writing by anybody.
    if read_only || is_sealed() || accessat(CWD, OWN, Access::WRITE_OK, AtFlags::EACCESS).is_err() {
        return Ok(());
    }
    let file = match read_only_mount(&own) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => sealed_copy()?,
        other => other?,
    };
    let words = |words: Vec<std::ffi::OsString>| {
        words
            .into_iter()
            .map(|word| CString::new(word.into_vec()))
            .collect::<Result<Vec<_>, _>>()
    };
    let arguments = words(std::env::args_os().collect())?;
    let variables = std::env::vars_os().map(|(mut name, value)| {
        name.push("=");
        name.push(value);
        name
    });
    let environment = words(variables.collect())?;
    Err(execute_file(file, &arguments, &environment))
}

fn read_only_mount(own: &OwnedFd) -> io::Result<OwnedFd> {
    let tree = clone_tree(own, false)?;
    set_attributes(&tree, &Attributes::setting(Attributes::READ_ONLY), false)?;
    Ok(tree)
}

fn sealed_copy() -> io::Result<OwnedFd> {
    sealed_program(c"program", &std::fs::read(OWN)?)
}

/// Whether this process runs from [`sealed_copy`].
fn is_sealed() -> bool {
    use rustix::fs::{SealFlags, fcntl_get_seals};
    std::fs::File::open(OWN)
        .ok()
        .and_then(|file| fcntl_get_seals(file).ok())
        .is_some_and(|seals| seals.contains(SealFlags::WRITE | SealFlags::SEAL))
}
