//! What users see of flatrack, tested through its command line. One file a feature, each test named for its claim.
//!
//! The apps are real: the stock `flatpak` builds and installs them (see `flatrack-testbed`). The binary under test is
//! the one beside the tests: `cargo build --workspace` first, or name it in `FLATRACK_BIN`.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on ends"
)]

mod apparmor;
mod bad_input;
mod bombs;
mod bundle;
mod bus;
mod compositor;
mod dconf;
mod delegated;
mod devices;
mod events;
mod examples;
mod exec;
mod exit_codes;
mod extensions;
mod extensions_linker;
mod generate;
mod inspect;
mod landlock;
mod leftovers;
mod lifecycle;
mod limits;
mod overrides;
mod permissions;
mod policy;
mod ports;
mod renames;
mod run;
mod run_options;
mod sandbox;
mod servers;
mod sockets;
mod support;
mod systemd;
mod terminal;
mod usage;

#[test]
fn every_file_here_is_listed() {
    let text = include_str!("main.rs");
    for entry in std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(module) = name
            .strip_suffix(".rs")
            .filter(|one| !["main", "lib"].contains(one))
        else {
            continue;
        };
        assert!(
            text.contains(&format!("\nmod {module};\n")),
            "`{name}` is not listed in main.rs"
        );
    }
}
