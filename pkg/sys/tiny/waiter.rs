//! The process that waits outside while an app runs: it has replaced `flatrack run`, so its pid and exit code are the caller's.
//!
//! Arguments, in this order (`sys::tiny::WaiterArgs` writes them):
//!
//! ```text
//! NAME p:FD [k:FD]… [l:PATH [t:TEXT | c:PATH]…] [u:PATH | r:PATH]… f:PROGRAM [a:ARGUMENT]…
//! ```
//!
//! - `NAME`       what `ps` shows
//! - `p:FD`       the inherited pidfd of the container's first process, a child of this process
//! - `k:FD`       the inherited pidfd of a child that serves the app: killed and reaped after the end, before anything is removed
//! - `l:PATH`     after the end: last words for whoever listens, if somebody has made the file PATH: `exit CODE`, and what follows
//! - `t:TEXT`     last words: a line with TEXT
//! - `c:PATH`     last words: a line `=PATH` and what the file PATH holds, if it can be read
//! - `u:PATH`     after the end: unlink PATH          } in the order given; one that is
//! - `r:PATH`     after the end: remove directory PATH } already gone is fine
//! - `f:PROGRAM`  the slow way: the full program, executed with `a:` arguments and the exit code in decimal as the last one, if the
//!   app was killed by SIGKILL (perhaps for memory) or a clean-up failed
//!
//! Signals are passed on to the container's first process, except those a terminal's key made: the app is in the same process group
//! and has them already. Ends with the app's exit code, or 128 + its signal.

#![no_std]
#![no_main]
#![no_builtins]

#[path = "rt.rs"]
mod rt;

use rt::{SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SigInfo, Str, Vectors, nr};

/// As many `a:` arguments as there may be; `WaiterArgs` refuses more.
const ARGUMENTS: usize = 60;

const P_PIDFD: usize = 3;
const CLD_EXITED: i32 = 1;
const CLD_STOPPED: i32 = 5;

/// ILL TRAP ABRT BUS FPE SEGV PIPE ALRM URG XCPU XFSZ VTALRM PROF SYS: about this process, not about the app.
const OWN: u64 = bits(&[4, 5, 6, 7, 8, 11, 13, 14, 23, 24, 25, 26, 27, 31]);

const fn bits(signals: &[i32]) -> u64 {
    let mut set = 0;
    let mut index = 0;
    while index < signals.len() {
        set |= 1 << (signals[index] - 1);
        index += 1;
    }
    set
}

#[unsafe(no_mangle)]
extern "C" fn start(stack: *const usize) -> ! {
    // SAFETY: _start hands on the stack pointer at entry.
    let vectors = unsafe { Vectors::new(stack) };
    rt::set_mask(u64::MAX);
    let (Some(name), Some(child)) = (vectors.arg(0), vectors.arg(1).filter(|text| text.starts_with(b"p:"))) else {
        rt::stderr(b"flatrack: waiter: wrong arguments\n");
        rt::exit(125);
    };
    const PR_SET_NAME: usize = 15;
    // SAFETY: the name ends in NUL and lives as long as the process.
    unsafe { rt::syscall(nr::PRCTL, [PR_SET_NAME, name.as_ptr() as usize, 0, 0, 0]) };
    let pidfd = number(child.skip(2));
    // The child may have ended before signals were blocked, so ask once before waiting for SIGCHLD.
    let status = loop {
        if let Some(status) = ended(pidfd) {
            break status;
        }
        handle(pidfd, &rt::wait_signal());
    };
    // what kills for memory is looked into by the full program, which has last words of its own
    if status == 128 + rt::SIGKILL || !clean(vectors, status) {
        finish(vectors, status);
    }
    rt::exit(status)
}

/// The exit code of the child, if it has ended.
fn ended(pidfd: usize) -> Option<i32> {
    const WNOHANG_WEXITED: usize = 1 | 4;
    loop {
        let mut info = SigInfo::zero();
        // SAFETY: the info has the kernel's size and outlives the call.
        let result = unsafe { rt::syscall(nr::WAITID, [P_PIDFD, pidfd, &raw mut info as usize, WNOHANG_WEXITED, 0]) };
        if result == rt::EINTR {
            continue;
        }
        if result < 0 {
            // Not our child: nothing can be known about it any more.
            rt::stderr(b"flatrack: waiter: the container's process cannot be waited for\n");
            return Some(125);
        }
        if info.pid() == 0 {
            return None;
        }
        return Some(if info.code == CLD_EXITED { info.status() & 0xff } else { 128 + info.status() });
    }
}

/// Passes a signal on, and stops with the app when its terminal's user says so.
fn handle(pidfd: usize, signal: &SigInfo) {
    let number = signal.signo;
    if number == SIGCHLD {
        if signal.code == CLD_STOPPED && take_stop(pidfd) {
            stop(pidfd);
        }
        return;
    }
    if OWN & bits(&[number]) != 0 {
        return;
    }
    if signal.code != rt::SI_KERNEL {
        send(pidfd, number);
    }
    if matches!(number, SIGTSTP | SIGTTIN | SIGTTOU) {
        stop(pidfd);
    }
}

/// Stops until somebody continues this process: the shell waits for that before it gives its prompt back. Then the child goes on too.
fn stop(pidfd: usize) {
    rt::kill(rt::getpid(), SIGSTOP);
    // The child's own stop is told of by a SIGCHLD that is still to come; it must not stop this process again.
    take_stop(pidfd);
    send(pidfd, SIGCONT);
}

