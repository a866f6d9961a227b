//! Images of busybox, made on the spot.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::bundle::Bundle;

/// The root file system as one tar file.
pub(crate) fn layer(dir: &Path) -> PathBuf {
    let bundle = Bundle::new("");
    let layer = dir.join("layer.tar");
    tar(&layer, &bundle.inside(""), &["."]);
    layer
}

/// An archive as `docker save` writes it, with one image `local/busy:1`.
pub(crate) fn docker_archive(dir: &Path) -> PathBuf {
    let layer = layer(dir);
    let sum = Command::new("sha256sum").arg(&layer).output().unwrap();
    let digest = String::from_utf8(sum.stdout).unwrap();
    let digest = digest.split(' ').next().unwrap();
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": ["sh"]},
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{digest}")]},
    });
    let manifest =
        json!([{"Config": "config.json", "RepoTags": ["local/busy:1"], "Layers": ["layer.tar"]}]);
    std::fs::write(dir.join("config.json"), config.to_string()).unwrap();
    std::fs::write(dir.join("manifest.json"), manifest.to_string()).unwrap();
    let archive = dir.join("image.tar");
    tar(
        &archive,
        dir,
        &["config.json", "layer.tar", "manifest.json"],
    );
    archive
}

fn tar(to: &Path, from: &Path, names: &[&str]) {
    let status = Command::new("tar")
        .arg("-C")
        .arg(from)
        .arg("-cf")
        .arg(to)
        .args(names)
        .status();
    assert!(status.unwrap().success());
}
