//! Files that the app inherits as standard input, output and error.

use std::os::fd::AsFd;
use std::path::PathBuf;

use flatrack_spec::apparmor::InheritedFile;
use rustix::fs::OFlags;

/// What of the three has a path. Pipes and sockets have none; a deleted file has none any more.
pub(crate) fn inherited() -> Vec<InheritedFile> {
    let (input, output, error) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    [input.as_fd(), output.as_fd(), error.as_fd()]
        .into_iter()
        .enumerate()
        .filter_map(|(number, fd)| {
            let flags = rustix::fs::fcntl_getfl(fd).ok()?;
            let path = std::fs::read_link(format!("/proc/self/fd/{number}")).ok()?;
            let access = flags & OFlags::RWMODE;
            Some(InheritedFile {
                path: named(path)?,
                read: access != OFlags::WRONLY,
                write: access != OFlags::RDONLY,
            })
        })
        .collect()
}

/// `/tmp/x`, but neither `pipe:[1]` nor `/tmp/x (deleted)`.
fn named(path: PathBuf) -> Option<PathBuf> {
    let deleted = path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)");
    (path.is_absolute() && !deleted).then_some(path)
}
