//! A disk of a test's own: a file behind a loop device.

use std::fs::File;
use std::process::Command;

use crate::Testbed;

/// A loop device; it is given back with the value. Only root can have one.
#[derive(Debug)]
pub struct LoopDisk(String);

impl LoopDisk {
    /// Attaches a file of so many bytes.
    ///
    /// # Panics
    /// When there is no device to be had.
    #[must_use]
    #[track_caller]
    pub fn attach(bed: &Testbed, size: u64) -> Self {
        let file = bed.write("disk", "");
        let grown = File::options()
            .write(true)
            .open(&file)
            .and_then(|disk| disk.set_len(size));
        let out = Command::new("losetup")
            .args(["--find", "--show"])
            .arg(&file)
            .output();
        match (grown, out) {
            (Ok(()), Ok(out)) if out.status.success() => {
                Self(String::from_utf8_lossy(&out.stdout).trim().to_owned())
            }
            other => panic!("no loop device: {other:?}"),
        }
    }

    /// The path of its node.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.0
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        let _given_back = Command::new("losetup").arg("-d").arg(&self.0).status();
    }
}
