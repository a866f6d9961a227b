//! Programs on cgroups: `bpf(2)`, as far as loading one and attaching it.

use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};

/// One instruction (`struct bpf_insn`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Instruction {
    /// What it does.
    pub code: u8,
    /// Destination in the lower half, source in the upper one.
    pub registers: u8,
    /// Of a jump or an address.
    pub offset: i16,
    /// The constant.
    pub immediate: i32,
}

/// Where a program on a cgroup is called, and with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// A packet reaches a socket.
    Ingress,
    /// A socket is bound to an address of IPv4.
    Bind4,
    /// A socket is bound to an address of IPv6.
    Bind6,
    /// A socket connects by IPv4.
    Connect4,
    /// A socket connects by IPv6.
    Connect6,
    /// A datagram is sent to a named address of IPv4.
    Send4,
    /// A datagram is sent to a named address of IPv6.
    Send6,
    /// A device is opened, or its node made.
    Device,
}

impl Hook {
    /// `BPF_PROG_TYPE_CGROUP_SKB`, `BPF_PROG_TYPE_CGROUP_DEVICE` or `BPF_PROG_TYPE_CGROUP_SOCK_ADDR`.
    fn program(self) -> u32 {
        match self {
            Self::Ingress => 8,
            Self::Device => 15,
            _ => 18,
        }
    }

    /// `enum bpf_attach_type`.
    fn attachment(self) -> u32 {
        match self {
            Self::Ingress => 0,
            Self::Device => 6,
            Self::Bind4 => 8,
            Self::Bind6 => 9,
            Self::Connect4 => 10,
            Self::Connect6 => 11,
            Self::Send4 => 14,
            Self::Send6 => 15,
        }
    }
}

const PROG_LOAD: u32 = 5;
const PROG_ATTACH: u32 = 8;
/// Programs of cgroups above and below are called as well.
const ALLOW_MULTI: u32 = 2;

/// The part of `union bpf_attr` that loading uses, up to `expected_attach_type`.
#[repr(C)]
#[derive(Default)]
struct Load {
    prog_type: u32,
    insn_cnt: u32,
    insns: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log_buf: u64,
    kern_version: u32,
    prog_flags: u32,
    prog_name: [u8; 16],
    prog_ifindex: u32,
    expected_attach_type: u32,
}

/// The part of `union bpf_attr` that attaching uses.
#[repr(C)]
struct Attach {
    target_fd: u32,
    attach_bpf_fd: u32,
    attach_type: u32,
    attach_flags: u32,
}

/// Loads a program and has every process of a cgroup (a directory of cgroup v2) and of those below it pass by it, until the cgroup is
/// removed.
///
/// # Errors
/// `EPERM` without CAP_BPF and CAP_NET_ADMIN, or if a program above allows no other; `EACCES` or `EINVAL` for a program that the kernel
/// does not accept.
pub fn attach(cgroup: impl AsFd, hook: Hook, program: &[Instruction]) -> io::Result<()> {
    let too_long = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let load = Load {
        prog_type: hook.program(),
        insn_cnt: u32::try_from(program.len()).map_err(too_long)?,
        insns: program.as_ptr() as u64,
        license: c"Apache-2.0".as_ptr() as u64,
        expected_attach_type: hook.attachment(),
        ..Load::default()
    };
    // SAFETY: the instructions, their number and the license outlive the call; the kernel copies and verifies them.
    let number = unsafe { call(PROG_LOAD, &load) }?;
    let number = i32::try_from(number).map_err(too_long)?;
    // SAFETY: the kernel just made this descriptor for us, close-on-exec.
    let loaded = unsafe { OwnedFd::from_raw_fd(number) };
    let attach = Attach {
        target_fd: cgroup.as_fd().as_raw_fd().cast_unsigned(),
        attach_bpf_fd: loaded.as_raw_fd().cast_unsigned(),
        attach_type: hook.attachment(),
        attach_flags: ALLOW_MULTI,
    };
    // SAFETY: integers only.
    unsafe { call(PROG_ATTACH, &attach) }.map(drop)
}

/// # Safety
/// `attributes` must be what the command reads, and pointers in it must be good for the call.
unsafe fn call<T>(command: u32, attributes: &T) -> io::Result<libc::c_long> {
    // SAFETY: the kernel reads the size given and takes what is beyond as zero; the rest is passed on to the caller.
    crate::check(unsafe {
        libc::syscall(
            libc::SYS_bpf,
            command,
            std::ptr::from_ref(attributes),
            size_of::<T>(),
        )
    })
}
