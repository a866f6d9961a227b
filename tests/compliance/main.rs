//! Whether flatrack's sandbox is Flatpak's: one app, run by both with the same permissions, prints everything that it
//! can see, and the two are compared field by field.
//!
//! - the cases come from the vocabulary table: `cases.rs`
//! - the program inside is `probe/`
//! - what may differ, and why, stands in `hack/docs/differences.md`, which the comparison reads
//!
//! `FLATRACK_UNDER_TEST=flatpak` (or `flatrack`) looks at one side only: whether each permission has its effect there.
//! Tests named `newer_…` compare with the Flatpak of a newer Debian; those of `confined.rs` compare flatrack's sandbox with itself, under
//! the generated AppArmor profile and without one.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod cases;
mod confined;
mod differences;
mod dump;
mod lane;
mod session;

use flatrack_testbed::{Tree, User, needs, skip};

/// How many sets are combined, and from which seed.
const COMBINED: (usize, u64) = (40, 20);

#[test]
fn root_sees_the_same_with_each_permission() {
    needs!(Root, StockFlatpak);
    lane::run(User::current(), None, &cases::alone());
}

#[test]
fn root_sees_the_same_with_permissions_combined() {
    needs!(Root, StockFlatpak);
    lane::run(
        User::current(),
        None,
        &cases::combined(COMBINED.0, COMBINED.1),
    );
}

#[test]
fn a_user_sees_the_same_with_each_permission() {
    needs!(Root, StockFlatpak, UserNamespaces);
    lane::run(User::ordinary(), None, &cases::alone());
}

#[test]
fn a_user_sees_the_same_with_permissions_combined() {
    needs!(Root, StockFlatpak, UserNamespaces);
    lane::run(
        User::ordinary(),
        None,
        &cases::combined(COMBINED.0, COMBINED.1),
    );
}

#[test]
fn newer_root_sees_the_same_with_each_permission() {
    newer(User::current(), &cases::alone());
}

#[test]
fn newer_root_sees_the_same_with_permissions_combined() {
    newer(User::current(), &cases::combined(COMBINED.0, COMBINED.1));
}

#[test]
fn newer_user_sees_the_same_with_each_permission() {
    newer(User::ordinary(), &cases::alone());
}

#[test]
fn newer_user_sees_the_same_with_permissions_combined() {
    newer(User::ordinary(), &cases::combined(COMBINED.0, COMBINED.1));
}

fn newer(user: User, cases: &[cases::Case]) {
    needs!(Root, StockFlatpak, UserNamespaces);
    match Tree::newer_debian() {
        Ok(tree) => lane::run(user, Some(&tree), cases),
        Err(reason) => skip!(NewerDebian, reason),
    }
}
