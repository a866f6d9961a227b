//! Builds the two freestanding programs under `tiny/` with the compiler that builds this crate.
//!
//! They are not crates of the workspace because they have no standard library, no panics and their own linker arguments, none of
//! which cargo can set for one binary of a workspace.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The linker arguments that keep a program at one or two pages: no C runtime, no separate pages for headers and constants.
const LINK: &[&str] = &[
    "-nostartfiles",
    "-nostdlib",
    "-static",
    "-Wl,-z,max-page-size=4096",
    "-Wl,-z,noseparate-code",
    "-Wl,-z,norelro",
    "-Wl,--build-id=none",
    "-Wl,--no-eh-frame-hdr",
    "-Wl,--gc-sections",
];

fn main() {
    println!("cargo:rerun-if-changed=tiny");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let arch = env::var("CARGO_CFG_TARGET_ARCH").expect("cargo sets CARGO_CFG_TARGET_ARCH");
    assert!(
        matches!(arch.as_str(), "x86_64" | "aarch64"),
        "flatrack-sys: pkg/sys/tiny/rt.rs has system calls for x86_64 and aarch64, not for `{arch}`"
    );
    for program in ["init", "waiter"] {
        build(program, &target);
    }
}

/// Compiles `tiny/PROGRAM.rs` to `$OUT_DIR/PROGRAM`.
fn build(program: &str, target: &str) {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join(program);
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args([
        "--edition",
        "2024",
        "--crate-type",
        "bin",
        "--crate-name",
        program,
    ]);
    rustc.args(["--target", target, "-o"]).arg(&out);
    rustc.args([
        "-C",
        "panic=abort",
        "-C",
        "opt-level=s",
        "-C",
        "codegen-units=1",
    ]);
    rustc.args([
        "-C",
        "relocation-model=static",
        "-C",
        "target-feature=+crt-static",
    ]);
    rustc.args([
        "-C",
        "strip=symbols",
        "-C",
        "debuginfo=0",
        "-C",
        "overflow-checks=no",
    ]);
    for argument in LINK {
        rustc.arg("-C").arg(format!("link-arg={argument}"));
    }
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut argument = std::ffi::OsString::from("linker=");
        argument.push(linker);
        rustc.arg("-C").arg(argument);
    }
    rustc.arg(format!("tiny/{program}.rs"));
    let status = rustc.status().expect("the Rust compiler can be run");
    assert!(
        status.success(),
        "flatrack-sys: tiny/{program}.rs did not build: {rustc:?}"
    );
}
