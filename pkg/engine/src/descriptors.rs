//! Open files that a program inherits.

use std::os::fd::{AsRawFd, OwnedFd};

/// What a program inherits of open files. By default the caller's three standard streams and nothing else.
#[derive(Debug, Default)]
pub struct Descriptors {
    /// Its standard input, output and error instead of the caller's.
    pub streams: Option<[OwnedFd; 3]>,
    /// Further ones, under the numbers that they have.
    pub keep: Vec<OwnedFd>,
}

impl Descriptors {
    /// Leaves exactly these open in the program that is executed next.
    pub(crate) fn install(&self) -> std::io::Result<()> {
        if let Some([input, output, error]) = &self.streams {
            rustix::stdio::dup2_stdin(input)?;
            rustix::stdio::dup2_stdout(output)?;
            rustix::stdio::dup2_stderr(error)?;
        }
        let numbers: Vec<i32> = self.keep.iter().map(AsRawFd::as_raw_fd).collect();
        flatrack_sys::fd::close_on_exec_except(&numbers)
    }
}
