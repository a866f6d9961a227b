//! Every system call and every `unsafe` block of flatrack. Nothing here knows what an app is.
//!
//! The other crates forbid `unsafe`; what they need from the kernel that [`rustix`] does not already offer safely is here, one kernel
//! concept a module. Each `unsafe` block names the invariant it relies on.
//!
//! | module | kernel concept |
//! |---|---|
//! | [`bpf`] | programs on cgroups |
//! | [`clone`] | `clone3(2)`, a child born in its cgroup and namespaces |
//! | [`fd`] | descriptors: what is inherited, sealed memory files |
//! | [`landlock`] | which Landlock the kernel has |
//! | [`lock`] | POSIX record locks |
//! | [`mount`] | mounts by descriptor: `open_tree`, `mount_setattr`, `move_mount`, `fsopen` |
//! | [`net`] | the loopback interface of a new network namespace |
//! | [`path`] | `openat2(2)`: paths that cannot lead out of a root |
//! | [`process`] | pidfds, waiting, `execve`, process attributes |
//! | [`seccomp`] | installing a ready filter program |
//! | [`signal`] | masks, descriptors of signals, who sent one |
//! | [`tiny`] | the programs that stay in memory: the container's init and the waiter |
//! | [`user`] | the user and group databases |
#![allow(unsafe_code)]

pub mod bpf;
pub mod clone;
pub mod fd;
pub mod landlock;
pub mod lock;
pub mod mount;
pub mod net;
pub mod path;
pub mod process;
pub mod seccomp;
pub mod signal;
pub mod tiny;
pub mod user;

pub use rustix;

/// The last error of a libc call that returned -1, or its result.
fn check(result: libc::c_long) -> std::io::Result<libc::c_long> {
    if result < 0 {
        Err(std::io::Error::last_os_error())
    } else {
        Ok(result)
    }
}
