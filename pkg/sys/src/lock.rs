//! POSIX record locks on a whole file: what Flatpak's `.ref` files are locked with.
//!
//! Such a lock belongs to the process, and closing *any* descriptor of the file drops it.

use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// Takes a shared lock, waiting for a writer to finish.
pub fn read(file: impl AsFd) -> io::Result<()> {
    set(file, libc::F_RDLCK, libc::F_SETLKW)
}

/// Takes the exclusive lock if nobody holds any; says whether it did.
pub fn try_write(file: impl AsFd) -> io::Result<bool> {
    match set(file, libc::F_WRLCK, libc::F_SETLK) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EACCES)) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Gives the lock back.
pub fn unlock(file: impl AsFd) -> io::Result<()> {
    set(file, libc::F_UNLCK, libc::F_SETLK)
}

fn set(file: impl AsFd, kind: libc::c_int, command: libc::c_int) -> io::Result<()> {
    // SAFETY: flock is a struct of integers; all zero is "from the start to the end of the file".
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as libc::c_short;
    loop {
        // SAFETY: the lock outlives the call.
        let result = unsafe { libc::fcntl(file.as_fd().as_raw_fd(), command, &raw const lock) };
        match crate::check(result.into()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_in_another_process_keeps_a_writer_out() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut reader = std::process::Command::new("python3")
            .args(["-c", "import fcntl,sys\nf=open(sys.argv[1])\nfcntl.lockf(f,fcntl.LOCK_SH)\nprint(1,flush=True)\nsys.stdin.read()"])
            .arg(file.path())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut byte = [0];
        io::Read::read_exact(reader.stdout.as_mut().unwrap(), &mut byte).unwrap();
        assert!(!try_write(file.as_file()).unwrap());
        read(file.as_file()).unwrap();
        drop(reader.stdin.take());
        reader.wait().unwrap();
        assert!(try_write(file.as_file()).unwrap());
        unlock(file.as_file()).unwrap();
    }
}
