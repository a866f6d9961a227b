//! flatrack-oci by its command line: beside runc on the same bundles, and under the engines that drive runtimes.
//!
//! The binary under test is the one beside the tests (`cargo build --workspace` first), or the one that `FLATRACK_OCI_BIN` names.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod apps;
mod buildah;
mod bundle;
mod client;
mod compare;
mod configs;
mod console;
mod containerd;
mod cri;
mod descriptors;
mod docker;
mod exec;
mod full;
mod image;
mod killed;
mod log;
mod mapped;
mod own_program;
mod podman;
mod podman_apps;
mod runtime;
mod seccomp;
mod shim;
mod states;

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
