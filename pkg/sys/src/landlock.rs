//! Which Landlock the kernel has. Rule sets are made by the `landlock` crate, which does not tell.

/// The kernel's Landlock version (ABI): 0 where it has none or does not use it.
#[must_use]
pub fn version() -> u32 {
    const VERSION: u32 = 1;
    // SAFETY: with the VERSION flag the kernel wants no attributes: a null pointer and a size of zero.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<u8>(),
            0usize,
            VERSION,
        )
    };
    u32::try_from(version).unwrap_or(0)
}
