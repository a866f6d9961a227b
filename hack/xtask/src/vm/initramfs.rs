//! The initramfs: busybox, the drivers, the guest's scripts and the command, as a newc archive.

use std::path::Path;

use super::SecondStage;
use super::kernel::Kernel;
use crate::Result;

/// In the order in which they need each other.
const MODULES: [&str; 10] = [
    "drivers/virtio/virtio_ring.ko",
    "drivers/virtio/virtio.ko",
    "drivers/virtio/virtio_pci_modern_dev.ko",
    "drivers/virtio/virtio_pci_legacy_dev.ko",
    "drivers/virtio/virtio_pci.ko",
    "drivers/char/virtio_console.ko",
    "fs/fuse/fuse.ko",
    "fs/fuse/virtiofs.ko",
    "fs/overlayfs/overlay.ko",
    "drivers/block/loop.ko",
];

pub(super) fn build(kernel: &Kernel, init: SecondStage, command: &str) -> Result<Vec<u8>> {
    let mut archive = Archive::default();
    for dir in ["bin", "dev", "modules"] {
        archive.entry(dir, 0o040_755, &[]);
    }
    archive.entry("bin/busybox", 0o100_755, &read(Path::new("/bin/busybox"))?);
    archive.entry("init", 0o100_755, &read(&super::guest_file("init"))?);
    archive.entry("guest", 0o100_755, &read(&super::guest_file(init.file()))?);
    archive.entry("report", 0o100_755, &read(&super::guest_file("report"))?);
    archive.entry("command", 0o100_755, command.as_bytes());
    let mut order = String::new();
    for module in MODULES {
        let Some(content) = kernel.module(module)? else {
            continue;
        };
        let name = module.rsplit('/').next().unwrap_or(module);
        archive.entry(&format!("modules/{name}"), 0o100_644, &content);
        order += &format!("{name}\n");
    }
    archive.entry("modules/order", 0o100_644, order.as_bytes());
    archive.entry("TRAILER!!!", 0, &[]);
    Ok(archive.bytes)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(std::fs::read(path).map_err(|error| format!("`{}`: {error}", path.display()))?)
}

/// Linux's Documentation/driver-api/early-userspace/buffer-format.rst.
#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    entries: usize,
}

impl Archive {
    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) {
        self.entries += 1;
        let header = format!(
            "070701{:08x}{mode:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}",
            self.entries,
            0,
            0,
            1,
            0,
            content.len(),
            0,
            0,
            0,
            0,
            name.len() + 1,
            0
        );
        self.bytes.extend_from_slice(header.as_bytes());
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend_from_slice(content);
        self.pad();
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}
