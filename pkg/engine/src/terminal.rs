//! Between the caller's terminal and a container's.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use flatrack_sys::process::{Exit, pidfd_send_signal, wait};
use flatrack_sys::signal::{self, Descriptor, Set};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, read, write};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize};

const SIGWINCH: i32 = 28;

/// The caller's terminal in raw mode; dropping it restores the mode.
#[derive(Debug)]
pub struct Raw<'a> {
    terminal: BorrowedFd<'a>,
    before: Termios,
}

impl<'a> Raw<'a> {
    /// Switches; `None` if it is not a terminal.
    pub fn enter(terminal: BorrowedFd<'a>) -> io::Result<Option<Self>> {
        let before = match tcgetattr(terminal) {
            Err(Errno::NOTTY) => return Ok(None),
            other => other?,
        };
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(terminal, OptionalActions::Flush, &raw)?;
        Ok(Some(Self { terminal, before }))
    }
}

impl Drop for Raw<'_> {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that is gone.
        tcsetattr(self.terminal, OptionalActions::Flush, &self.before).ok();
    }
}

/// Copies between the caller's standard streams and the master side of a container's terminal.
#[derive(Debug)]
pub struct Proxy {
    master: OwnedFd,
}

impl Proxy {
    /// For the master side that [`crate::Running::terminal`] or [`crate::Executed::terminal`] holds.
    pub fn new(master: OwnedFd) -> Self {
        Self { master }
    }

    /// Copies both ways, follows the size of the caller's terminal, and ends with the child, whose exit it returns. Signals of the
    /// numbers `passed_on` go to the child; those that its terminal's keys make come from there, because the caller's is raw.
    ///
    /// # Errors
    /// If polling or waiting fails; the caller's terminal is restored in any case.
    pub fn run(self, child: &OwnedFd, passed_on: &[i32]) -> io::Result<Exit> {
        let stdin = std::io::stdin();
        let raw = Raw::enter(stdin.as_fd())?;
        let heard = Set::of(&[passed_on, &[SIGWINCH]].concat());
        let mask = signal::block(&heard)?;
        let signals = Descriptor::new(&heard)?;
        let done = self.copy(stdin.as_fd(), &signals, child);
        drop(raw);
        signal::restore(&mask)?;
        done?;
        wait(child)
    }

    fn copy(&self, stdin: BorrowedFd<'_>, signals: &Descriptor, child: &OwnedFd) -> io::Result<()> {
        let stdout = std::io::stdout();
        self.follow_size(stdin);
        let mut from_caller = true;
        loop {
            let mut set = vec![
                PollFd::new(&self.master, PollFlags::IN),
                PollFd::new(signals, PollFlags::IN),
                PollFd::new(child, PollFlags::IN),
            ];
            if from_caller {
                set.push(PollFd::from_borrowed_fd(stdin, PollFlags::IN));
            }
            match poll(&mut set, None) {
                Err(Errno::INTR) => continue,
                other => other?,
            };
            let ready = |index: usize| {
                set.get(index)
                    .is_some_and(|entry| !entry.revents().is_empty())
            };
            if ready(1) {
                while let Some(received) = signals.read()? {
                    match received.signal {
                        SIGWINCH => self.follow_size(stdin),
                        // a child that has just ended needs none
                        signal => drop(pidfd_send_signal(child, signal)),
                    }
                }
            }
            // What the child wrote last is copied before its end is noticed.
            if ready(0) {
                if !copy_some(self.master.as_fd(), stdout.as_fd())? {
                    return Ok(());
                }
            } else if ready(2) {
                return Ok(());
            }
            if from_caller && ready(3) && !copy_some(stdin, self.master.as_fd())? {
                from_caller = false;
                self.end_of_file();
            }
        }
    }

    fn follow_size(&self, terminal: BorrowedFd<'_>) {
        if let Ok(size) = tcgetwinsize(terminal) {
            tcsetwinsize(&self.master, size).ok();
        }
    }

    /// Input that is not a terminal ended: the child is told by the key for it.
    fn end_of_file(&self) {
        const CONTROL_D: &[u8] = &[4];
        write(&self.master, CONTROL_D).ok();
    }
}

/// Waits for a child without a terminal; signals of the numbers `passed_on`, which the caller has blocked, go to it. Returns its exit.
pub fn wait_passing_on(child: &OwnedFd, passed_on: &[i32]) -> io::Result<Exit> {
    let signals = Descriptor::new(&Set::of(passed_on))?;
    loop {
        let mut set = [
            PollFd::new(child, PollFlags::IN),
            PollFd::new(&signals, PollFlags::IN),
        ];
        match poll(&mut set, None) {
            Err(Errno::INTR) => continue,
            other => other?,
        };
        if !set[0].revents().is_empty() {
            return wait(child);
        }
        while let Some(received) = signals.read()? {
            // One that a terminal's key made went to the child as well.
            if !received.from_terminal() {
                drop(pidfd_send_signal(child, received.signal));
            }
        }
    }
}

/// Copies what is there; false at the end.
fn copy_some(from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> io::Result<bool> {
    let mut buffer = [0; 4096];
    let length = match read(from, &mut buffer) {
        // A terminal whose last user is gone says EIO.
        Ok(0) | Err(Errno::IO) => return Ok(false),
        Err(Errno::INTR | Errno::AGAIN) => return Ok(true),
        other => other?,
    };
    let mut rest = &buffer[..length];
    while !rest.is_empty() {
        match write(to, rest) {
            Ok(count) => rest = &rest[count..],
            Err(Errno::INTR) => {}
            // A reader that has gone does not stop the container.
            Err(Errno::PIPE | Errno::IO) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}
