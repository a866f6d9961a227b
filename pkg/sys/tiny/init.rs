//! The first process in a container: starts the app, reaps what it leaves behind, passes signals on, ends with its exit code.
//!
//! Arguments: `init [-wN] [-lPATH]… [--] COMMAND ARGUMENT…`. COMMAND is searched in PATH if it has no slash.
//!
//! With `-wN` it ends with its parent, and starts nothing before a byte came through descriptor N, which it closes. The kernel
//! forgets the signal for the parent's end when an execve changes the security label, so it is asked for anew; a parent that ended
//! before that gives no byte.
//!
//! With `-lPATH` it holds a shared record lock (fcntl, of a process) on the file as long as it runs, and starts nothing without.
//!
//! Ends with the app's code, with 128 + the signal that killed it, 127 if the command does not exist, 126 if it cannot be executed,
//! 125 if there is no command or no process can be made.
//!
//! A signal that the kernel made for a terminal's key (`SI_KERNEL`) went to the whole foreground process group, the app included, so
//! it is not passed on. The end of process 1 makes the kernel end everything else in its pid namespace.

#![no_std]
#![no_main]
#![no_builtins]

#[path = "rt.rs"]
mod rt;

use rt::{SIGCHLD, Str, Vectors, nr};

/// The kernel's limit for a path, its NUL included.
const PATH_MAX: usize = 4096;
const O_RDONLY: usize = 0;
/// Searched if the environment has no PATH.
const DEFAULT_PATH: &[u8] = b"/usr/local/bin:/usr/bin:/bin\0";

#[unsafe(no_mangle)]
extern "C" fn start(stack: *const usize) -> ! {
    // SAFETY: _start hands on the stack pointer at entry.
    let vectors = unsafe { Vectors::new(stack) };
    let mut first = 1;
    if let Some(argument) = vectors.arg(1)
        && argument.starts_with(b"-w")
    {
        rt::die_with_parent();
        if !rt::await_byte(number(argument.skip(2))) {
            rt::exit(125);
        }
        first = 2;
    }
    while let Some(argument) = vectors.arg(first)
        && argument.starts_with(b"-l")
    {
        if !rt::open(argument.skip(2), O_RDONLY).is_some_and(rt::lock_shared) {
            rt::stderr(b"flatrack: init: the runtime or the app was updated or removed before this start\nhint: make the container anew\n");
            rt::exit(125);
        }
        first += 1;
    }
    if let Some(argument) = vectors.arg(first)
        && argument.len() == 2
        && argument.starts_with(b"--")
    {
        first += 1;
    }
    let Some(command) = vectors.arg(first) else {
        rt::stderr(b"flatrack: init: no command given\n");
        rt::exit(125);
    };
    // All signals wait until the loop takes them; nothing is lost between here and there.
    rt::set_mask(u64::MAX);
    // SAFETY: a fork: no flags but the exit signal, the stack is copied.
    let app = unsafe { rt::syscall(nr::CLONE, [SIGCHLD as usize, 0, 0, 0, 0]) } as i32;
    if app == 0 {
        rt::default_actions();
        rt::set_mask(0);
        let error = execute(command, vectors, first);
        explain(command, error);
        rt::exit(if error == rt::ENOENT { 127 } else { 126 });
    }
    if app < 0 {
        rt::stderr(b"flatrack: init: cannot make a process\n");
        rt::exit(125);
    }
    loop {
        let signal = rt::wait_signal();
        if signal.signo == SIGCHLD {
            reap(app);
        } else if signal.code != rt::SI_KERNEL {
            rt::kill(app, signal.signo);
        }
    }
}

/// The decimal number that a text begins with.
fn number(text: Str) -> usize {
    let mut number = 0usize;
    let mut index = 0;
    while text.at(index).is_ascii_digit() {
        number = number.wrapping_mul(10).wrapping_add(usize::from(text.at(index) - b'0'));
        index += 1;
    }
    number
}

/// Collects every child that has ended; if one of them is the app, ends with its code.
fn reap(app: i32) {
    const WNOHANG: usize = 1;
    loop {
        let mut status = 0i32;
        // SAFETY: the status outlives the call.
        let pid = unsafe { rt::syscall(nr::WAIT4, [usize::MAX, &raw mut status as usize, WNOHANG, 0, 0]) };
        if pid == rt::EINTR {
            continue;
        }
        if pid <= 0 {
            return;
        }
        if pid as i32 == app {
            let signal = status & 0x7f;
            rt::exit(if signal == 0 { status >> 8 & 0xff } else { 128 + signal });
        }
    }
}

/// Replaces this process by the command; returns the most telling error.
fn execute(command: Str, vectors: Vectors, first: usize) -> isize {
    let argv = vectors.argv(first);
    if command.at(0) == 0 {
        return rt::ENOENT;
    }
    if command.contains(b'/') {
        return rt::execve(command.as_ptr(), argv, vectors.envp());
    }
    let mut error = rt::ENOENT;
    let mut buffer = [0u8; PATH_MAX];
    let start = buffer.as_ptr();
    let mut position = 0;
    let path = vectors.env(b"PATH=");
    let at = |index: usize| path.map_or_else(|| DEFAULT_PATH.get(index).copied().unwrap_or(0), |path| path.at(index));
    let mut put = |index: usize, byte: u8| {
        if let Some(place) = buffer.get_mut(index) {
            *place = byte;
        }
    };
    loop {
        let mut length = 0;
        while at(position) != 0 && at(position) != b':' {
            put(length, at(position));
            length += 1;
            position += 1;
        }
        // An entry that does not fit the kernel's limit for a path cannot name a program.
        if length + 1 + command.len() + 1 < PATH_MAX {
            if length == 0 {
                put(0, b'.');
                length = 1;
            }
            put(length, b'/');
            for index in 0..=command.len() {
                put(length + 1 + index, command.at(index));
            }
            match rt::execve(start, argv, vectors.envp()) {
                rt::ENOENT | rt::ENOTDIR => {}
                rt::EACCES => error = rt::EACCES,
                other => return other,
            }
        }
        if at(position) == 0 {
            return error;
        }
        position += 1;
    }
}

/// Writes one line saying why; the command's name comes from the app, so control characters are shown as `\xNN`.
fn explain(command: Str, error: isize) {
    let hex = |digit: u8| if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
    let mut line = [0u8; 512];
    let mut length = 0;
    let mut put = |byte: u8| {
        if let Some(place) = line.get_mut(length) {
            *place = byte;
            length += 1;
        }
    };
    let mut say = |text: &[u8]| text.iter().for_each(|byte| put(*byte));
    say(b"flatrack: cannot execute `");
    for index in 0..command.len().min(256) {
        let byte = command.at(index);
        if byte < 0x20 || byte == 0x7f || byte == b'\\' || byte == b'`' {
            say(&[b'\\', b'x', hex(byte >> 4), hex(byte & 15)]);
        } else {
            say(&[byte]);
        }
    }
    say(b"`: ");
    say(match error {
        rt::ENOENT => b"not found",
        rt::EACCES => b"permission denied",
        rt::ENOEXEC => b"not a program this kernel can run",
        _ => b"the kernel refused it",
    });
    say(b"\n");
    rt::stderr(line.get(..length).unwrap_or(&line));
}
