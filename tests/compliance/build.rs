//! Builds the probe with the compiler that builds this crate.
//!
//! It is not a binary of the workspace because it is linked statically, whatever the tests are: it runs in a sandbox
//! whose C library is not the one of this machine. Cargo cannot set that for one binary.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=probe");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("probe");
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "--crate-name", "probe", "--target"]);
    rustc
        .arg(env::var("TARGET").expect("cargo sets TARGET"))
        .arg("-o")
        .arg(&out);
    rustc.args(["-C", "target-feature=+crt-static", "-C", "opt-level=1"]);
    rustc.args(["-C", "strip=symbols", "-D", "warnings"]);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut argument = std::ffi::OsString::from("linker=");
        argument.push(linker);
        rustc.arg("-C").arg(argument);
    }
    rustc.arg("probe/main.rs");
    let status = rustc.status().expect("the Rust compiler can be run");
    assert!(
        status.success(),
        "the compliance probe did not build: {rustc:?}"
    );
    println!("cargo:rustc-env=COMPLIANCE_PROBE={}", out.display());
}
