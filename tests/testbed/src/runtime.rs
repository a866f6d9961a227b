//! The tiny runtime's tree: busybox, bash with its libraries, and an `/etc`.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What apps and tests call; all are busybox under another name.
const APPLETS: [&str; 55] = [
    "awk", "basename", "cat", "chmod", "cp", "cut", "date", "dd", "df", "dirname", "echo", "env",
    "expr", "false", "find", "grep", "head", "hostname", "id", "ip", "kill", "ln", "ls", "mkdir",
    "mkfifo", "mktemp", "mount", "mv", "nc", "nproc", "printf", "ps", "pwd", "readlink", "rm",
    "rmdir", "sed", "seq", "sh", "sleep", "sort", "stat", "stty", "tail", "test", "timeout",
    "touch", "tr", "true", "tty", "uname", "uniq", "wc", "whoami", "xargs",
];

const ETC: [(&str, &str); 4] = [
    (
        "passwd",
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
    ),
    ("group", "root:x:0:\nnogroup:x:65534:\n"),
    ("ld.so.cache", ""),
    ("os-release", "ID=flatrack-test\nVERSION_ID=1\n"),
];

/// Writes a build directory of the runtime `id`, as `flatpak build-export` takes it.
pub(crate) fn write(dir: &Path, id: &str, platform: &str, sdk: &str) -> io::Result<()> {
    // a runtime's content is in `usr`; `files` is empty but must be there
    for sub in ["files", "usr/bin", "usr/etc", "usr/share"] {
        fs::create_dir_all(dir.join(sub))?;
    }
    let bin = dir.join("usr/bin");
    copy_with_libraries(&find_program("busybox")?, &dir.join("usr"))?;
    for applet in APPLETS {
        symlink("busybox", bin.join(applet))?;
    }
    copy_with_libraries(&find_program("bash")?, &dir.join("usr"))?;
    for (name, text) in ETC {
        fs::write(dir.join("usr/etc").join(name), text)?;
    }
    let metadata = format!("[Runtime]\nname={id}\nruntime={platform}\nsdk={sdk}\n");
    fs::write(dir.join("metadata"), metadata)
}

fn copy_with_libraries(program: &Path, usr: &Path) -> io::Result<()> {
    let name = program.file_name().unwrap_or_default();
    fs::copy(program, usr.join("bin").join(name))?;
    let listed = Command::new("ldd").arg(program).output()?;
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    for library in text.split_whitespace().filter(|word| word.starts_with('/')) {
        let inside = library.trim_start_matches("/usr").trim_start_matches('/');
        let target = usr.join(inside);
        fs::create_dir_all(target.parent().unwrap_or(usr))?;
        fs::copy(library, target)?;
    }
    Ok(())
}

/// The program of that name in `PATH`.
pub(crate) fn find_program(name: &str) -> io::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|dir| dir.join(name))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("`{name}` is not installed"),
            )
        })
}
