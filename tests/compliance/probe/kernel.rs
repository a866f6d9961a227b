//! What the system call filter lets through, and who the program is for the kernel.

use std::ffi::{c_int, c_long, c_ulong};
use std::fs;
use std::io;

use crate::calls::CALLS;
use crate::dump::{Dump, verdict};

// the C library is linked by the standard library; these two have no safe form there
unsafe extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
    fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
}

/// Push input into the terminal, and a paste into the console; the filter looks at the low half only, as the kernel.
const TERMINAL_REQUESTS: [(&str, c_ulong); 4] = [
    ("TIOCSTI", 0x5412),
    ("TIOCSTI with high bits", 0x1_0000_5412),
    ("TIOCLINUX", 0x541c),
    ("TIOCLINUX with high bits", 0x1_0000_541c),
];

const SOCKET_TYPES: [(&str, usize); 4] =
    [("stream", 1), ("dgram", 2), ("raw", 3), ("seqpacket", 5)];

/// Above the largest family there is, and beyond the sign.
const NO_FAMILIES: [usize; 3] = [255, 0x7fff_ffff, usize::MAX];

pub(crate) fn look(dump: &mut Dump) {
    for (name, request) in TERMINAL_REQUESTS {
        // SAFETY: descriptor -1 does not exist, so no request is carried out
        let result = unsafe { ioctl(-1, request, 0) };
        dump.say("ioctl", name, verdict(checked(result.into())));
    }
    for family in (0..46).chain(NO_FAMILIES) {
        let seen: Vec<String> = SOCKET_TYPES
            .iter()
            .map(|(name, kind)| format!("{name}={}", verdict(socket(family, *kind))))
            .collect();
        dump.say("socket", family, seen.join(" "));
    }
    for (name, x86_64, aarch64, args) in CALLS {
        let number = if cfg!(target_arch = "aarch64") {
            aarch64
        } else {
            x86_64
        };
        if let Some(number) = number {
            dump.say("syscall", name, verdict(call(*number, *args)));
        }
    }
    dump.say(
        "namespace",
        "user after unshare",
        link("/proc/self/ns/user"),
    );
}

fn socket(family: usize, kind: usize) -> io::Result<usize> {
    let number = if cfg!(target_arch = "aarch64") {
        198
    } else {
        41
    };
    call(number, [family, kind, 0, 0, 0, 0])
}

fn call(number: usize, [a, b, c, d, e, f]: [usize; 6]) -> io::Result<usize> {
    // SAFETY: the tables name calls and arguments that read and write no memory of ours: addresses are invalid or null
    checked(unsafe { syscall(number as c_long, a, b, c, d, e, f) })
}

fn checked(result: c_long) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// The target of a link, or why it cannot be read.
pub(crate) fn link(path: &str) -> String {
    match fs::read_link(path) {
        Ok(target) => target.display().to_string(),
        Err(error) => verdict::<()>(Err(error)),
    }
}
