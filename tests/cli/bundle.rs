//! `flatrack bundle`: the same app under runc and crun, with the same result.

use std::path::PathBuf;

use flatrack_testbed::{Capability, HELLO, Testbed, needs};

use crate::support::json;

/// Exports the first app with a shell line for its command.
fn bundle(bed: &Testbed, line: &str) -> PathBuf {
    let id = "org.flatrack.Test.Bundled";
    bed.app(id).script(line).install();
    let dir = bed.root().join("bundle");
    bed.flatrack(["bundle".as_ref(), id.as_ref(), dir.as_os_str()])
        .assert_success();
    dir
}

#[test]
fn spec_prints_an_oci_document() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let spec = json(&bed.flatrack(["spec", HELLO]));
    assert!(spec["ociVersion"].is_string());
    assert_eq!(spec["process"]["noNewPrivileges"], true);
    assert_eq!(spec["annotations"]["org.flatrack.app"], HELLO);
    let namespaces = spec["linux"]["namespaces"].as_array().unwrap();
    assert!(
        namespaces.iter().any(|one| one["type"] == "network"),
        "{namespaces:?}"
    );
}

#[test]
fn a_bundle_has_a_config_and_a_root() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let dir = bundle(&bed, "echo hello");
    let config: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(dir.join("config.json")).unwrap()).unwrap();
    assert!(dir.join(config["root"]["path"].as_str().unwrap()).is_dir());
}

#[test]
fn a_bundle_runs_under_runc_as_it_does_under_flatrack() {
    needs!(Root, StockFlatpak, Runc);
    let bed = Testbed::new().with_flatpak();
    let dir = bundle(
        &bed,
        "echo $FLATPAK_ID; grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; exit 5",
    );
    let ours = bed.flatrack(["run", "org.flatrack.Test.Bundled"]);
    let state = bed.root().join("runc");
    let words = [
        "--root",
        path(&state),
        "run",
        "--bundle",
        path(&dir),
        "flatrack-test-runc",
    ];
    let theirs = bed.run("runc", words);
    assert_eq!(
        (theirs.code, &theirs.stdout),
        (ours.code, &ours.stdout),
        "{}",
        theirs.stderr
    );
}

#[test]
fn a_bundle_runs_under_crun_as_it_does_under_flatrack() {
    needs!(Root, StockFlatpak, Crun);
    let bed = Testbed::new().with_flatpak();
    let dir = bundle(&bed, "echo $FLATPAK_ID; exit 5");
    let ours = bed.flatrack(["run", "org.flatrack.Test.Bundled"]);
    let state = bed.root().join("crun");
    // crun refuses a machine that mounts both versions of cgroups, so it sees one
    let hybrid = Capability::PidsLimit.probe().is_ok()
        && !std::fs::exists("/sys/fs/cgroup/cgroup.controllers").unwrap();
    let enter = if hybrid {
        "mount -t cgroup2 none /sys/fs/cgroup && exec \"$@\""
    } else {
        "exec \"$@\""
    };
    let words = [
        "--mount",
        "sh",
        "-c",
        enter,
        "sh",
        "crun",
        "--root",
        path(&state),
        "run",
        "--bundle",
        path(&dir),
        "t",
    ];
    let theirs = bed.run("unshare", words);
    assert_eq!(
        (theirs.code, &theirs.stdout),
        (ours.code, &ours.stdout),
        "{}",
        theirs.stderr
    );
}

fn path(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}
