//! Mounts with other owners than their file system has.

use std::os::unix::fs::{MetadataExt, chown};

use flatrack_testbed::{Outcome, needs};
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::runtime::Runtime;

/// A directory with a file of the user's.
fn directory(user: u32) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    for path in [dir.path().to_owned(), dir.path().join("file")] {
        chown(path, Some(user), Some(user)).unwrap();
    }
    dir
}

fn ids(inside: u32, outside: u32, size: u32) -> Value {
    json!([{"containerID": inside, "hostID": outside, "size": size}])
}

fn run(dir: &tempfile::TempDir, script: &str, users: bool, more: Value) -> Outcome {
    let mut mount =
        json!({"type": "bind", "source": dir.path(), "destination": "/data", "options": ["rbind"]});
    let fields = mount.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    let mut bundle = Bundle::new(script).mount(mount);
    if users {
        let map = ids(0, 300_000, 65_536);
        let kinds = ["user", "mount", "pid", "ipc", "uts", "network"];
        let namespaces = kinds.map(|kind| json!({"type": kind}));
        bundle = bundle.set("/linux/namespaces", json!(namespaces));
        bundle = bundle.set("/linux/uidMappings", map.clone());
        bundle = bundle.set("/linux/gidMappings", map);
    }
    Runtime::ours().run_bundle(&bundle)
}

const SHOW: &str = "touch /data/new; stat -c %u:%g /data/file /data/new";

#[test]
fn privileged_a_container_with_its_own_users_has_the_files_of_others() {
    needs!(Root);
    let dir = directory(0);
    let plain = run(&dir, "stat -c %u:%g /data/file", true, json!({}));
    assert_eq!(plain.assert_success(), "65534:65534");
    let mapped = run(&dir, SHOW, true, json!({"options": ["rbind", "idmap"]}));
    assert_eq!(mapped.assert_success(), "0:0\n0:0");
    let made = std::fs::metadata(dir.path().join("new")).unwrap();
    assert_eq!((made.uid(), made.gid()), (0, 0));
}

#[test]
fn privileged_a_mount_has_mappings_of_its_own() {
    needs!(Root);
    let dir = directory(1234);
    let own = json!({"uidMappings": ids(1234, 0, 1), "gidMappings": ids(1234, 0, 1)});
    assert_eq!(run(&dir, SHOW, false, own).assert_success(), "0:0\n0:0");
    let made = std::fs::metadata(dir.path().join("new")).unwrap();
    assert_eq!((made.uid(), made.gid()), (1234, 1234));
    // who is not in the map owns nothing, and makes nothing
    let other = json!({"uidMappings": ids(7, 0, 1), "gidMappings": ids(7, 0, 1)});
    let script = "touch /data/none 2>/dev/null || echo refused; stat -c %u /data/file";
    let said = run(&dir, script, false, other);
    assert!(said.assert_success().ends_with("65534"), "{said:?}");
    assert_eq!(
        dir.path().join("none").exists(),
        !said.stdout.contains("refused")
    );
}

#[test]
fn privileged_mappings_that_mean_nothing_are_refused() {
    needs!(Root);
    let dir = directory(0);
    for (more, words) in [
        (json!({"uidMappings": ids(0, 1, 1)}), "users and groups"),
        (
            json!({"options": ["bind", "idmap"]}),
            "neither mappings nor",
        ),
        (
            json!({"type": "tmpfs", "options": [], "uidMappings": ids(0, 1, 1), "gidMappings": ids(0, 1, 1)}),
            "bind mounts only",
        ),
        // of the kernel's own file systems
        (
            json!({"source": "/proc", "uidMappings": ids(0, 1, 1), "gidMappings": ids(0, 1, 1)}),
            "does not let owners be mapped",
        ),
    ] {
        let said = run(&dir, "true", false, more);
        said.assert_code(1);
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
}
