//! The file that tells engines the number of a process.

use std::io::{self, Write as _};
use std::path::Path;

use rustix::process::Pid;

use crate::failure::{Doing, Result};

/// Writes the number into a new file and gives it its name then: whoever waits for the file reads all of it.
pub(crate) fn write(path: &Path, pid: Pid) -> Result<()> {
    put(path, &pid.as_raw_nonzero().to_string()).at("write the pid file", path)
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let temporary = path.with_file_name(format!(
        ".{}.{}",
        name.to_string_lossy(),
        std::process::id()
    ));
    let written = std::fs::File::create_new(&temporary)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&temporary, path));
    written.inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}
