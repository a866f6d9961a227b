//! Flatpak images under the OCI runtime's door: the app's sandbox, inside of what the engine's document gives.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use flatrack_testbed::Outcome;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::runtime::Runtime;

mod apparmor;
mod identity;
mod life;
mod limits;
mod sandbox;

const APP: &str = "org.flatrack.Test.Pod";

/// The bundle of an engine that has unpacked an image of an app: its command is the script.
fn app(metadata: &str, script: &str) -> Bundle {
    let bundle = Bundle::new("");
    fs::remove_dir_all(bundle.inside("")).unwrap();
    let bin = bundle.inside("files/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir(bundle.inside("export")).unwrap();
    let arch = std::env::consts::ARCH;
    let head = format!(
        "[Application]\nname={APP}\nruntime=org.flatrack.Host.Platform/{arch}/1\ncommand=main\n"
    );
    fs::write(bundle.inside("metadata"), format!("{head}{metadata}\n")).unwrap();
    fs::write(bin.join("main"), format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(bin.join("main"), PermissionsExt::from_mode(0o755)).unwrap();
    bundle.set("/process/args", json!([APP]))
}

fn run(bundle: &Bundle) -> Outcome {
    Runtime::ours().run_bundle(bundle)
}

/// A directory of the host's, with a file in it.
fn host_directory() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o777)).unwrap();
    fs::write(dir.path().join("secret"), "of the host\n").unwrap();
    dir
}

fn bind(source: &Path, destination: &str, access: &str) -> Value {
    json!({"type": "bind", "source": source, "destination": destination, "options": ["rbind", access]})
}
