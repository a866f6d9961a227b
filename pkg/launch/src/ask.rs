//! Programs of the host that are asked for something small, and cannot keep a start waiting.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

/// How long a program may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// No honest answer is longer.
const MOST: usize = 1 << 20;

/// What a program prints; `None` if it is not there, fails, says more than 1 MiB or does not end in time.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let until = Instant::now() + PATIENCE;
    let said = answer(&mut child, until);
    let Some(said) = said else {
        drop(child.kill().and_then(|()| child.wait()));
        return None;
    };
    String::from_utf8(said).ok()
}

fn answer(child: &mut Child, until: Instant) -> Option<Vec<u8>> {
    let mut pipe = child.stdout.take()?;
    // somebody that it started may hold the other end for ever, so its own end counts, not that of the pipe
    rustix::fs::fcntl_setfl(&pipe, OFlags::NONBLOCK).ok()?;
    let mut said = Vec::new();
    loop {
        let ended = child.try_wait().ok()?;
        let open = take(&mut pipe, &mut said)?;
        if let Some(status) = ended {
            return status.success().then_some(said);
        }
        let left = until.checked_duration_since(Instant::now())?;
        match open {
            true => wait(&pipe, left.min(Duration::from_millis(2))),
            false => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Takes what is in the pipe; whether there may be more, or `None` for too much.
fn take(pipe: &mut impl Read, said: &mut Vec<u8>) -> Option<bool> {
    let mut part = [0; 4096];
    loop {
        match pipe.read(&mut part) {
            Ok(0) => return Some(false),
            Ok(length) => said.extend_from_slice(&part[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Some(true),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
        if said.len() > MOST {
            return None;
        }
    }
}

fn wait(pipe: impl AsFd, longest: Duration) {
    let mut fds = [PollFd::new(&pipe, PollFlags::IN)];
    let longest = Timespec::try_from(longest).ok();
    // a signal only ends the wait earlier
    let _woken = poll(&mut fds, longest.as_ref());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Option<String> {
        ask(Command::new("/bin/sh").args(["-c", script]))
    }

    #[test]
    fn an_answer_is_taken_whole_and_a_failure_is_none() {
        assert_eq!(sh("echo one; sleep 0.05; echo two").unwrap(), "one\ntwo\n");
        assert_eq!(
            sh("head -c 200000 /dev/zero | tr '\\0' x").unwrap().len(),
            200_000
        );
        assert_eq!(sh("echo one; exit 1"), None);
        assert_eq!(sh("yes"), None);
        assert_eq!(ask(&mut Command::new("/nowhere/at/all")), None);
    }

    #[test]
    fn one_that_leaves_the_pipe_open_is_not_waited_for() {
        assert_eq!(sh("echo one; sleep 4 >&1 &").unwrap(), "one\n");
        assert_eq!(sh("sleep 4"), None);
    }
}
