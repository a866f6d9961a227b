//! Compiled programs on disk, so that a start does not pay for libseccomp.
//!
//! The file's name is a hash of the profile and of what else decides about the program; the profile itself is stored with it and
//! compared, so two profiles with one hash cannot be mistaken for each other. A file that somebody else could have written is not used.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use oci_spec::runtime::LinuxSeccomp;

use super::{Error, SeccompProgram, compile};

/// Changes when the compiler of this crate gives other programs for the same profile.
const FORMAT: &str = concat!("flatrack seccomp 2 ", env!("CARGO_PKG_VERSION"));

/// As [`compile`], kept in `directory` (made with mode 0700 if missing). A cache that cannot be used costs time, not correctness: it is
/// passed over.
///
/// # Errors
/// Those of [`compile`].
pub fn cached(profile: &LinuxSeccomp, directory: &Path) -> Result<SeccompProgram, Error> {
    let io = |source| Error::Io {
        path: directory.into(),
        source,
    };
    let library = libseccomp::ScmpVersion::current().map_err(|source| Error::Library {
        what: "the question for its version".into(),
        source,
    })?;
    let mut key = format!("{FORMAT} {library} {} ", std::env::consts::ARCH).into_bytes();
    serde_json::to_writer(&mut key, profile).map_err(|error| io(error.into()))?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&key);
    let path = directory.join(format!("{:016x}.bpf", hasher.finish()));
    if let Some(program) = load(&path, &key) {
        return Ok(program);
    }
    let program = compile(profile)?;
    drop(store(&path, &key, &program));
    Ok(program)
}

/// The program, if the file is ours alone and holds exactly this key.
fn load(path: &Path, key: &[u8]) -> Option<SeccompProgram> {
    let mut file = File::options()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
        .open(path)
        .ok()?;
    let facts = file.metadata().ok()?;
    if !facts.is_file()
        || facts.uid() != rustix::process::geteuid().as_raw()
        || facts.mode() & 0o7777 != 0o600
        || facts.len() > 1 << 20
    {
        return None;
    }
    let mut bytes = Vec::with_capacity(facts.len() as usize);
    file.read_to_end(&mut bytes).ok()?;
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (stored, program) =
        rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    if stored == key {
        SeccompProgram::from_bytes(program)
    } else {
        None
    }
}

/// Writes a new file and renames it into place, so that a reader sees all of it or nothing.
fn store(path: &Path, key: &[u8], program: &SeccompProgram) -> std::io::Result<()> {
    let directory = path.parent().ok_or(ErrorKind::InvalidInput)?;
    match std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(directory)
    {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let write = || {
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(&(key.len() as u64).to_le_bytes())?;
        file.write_all(key)?;
        file.write_all(&program.to_bytes())?;
        std::fs::rename(&temporary, path)
    };
    write().inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn profile() -> LinuxSeccomp {
        serde_json::from_str(r#"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount"],"action":"SCMP_ACT_ERRNO"}]}"#).unwrap()
    }

    fn only_file(directory: &Path) -> std::path::PathBuf {
        let entries: Vec<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(entries.len(), 1);
        entries[0].clone()
    }

    #[test]
    fn the_second_time_comes_from_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("cache");
        let first = cached(&profile(), &place).unwrap();
        let path = only_file(&place);
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        // Another program in the file shows that the file is used.
        let key_and_program = std::fs::read(&path).unwrap();
        let cut = key_and_program.len() - 8;
        std::fs::write(&path, &key_and_program[..cut]).unwrap();
        assert_ne!(cached(&profile(), &place).unwrap(), first);
    }

    #[test]
    fn a_file_that_others_may_write_is_not_used() {
        let directory = tempfile::tempdir().unwrap();
        let first = cached(&profile(), directory.path()).unwrap();
        let path = only_file(directory.path());
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 8]).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o622)).unwrap();
        assert_eq!(cached(&profile(), directory.path()).unwrap(), first);
    }
}
