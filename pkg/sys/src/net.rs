//! The loopback interface of a new network namespace; sockets in directories with long names.

use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};

/// Connects to a socket. The address of one has room for 107 bytes and engines' directories have long names: a longer path goes through the
/// descriptor of the directory.
pub fn connect(path: &Path) -> io::Result<UnixStream> {
    const LONGEST: usize = 107;
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if path.as_os_str().len() > LONGEST => {
            let directory = std::fs::File::open(parent)?;
            let short = format!("/proc/self/fd/{}", directory.as_raw_fd());
            UnixStream::connect(Path::new(&short).join(name))
        }
        _ => UnixStream::connect(path),
    }
}

/// Brings `lo` up in the caller's network namespace; the kernel then gives it 127.0.0.1 and ::1.
///
/// # Errors
/// `EPERM` without CAP_NET_ADMIN over the network namespace.
pub fn loopback_up() -> io::Result<()> {
    let socket = socket_with(
        AddressFamily::INET,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    // SAFETY: ifreq is a name and a union of plain values, for which all zero is valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    request.ifr_name[0] = b'l' as libc::c_char;
    request.ifr_name[1] = b'o' as libc::c_char;
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: SIOCSIFFLAGS reads an ifreq with a name and flags, which outlives the call.
    crate::check(
        unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) }.into(),
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_socket_is_reached_however_long_its_path_is() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("d".repeat(120));
        std::fs::create_dir(&deep).unwrap();
        let open = std::fs::File::open(&deep).unwrap();
        let short = format!("/proc/self/fd/{}/s", open.as_raw_fd());
        let listener = UnixListener::bind(short).unwrap();
        connect(&deep.join("s")).unwrap();
        listener.accept().unwrap();
    }
}
