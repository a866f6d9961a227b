//! Builds the program of `bench calls`, which runs in sandboxes of any runtime and so needs no library.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=probe");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("calls");
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "--crate-name", "calls", "--target"]);
    rustc
        .arg(env::var_os("TARGET").expect("cargo sets TARGET"))
        .arg("-o")
        .arg(&out);
    rustc.args(["-C", "target-feature=+crt-static", "-C", "opt-level=3"]);
    rustc.args(["-C", "strip=symbols", "-D", "warnings"]);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut argument = std::ffi::OsString::from("linker=");
        argument.push(linker);
        rustc.arg("-C").arg(argument);
    }
    rustc.arg("probe/calls.rs");
    let status = rustc.status().expect("the Rust compiler can be run");
    assert!(
        status.success(),
        "the program of `bench calls` did not build: {rustc:?}"
    );
    println!("cargo:rustc-env=CALLS_PROBE={}", out.display());
}
