//! The real file system, as plans look at it: links are never followed.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use flatrack_spec::{DeviceNumber, FileKind, Host};

/// The machine this program runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RealHost;

impl Host for RealHost {
    fn kind(&self, path: &Path) -> Option<FileKind> {
        let kind = fs::symlink_metadata(path).ok()?.file_type();
        Some(if kind.is_symlink() {
            FileKind::Symlink(fs::read_link(path).ok()?)
        } else if kind.is_dir() {
            FileKind::Dir
        } else if kind.is_file() {
            FileKind::File
        } else if kind.is_socket() {
            FileKind::Socket
        } else if kind.is_char_device() || kind.is_block_device() {
            FileKind::Device
        } else {
            FileKind::Other
        })
    }

    fn owner(&self, path: &Path) -> Option<u32> {
        Some(fs::symlink_metadata(path).ok()?.uid())
    }

    fn device(&self, path: &Path) -> Option<DeviceNumber> {
        let facts = fs::symlink_metadata(path).ok()?;
        let kind = facts.file_type();
        (kind.is_char_device() || kind.is_block_device()).then(|| DeviceNumber {
            block: kind.is_block_device(),
            major: rustix::fs::major(facts.rdev()),
            minor: rustix::fs::minor(facts.rdev()),
        })
    }

    fn disk(&self, path: &Path) -> Option<DeviceNumber> {
        let facts = fs::metadata(path).ok()?;
        let number = match facts.file_type().is_block_device() {
            true => facts.rdev(),
            false => facts.dev(),
        };
        self.whole_disk(rustix::fs::major(number), rustix::fs::minor(number))
    }

    /// sysfs has a directory for each block device; a partition's lies in that of its disk and has a file `partition`
    /// (the kernel's Documentation/ABI/stable/sysfs-block).
    fn whole_disk(&self, major: u32, minor: u32) -> Option<DeviceNumber> {
        let device = Path::new("/sys/dev/block").join(format!("{major}:{minor}"));
        let device = fs::canonicalize(device).ok()?;
        let disk = match device.join("partition").exists() {
            true => device.parent()?,
            false => &device,
        };
        let number = fs::read_to_string(disk.join("dev")).ok()?;
        let (major, minor) = number.trim().split_once(':')?;
        Some(DeviceNumber {
            block: true,
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    }

    fn list(&self, directory: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(directory) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort_unstable();
        names
    }
}
