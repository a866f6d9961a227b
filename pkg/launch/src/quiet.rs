//! Standard input and output pointed at nothing while a helper is started, which inherits them.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

/// Puts the caller's input and output back when it goes.
#[derive(Debug)]
pub(crate) struct Quiet {
    before: [OwnedFd; 3],
}

impl Quiet {
    /// Points all three at `/dev/null`. The calling process must have one thread.
    pub(crate) fn new() -> io::Result<Self> {
        let keep = |fd: &dyn AsFd| fd.as_fd().try_clone_to_owned();
        let before = [
            keep(&io::stdin())?,
            keep(&io::stdout())?,
            keep(&io::stderr())?,
        ];
        let null = std::fs::File::options()
            .read(true)
            .write(true)
            .open("/dev/null")?;
        let quiet = Self { before };
        dup2_stdin(&null)?;
        dup2_stdout(&null)?;
        dup2_stderr(&null)?;
        Ok(quiet)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let [stdin, stdout, stderr] = &self.before;
        // the descriptors are open: nothing here can fail
        let _all_or_none = dup2_stdin(stdin)
            .and_then(|()| dup2_stdout(stdout))
            .and_then(|()| dup2_stderr(stderr));
    }
}