/// Whether the child has stopped since this was asked last.
fn take_stop(pidfd: usize) -> bool {
    const WNOHANG_WSTOPPED: usize = 1 | 2;
    let mut info = SigInfo::zero();
    // SAFETY: the info has the kernel's size and outlives the call.
    let result = unsafe {
        rt::syscall(
            nr::WAITID,
            [P_PIDFD, pidfd, &raw mut info as usize, WNOHANG_WSTOPPED, 0],
        )
    };
    result == 0 && info.pid() != 0
}

fn send(pidfd: usize, signal: i32) {
    // SAFETY: integers and a null info. An error means that the child has just ended, which the loop sees next.
    unsafe { rt::syscall(nr::PIDFD_SEND_SIGNAL, [pidfd, signal as usize, 0, 0, 0]) };
}

/// Does the clean-ups; false if one of them failed, and then the rest is left: the full program needs what comes behind to go on.
fn clean(vectors: Vectors, status: i32) -> bool {
    const AT_REMOVEDIR: usize = 0x200;
    let mut index = 2;
    let mut listener = None;
    while let Some(text) = vectors.arg(index) {
        if text.starts_with(b"k:") {
            end(number(text.skip(2)));
        } else if text.starts_with(b"l:") {
            listener = listen(text.skip(2), status);
        } else if text.starts_with(b"t:") || text.starts_with(b"c:") {
            if let Some(listener) = listener {
                tell(listener, text);
            }
        } else if text.starts_with(b"u:") || text.starts_with(b"r:") {
            let flags = if text.at(0) == b'r' { AT_REMOVEDIR } else { 0 };
            if !remove(text.skip(2), flags) {
                return false;
            }
        } else {
            break;
        }
        index += 1;
    }
    true
}

/// The file for last words, if somebody listens, with the first of them in it.
fn listen(path: Str, status: i32) -> Option<usize> {
    const O_WRONLY_APPEND: usize = 1 | 0o2000;
    let listener = rt::open(path, O_WRONLY_APPEND)?;
    let mut digits = [0; 4];
    rt::write(listener, b"exit ");
    rt::write(listener, decimal(status, &mut digits));
    rt::write(listener, b"\n");
    Some(listener)
}

/// Last words: a text, or what a file holds.
fn tell(listener: usize, text: Str) {
    let what = text.skip(2);
    if text.at(0) == b't' {
        rt::write(listener, what.bytes());
        rt::write(listener, b"\n");
        return;
    }
    let Some(file) = rt::open(what, 0) else { return };
    rt::write(listener, b"=");
    rt::write(listener, what.bytes());
    rt::write(listener, b"\n");
    let mut room = [0u8; 256];
    loop {
        let length = rt::read(file, &mut room);
        if length == 0 {
            break;
        }
        rt::write(listener, room.get(..length).unwrap_or_default());
    }
    rt::close(file);
}

/// Kills a child and waits for its end, which for the first process of a container is that of all the others in it.
fn end(pidfd: usize) {
    send(pidfd, rt::SIGKILL);
    const WEXITED: usize = 4;
    let mut info = SigInfo::zero();
    // SAFETY: the info has the kernel's size and outlives the call. An error means that it is no child or reaped already.
    while unsafe { rt::syscall(nr::WAITID, [P_PIDFD, pidfd, &raw mut info as usize, WEXITED, 0]) } == rt::EINTR {}
}

/// Unlinks, waiting at most 100 ms for a cgroup whose last process is still on its way out.
fn remove(path: Str, flags: usize) -> bool {
    const AT_FDCWD: usize = -100isize as usize;
    for _ in 0..50 {
        // SAFETY: the path ends in NUL and lives as long as the process.
        match unsafe { rt::syscall(nr::UNLINKAT, [AT_FDCWD, path.as_ptr() as usize, flags, 0, 0]) } {
            0 | rt::ENOENT => return true,
            rt::EBUSY => rt::sleep_milliseconds(2),
            rt::EINTR => {}
            _ => return false,
        }
    }
    false
}

/// Executes the full program for what this one cannot do. Returns only if that fails.
fn finish(vectors: Vectors, status: i32) {
    let mut index = 2;
    while let Some(text) = vectors.arg(index) {
        if text.starts_with(b"f:") {
            break;
        }
        index += 1;
    }
    let Some(program) = vectors.arg(index).map(|text| text.skip(2)) else { return };
    // the program, its arguments, the status, the null pointer
    let mut argv = [0usize; 64];
    let mut length = 0;
    let mut push = |address: *const u8| {
        if let Some(place) = argv.get_mut(length) {
            *place = address as usize;
            length += 1;
        }
        length
    };
    let mut pushed = push(program.as_ptr());
    while let Some(text) = vectors.arg(index + pushed).filter(|text| text.starts_with(b"a:")) {
        if pushed > ARGUMENTS {
            break;
        }
        pushed = push(text.skip(2).as_ptr());
    }
    // the byte behind the digits stays the NUL that ends an argument
    let mut digits = [0; 4];
    push(decimal(status, &mut digits).as_ptr());
    rt::set_mask(0);
    rt::execve(program.as_ptr(), argv.as_ptr(), vectors.envp());
    rt::stderr(b"flatrack: waiter: cannot execute the program that cleans up\n");
}

/// An exit code in decimal.
fn decimal(status: i32, digits: &mut [u8; 4]) -> &[u8] {
    let status = status as u8;
    *digits = [b'0' + status / 100, b'0' + status / 10 % 10, b'0' + status % 10, 0];
    let skip = usize::from(status < 100) + usize::from(status < 10);
    digits.get(skip..3).unwrap_or_default()
}

fn number(text: Str) -> usize {
    let mut value = 0usize;
    for index in 0..text.len() {
        value = value * 10 + usize::from(text.at(index).wrapping_sub(b'0'));
    }
    value
}
