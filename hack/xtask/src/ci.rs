//! `ci`: everything, and a missing tool is an error.

use crate::tool::{Tools, cargo, cargo_with};
use crate::{Result, check, gaps};

/// All of `check`, then what takes longer or needs root.
pub(crate) fn run() -> Result {
    check::run(&Tools { strict: true })?;
    cargo_with(
        "doc --workspace --no-deps --document-private-items",
        &[("RUSTDOCFLAGS", "-D warnings")],
    )?;
    gaps::run()?;
    if !flatrack_testbed::as_root() {
        return Err("the privileged tests need root\nhint: run `cargo xtask ci` as root".into());
    }
    cargo("nextest run --workspace --profile privileged --no-tests=pass")
}
