//! Debian's cloud kernels, as packages unpacked in the cache.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, tool};

/// The longest that fetching packages may take, in seconds.
const PATIENCE: &str = "240";

/// Which kernel to boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Choice {
    /// Debian 12's, 6.1
    #[default]
    Stable,
    /// Debian 14's, 7.2 or later
    Newer,
}

/// An unpacked kernel.
pub(super) struct Kernel {
    /// The uncompressed image: QEMU starts it faster than it would unpack itself under emulation
    pub(super) vmlinux: PathBuf,
    /// `lib/modules/VERSION`
    modules: PathBuf,
}

impl Kernel {
    /// From the cache, or from Debian into it.
    pub(super) fn obtain(choice: Choice, cache: &Path) -> Result<Self> {
        let dir = cache.join(match choice {
            Choice::Stable => "6.1",
            Choice::Newer => "newer",
        });
        let lock = File::create(cache.join("lock"))?;
        lock.lock()?;
        if !dir.is_dir() {
            let fresh = cache.join("fresh");
            // left over if a download was killed
            if fresh.exists() {
                std::fs::remove_dir_all(&fresh)?;
            }
            std::fs::create_dir(&fresh)?;
            let image = match choice {
                Choice::Stable => stable(&fresh)?,
                Choice::Newer => newer(&fresh)?,
            };
            extract(&image, &fresh.join("vmlinux"))?;
            // complete or absent
            std::fs::rename(&fresh, &dir)?;
        }
        Ok(Self {
            vmlinux: dir.join("vmlinux"),
            modules: only_entry(&dir.join("lib/modules"), "")?,
        })
    }

    /// A driver's file by its name in `kernel/`, unpacked; nothing if the kernel has it built in.
    pub(super) fn module(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let name = format!("kernel/{name}");
        let built_in = std::fs::read_to_string(self.modules.join("modules.builtin"))?;
        if built_in.lines().any(|line| line == name) {
            return Ok(None);
        }
        let path = self.modules.join(name);
        if path.exists() {
            return Ok(Some(std::fs::read(path)?));
        }
        let packed = path.with_extension("ko.xz");
        let unpacked = Command::new("xz").arg("-dc").arg(&packed).output()?;
        match unpacked.status.success() {
            true => Ok(Some(unpacked.stdout)),
            false => Err(format!("cannot unpack `{}`", packed.display()).into()),
        }
    }
}

/// By the machine's own apt; gives the image.
fn stable(dir: &Path) -> Result<PathBuf> {
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
        Command::new("timeout")
            .args([PATIENCE, "apt-get", "-qq", "download", newest])
            .args(["-o", "APT::Sandbox::User=root"])
            .current_dir(dir),
    )?;
    let package = only_entry(dir, "linux-image-")?;
    tool::succeed(Command::new("dpkg").arg("-x").arg(&package).arg(dir))?;
    std::fs::remove_file(package)?;
    only_entry(&dir.join("boot"), "vmlinuz-")
}

/// By `mmdebstrap`, as the tests get their newer Debian: only these packages, and nothing of them is run. Gives the image.
fn newer(dir: &Path) -> Result<PathBuf> {
    let tree = dir.join("tree");
    tool::succeed(
        Command::new("timeout")
            .args([PATIENCE, "mmdebstrap", "--quiet", "--mode=root"])
            .args([
                "--variant=extract",
                "--include=?name(^linux-binary-[0-9].*-cloud-amd64$)",
                "--include=?name(^linux-modules-[0-9].*-cloud-amd64$)",
                // a mirror may stand still; the signature is checked all the same
                "--aptopt=Acquire::Check-Valid-Until \"false\"",
                "forky",
            ])
            .arg(&tree),
    )?;
    let mut versions = Vec::new();
    for entry in tree.join("usr/lib/modules").read_dir()? {
        versions.push(entry?.path());
    }
    versions.retain(|version| version.join("vmlinuz").exists());
    versions.sort();
    let newest = versions
        .pop()
        .ok_or("Debian's forky has no `linux-binary-*-cloud-amd64`")?;
    let modules = dir.join("lib/modules");
    std::fs::create_dir_all(&modules)?;
    let kept = modules.join(newest.file_name().unwrap_or_default());
    std::fs::rename(&newest, &kept)?;
    std::fs::remove_dir_all(&tree)?;
    Ok(kept.join("vmlinuz"))
}

/// Takes the payload out of a bzImage; offsets by Linux's Documentation/arch/x86/boot.rst.
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
    let unpacker = match payload.get(..4) {
        Some([0x02, 0x21, 0x4c, 0x18]) => "lz4",
        Some([0x28, 0xb5, 0x2f, 0xfd]) => "zstd",
        _ => return Err(format!("`{}` is packed in an unknown way", image.display()).into()),
    };
    let packed = vmlinux.with_extension("packed");
    std::fs::write(&packed, payload)?;
    let unpacked = File::create(vmlinux)?;
    tool::succeed(
        Command::new(unpacker)
            .args(["-dqc"])
            .arg(&packed)
            .stdout(unpacked),
    )?;
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
