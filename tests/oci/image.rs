//! Images of busybox, made on the spot.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::bundle::Bundle;

/// The root file system as one tar file.
pub(crate) fn layer(dir: &Path) -> PathBuf {
    let bundle = Bundle::new("");
    let layer = dir.join("layer.tar");
    tar(&layer, &bundle.inside(""), &["."]);
    layer
}

/// An archive as `docker save` writes it, with the images `local/busy:1` and `local/pause:1`.
pub(crate) fn docker_archive(dir: &Path) -> PathBuf {
    let layer = layer(dir);
    let sum = Command::new("sha256sum").arg(&layer).output().unwrap();
    let digest = String::from_utf8(sum.stdout).unwrap();
    let digest = digest.split(' ').next().unwrap();
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": ["sh"]},
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{digest}")]},
    });
    // what holds a pod's namespaces
    let mut pause = config.clone();
    pause["config"]["Cmd"] = json!(["/bin/sleep", "100000"]);
    let image = |config: &str, tag: &str| json!({"Config": config, "RepoTags": [tag], "Layers": ["layer.tar"]});
    let manifest = json!([
        image("config.json", "local/busy:1"),
        image("pause.json", "local/pause:1")
    ]);
    std::fs::write(dir.join("config.json"), config.to_string()).unwrap();
    std::fs::write(dir.join("pause.json"), pause.to_string()).unwrap();
    std::fs::write(dir.join("manifest.json"), manifest.to_string()).unwrap();
    let archive = dir.join("image.tar");
    tar(
        &archive,
        dir,
        &["config.json", "pause.json", "layer.tar", "manifest.json"],
    );
    archive
}

/// An OCI layout as one file.
pub(crate) fn pack(layout: &Path, archive: &Path) {
    tar(archive, layout, &["."]);
}

/// Adds what Docker wants to find in a layout: the image's name, configuration and layers.
pub(crate) fn named(layout: &Path, name: &str) {
    let read = |path: &str| -> Value {
        serde_json::from_slice(&std::fs::read(layout.join(path)).unwrap()).unwrap()
    };
    let blob = |descriptor: &Value| {
        let digest = descriptor["digest"].as_str().unwrap();
        format!("blobs/{}", digest.replace(':', "/"))
    };
    let manifest = read(&blob(&read("index.json")["manifests"][0]));
    let layers = manifest["layers"].as_array().unwrap();
    let layers: Vec<String> = layers.iter().map(blob).collect();
    let config = blob(&manifest["config"]);
    let named = json!([{"Config": config, "RepoTags": [name], "Layers": layers}]);
    std::fs::write(layout.join("manifest.json"), named.to_string()).unwrap();
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
