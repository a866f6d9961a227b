//! Open files that a program inherits.

use std::os::fd::{AsRawFd, OwnedFd, RawFd};

/// What a program inherits of open files. By default the caller's three standard streams and nothing else.
#[derive(Debug, Default)]
pub struct Descriptors {
    /// Its standard input, output and error instead of the caller's.
    pub streams: Option<[OwnedFd; 3]>,
    /// Further ones, under the numbers that they have.
    pub keep: Vec<OwnedFd>,
    /// Numbers that this process inherited itself and hands on.
    pub inherited: Vec<RawFd>,
}

impl Descriptors {
    /// Leaves exactly these open in the program that is executed next.
    pub(crate) fn install(&self) -> std::io::Result<()> {
        if let Some([input, output, error]) = &self.streams {
            rustix::stdio::dup2_stdin(input)?;
            rustix::stdio::dup2_stdout(output)?;
            rustix::stdio::dup2_stderr(error)?;
        }
        let kept = self.keep.iter().map(AsRawFd::as_raw_fd);
        let numbers: Vec<RawFd> = kept.chain(self.inherited.iter().copied()).collect();
        flatrack_sys::fd::close_on_exec_except(&numbers)
    }
}
