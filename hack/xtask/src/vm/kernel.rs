//! Debian 12's cloud kernel, from apt, unpacked in the cache.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, tool};

/// An unpacked kernel.
pub(super) struct Kernel {
    /// The uncompressed image: QEMU starts it faster than it would unpack itself under emulation
    pub(super) vmlinux: PathBuf,
    /// `lib/modules/VERSION/kernel`
    pub(super) modules: PathBuf,
}

impl Kernel {
    /// From the cache, or from apt into it.
    pub(super) fn obtain(cache: &Path) -> Result<Self> {
        let dir = cache.join("6.1");
        let lock = File::create(cache.join("lock"))?;
        lock.lock()?;
        if !dir.is_dir() {
            let fresh = cache.join("fresh");
            // left over if a download was killed
            if fresh.exists() {
                std::fs::remove_dir_all(&fresh)?;
            }
            std::fs::create_dir(&fresh)?;
            download(&fresh)?;
            let image = only_entry(&fresh.join("boot"), "vmlinuz-")?;
            extract(&image, &fresh.join("vmlinux"))?;
            // complete or absent
            std::fs::rename(&fresh, &dir)?;
        }
        Ok(Self {
            vmlinux: dir.join("vmlinux"),
            modules: only_entry(&dir.join("lib/modules"), "6.1.")?.join("kernel"),
        })
    }
}

fn download(dir: &Path) -> Result {
    let names = tool::output(Command::new("apt-cache").args([
        "search",
        "--names-only",
        r"^linux-image-6\.1\.0-[0-9]+-cloud-amd64$",
    ]))?;
    let newest = names
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .max_by_key(|name| {
            name.split('-')
                .nth(3)
                .and_then(|number| number.parse::<u32>().ok())
        })
        .ok_or(
            "apt has no `linux-image-6.1.0-*-cloud-amd64`\nhint: run apt-get update, on Debian 12",
        )?;
    tool::succeed(
        Command::new("apt-get")
            .args(["-qq", "-o", "APT::Sandbox::User=root", "download", newest])
            .current_dir(dir),
    )?;
    let package = only_entry(dir, "linux-image-")?;
    tool::succeed(Command::new("dpkg").arg("-x").arg(&package).arg(dir))
}

/// Takes the LZ4 payload out of a bzImage; offsets by Linux's Documentation/arch/x86/boot.rst.
fn extract(image: &Path, vmlinux: &Path) -> Result {
    let bytes = std::fs::read(image)?;
    let word = |at: usize| -> Option<usize> {
        let field = bytes.get(at..at + 4)?;
        usize::try_from(u32::from_le_bytes(field.try_into().ok()?)).ok()
    };
    let payload = || {
        let setup = (usize::from(*bytes.get(0x1f1)?) + 1) * 512;
        let begin = setup + word(0x248)?;
        // the last four bytes are the unpacked size
        bytes.get(begin..(begin + word(0x24c)?).checked_sub(4)?)
    };
    let payload = payload().ok_or_else(|| format!("`{}` is no bzImage", image.display()))?;
    let packed = vmlinux.with_extension("lz4");
    std::fs::write(&packed, payload)?;
    tool::succeed(Command::new("lz4").args(["-dqf"]).arg(&packed).arg(vmlinux))?;
    Ok(std::fs::remove_file(packed)?)
}

fn only_entry(dir: &Path, prefix: &str) -> Result<PathBuf> {
    for entry in dir.read_dir()? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            return Ok(entry.path());
        }
    }
    Err(format!("`{}` has no `{prefix}*`", dir.display()).into())
}
