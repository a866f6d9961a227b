//! Waiting for a process while signals that reach us go on to it.

use std::io;
use std::os::fd::OwnedFd;

use flatrack_engine::terminal::{Proxy, wait_passing_on};
use flatrack_sys::process::Exit;
use flatrack_sys::signal::{self, Set};

/// HUP, INT, QUIT, USR1, USR2, TERM, WINCH.
const FORWARDED: [i32; 7] = [1, 2, 3, 10, 12, 15, 28];

/// Holds the signals that are passed on, from before there is a process to pass them to: one that comes
/// meanwhile is delivered afterwards. Returns the mask before.
pub(crate) fn hold() -> io::Result<Set> {
    signal::block(&Set::of(&FORWARDED))
}

/// Rows and columns of the caller's terminal, if it has one: the app's has them before it looks.
pub(crate) fn window() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(io::stdin()).ok()?;
    (size.ws_row > 0 && size.ws_col > 0).then_some((size.ws_row, size.ws_col))
}

/// Waits for a process that may have a terminal of its own, and returns how it ended.
pub(crate) fn wait(pidfd: &OwnedFd, terminal: Option<OwnedFd>) -> io::Result<Exit> {
    match terminal {
        Some(master) => Proxy::new(master).run(pidfd, &FORWARDED),
        None => wait_without_terminal(pidfd),
    }
}

fn wait_without_terminal(pidfd: &OwnedFd) -> io::Result<Exit> {
    let before = signal::block(&Set::of(&FORWARDED))?;
    let exit = wait_passing_on(pidfd, &FORWARDED);
    signal::restore(&before)?;
    exit
}
