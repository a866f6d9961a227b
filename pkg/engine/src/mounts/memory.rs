//! What a file system in memory takes over of the directory that it covers.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use flatrack_sys::path::resolve_in_root;
use rustix::fs::{
    AtFlags, Dir, FileType, Gid, Mode, OFlags, Stat, Uid, chmodat, chownat, fstat, mkdirat,
    mknodat, openat, readlinkat, statat, symlinkat,
};

/// Deeper than any tree that is worth copying.
const DEEPEST: u32 = 128;

/// Gives `tree` the mode of the directory at `destination`, and with `copy` what is in it. Nothing if there is none.
pub(super) fn take_over(
    root: &OwnedFd,
    destination: &Path,
    tree: &OwnedFd,
    mode: bool,
    copy: bool,
) -> io::Result<()> {
    if !mode && !copy {
        return Ok(());
    }
    let covered = match resolve_in_root(root, destination) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    let facts = fstat(&covered)?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::Directory {
        return Ok(());
    }
    if copy {
        let open = |fd: &OwnedFd| openat(fd, ".", DIRECTORY, Mode::empty());
        directory(&open(&covered)?, &open(tree)?, DEEPEST)?;
    }
    if mode {
        chmodat(
            tree,
            ".",
            Mode::from_raw_mode(facts.st_mode & 0o7777),
            AtFlags::empty(),
        )?;
    }
    Ok(())
}

const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Copies what is in one directory into another. No link is followed: what is in an image decides nothing but itself.
fn directory(from: &OwnedFd, to: &OwnedFd, deepest: u32) -> io::Result<()> {
    let deeper = deepest
        .checked_sub(1)
        .ok_or_else(|| io::Error::other("directories lie too deep to be copied"))?;
    for entry in Dir::read_from(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let facts = statat(from, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let mode = Mode::from_raw_mode(facts.st_mode & 0o7777);
        match FileType::from_raw_mode(facts.st_mode) {
            FileType::Directory => {
                mkdirat(to, name, Mode::RWXU)?;
                let below = openat(to, name, DIRECTORY, Mode::empty())?;
                directory(
                    &openat(from, name, DIRECTORY, Mode::empty())?,
                    &below,
                    deeper,
                )?;
            }
            FileType::Symlink => {
                symlinkat(readlinkat(from, name, Vec::new())?, to, name)?;
                own(to, name, &facts)?;
                continue;
            }
            FileType::RegularFile => {
                let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC;
                let source = openat(from, name, OFlags::RDONLY | flags, Mode::empty())?;
                let new = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | flags;
                let target = openat(to, name, new, Mode::RUSR | Mode::WUSR)?;
                io::copy(&mut File::from(source), &mut File::from(target))?;
            }
            kind => mknodat(to, name, kind, mode, facts.st_rdev)?,
        }
        own(to, name, &facts)?;
        // after the owner, whose change takes the setuid bits away
        chmodat(to, name, mode, AtFlags::empty())?;
    }
    Ok(())
}

fn own(to: &OwnedFd, name: &std::ffi::CStr, facts: &Stat) -> io::Result<()> {
    let (user, group) = (Uid::from_raw(facts.st_uid), Gid::from_raw(facts.st_gid));
    Ok(chownat(
        to,
        name,
        Some(user),
        Some(group),
        AtFlags::SYMLINK_NOFOLLOW,
    )?)
}
