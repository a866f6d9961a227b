//! Mounts and paths: what is there, whose it is, and what can be done with it.

use std::ffi::{CString, c_char, c_int};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::dump::{Dump, verdict};

unsafe extern "C" {
    fn access(path: *const c_char, mode: c_int) -> c_int;
}

/// Directories that are listed, and how many levels below them.
const PLACES: [(&str, usize); 14] = [
    ("/", 1),
    ("/app", 2),
    ("/dev", 3),
    ("/etc", 3),
    ("/proc/sys", 1),
    ("/run", 3),
    ("/run/flatpak", 3),
    ("/run/host", 2),
    ("/run/user", 3),
    ("/sys", 1),
    ("/tmp", 1),
    ("/usr", 1),
    ("/var", 2),
    ("/mnt", 1),
];

/// Parts of `/proc` that show or change the machine.
const PROC: [&str; 16] = [
    "/proc/acpi",
    "/proc/bus",
    "/proc/cmdline",
    "/proc/config.gz",
    "/proc/fs",
    "/proc/irq",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/modules",
    "/proc/scsi",
    "/proc/sys/kernel/core_pattern",
    "/proc/sysrq-trigger",
    "/proc/timer_list",
    "/proc/1/environ",
];

/// Nodes whose opening does nothing; opening others (a watchdog, a tape) acts on the machine.
const HARMLESS: [&str; 9] = [
    "null", "zero", "full", "random", "urandom", "tty", "ptmx", "kvm", "fuse",
];

/// Where a file is created.
const WRITTEN: [&str; 20] = [
    "/",
    "/app",
    "/dev",
    "/dev/shm",
    "/etc",
    "/proc/sys/kernel",
    "/run",
    "/run/flatpak",
    "/run/host",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/var",
    "/var/cache",
    "/var/config",
    "/var/data",
    "/var/tmp",
    "/run/user",
    "/home",
];

/// So that a listing of a host's directory stays short.
const MOST_ENTRIES: usize = 60;

pub(crate) fn look(dump: &mut Dump) {
    mounts(dump);
    for (place, levels) in PLACES {
        list(dump, Path::new(place), levels);
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    if let Some(home) = &home {
        list(dump, home, 5);
    }
    for path in PROC {
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(NONBLOCK)
            .open(path);
        let writable = OpenOptions::new()
            .write(true)
            .custom_flags(NONBLOCK)
            .open(path);
        let value = format!("read={} write={}", verdict(opened), verdict(writable));
        dump.say("proc", path, value);
    }
    let runtime_dir = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let own = home.iter().flat_map(|h| [h.clone(), h.join(".var/app")]);
    for place in WRITTEN
        .iter()
        .map(PathBuf::from)
        .chain(own)
        .chain(runtime_dir)
    {
        let file = place.join(".compliance-probe");
        let made = File::create_new(&file);
        if made.is_ok() {
            let _was_ours = fs::remove_file(&file);
        }
        dump.say("create in", place.display(), verdict(made));
    }
}

/// The mounts that can be seen; of several on one point the last.
fn mounts(dump: &mut Dump) {
    let text = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let Some(dash) = fields.iter().position(|f| *f == "-") else {
            continue;
        };
        let (root, point, options) = (fields[3], fields[4], fields[5]);
        let shared = fields[6..dash]
            .iter()
            .map(|f| f.split(':').next().unwrap_or(f));
        let shared: Vec<&str> = shared.collect();
        let kind = fields[dash + 1];
        dump.say("mount", point, format!("{kind} {options}"));
        dump.say("propagation", point, shared.join(" "));
        dump.say("mounted", point, format!("{kind}:{root}"));
    }
}

fn list(dump: &mut Dump, directory: &Path, levels: usize) {
    describe(dump, directory);
    if levels == 0 {
        return;
    }
    let mut names: Vec<PathBuf> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    names.sort();
    if names.len() > MOST_ENTRIES {
        dump.say(
            "entries",
            directory.display(),
            format!("more than {MOST_ENTRIES}"),
        );
        return;
    }
    for path in names {
        match path.symlink_metadata() {
            Ok(found) if found.is_dir() => list(dump, &path, levels - 1),
            _ => describe(dump, &path),
        }
    }
}

fn describe(dump: &mut Dump, path: &Path) {
    let value = match path.symlink_metadata() {
        Ok(found) => shown(path, &found),
        Err(error) => verdict::<()>(Err(error)),
    };
    dump.say("path", path.display(), value);
}

fn shown(path: &Path, found: &Metadata) -> String {
    let kind = found.file_type();
    let owner = format!(
        "{:04o} {}:{}",
        found.mode() & 0o7777,
        found.uid(),
        found.gid()
    );
    if kind.is_symlink() {
        let target = fs::read_link(path).unwrap_or_default();
        return format!("link to {}", target.display());
    }
    if kind.is_char_device() || kind.is_block_device() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let open = if HARMLESS.contains(&name.as_ref()) {
            let opened = OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(NONBLOCK)
                .open(path);
            format!(" open={}", verdict(opened))
        } else {
            String::new()
        };
        let (major, minor) = ((found.rdev() >> 8) & 0xfff, found.rdev() & 0xff);
        return format!("device {major}:{minor} {owner}{open}");
    }
    let word = if kind.is_dir() {
        "dir"
    } else if kind.is_socket() {
        "socket"
    } else if kind.is_file() {
        "file"
    } else {
        "other"
    };
    let rights: String = [(4, 'r'), (2, 'w'), (1, 'x')]
        .iter()
        .map(|(mode, letter)| {
            if may(path, *mode).is_ok() {
                *letter
            } else {
                '-'
            }
        })
        .collect();
    format!("{word} {owner} {rights}")
}

/// `O_NONBLOCK`: a pipe without a peer does not keep us.
const NONBLOCK: i32 = 0o4000;

fn may(path: &Path, mode: c_int) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: the path is a terminated string that lives through the call
    match unsafe { access(path.as_ptr(), mode) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
