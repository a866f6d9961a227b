//! Small files of the user's, read so that whatever stands there keeps nobody waiting.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

/// No honest configuration or cookie file is larger.
const MOST: u64 = 1 << 20;

/// The beginning of a regular file, 1 MiB at most; anything else, such as a pipe, is none.
pub(crate) fn bytes(path: &Path) -> Option<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let fd = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    let file = File::from(fd);
    let mut bytes = Vec::new();
    let regular = file.metadata().ok()?.is_file();
    (regular && file.take(MOST).read_to_end(&mut bytes).is_ok()).then_some(bytes)
}

/// The same as text.
pub(crate) fn text(path: &Path) -> Option<String> {
    String::from_utf8(bytes(path)?).ok()
}
