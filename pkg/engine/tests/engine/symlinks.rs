//! A root file system that an attacker made: links where mounts, devices and protected paths go. Nothing outside may change.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command};

use flatrack_engine::{Error, Root, Skeleton, SkeletonOp, Step};
use serde_json::json;

use crate::sandbox::Sandbox;

crate::claims![
    privileged_links_at_mount_targets_do_not_lead_out,
    privileged_links_at_devices_and_masks_do_not_lead_out,
    privileged_a_racing_swapper_does_not_lead_out,
    privileged_a_root_in_memory_follows_no_link_to_a_mount_target,
];

/// A host directory that must stay as it is.
fn outside() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("dir")).unwrap();
    std::fs::write(directory.path().join("file"), "host").unwrap();
    directory
}

fn assert_untouched(outside: &Path) {
    let mut names: Vec<_> = std::fs::read_dir(outside)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["dir", "file"]);
    assert_eq!(std::fs::read_dir(outside.join("dir")).unwrap().count(), 0);
    assert_eq!(
        std::fs::read_to_string(outside.join("file")).unwrap(),
        "host"
    );
}

/// The forms a hostile link can have, to a path of the host; the last two lead nowhere.
fn forms(path: &str) -> [String; 6] {
    [
        path.to_owned(),
        format!("../../../../../../../..{path}"),
        format!("/proc/1/root{path}"),
        format!("/proc/self/cwd/../../../../..{path}"),
        format!("{path}-new"),
        "loop".to_owned(),
    ]
}

/// Success inside the root and a refusal are both fine; the drop of the sandbox checks that no mount is left.
fn start_and_end(sandbox: &mut Sandbox) {
    if let Ok(running) = sandbox.start() {
        flatrack_sys::process::wait(&running.pidfd).unwrap();
        sandbox.end();
    }
}

fn privileged_links_at_mount_targets_do_not_lead_out() {
    for place in ["proc", "dev", "target", "parent"] {
        for index in 0..6 {
            let host = outside();
            let source = tempfile::tempdir().unwrap();
            std::fs::write(source.path().join("content"), "x").unwrap();
            let mut sandbox = Sandbox::new("true");
            let link = sandbox.rootfs().join(place);
            std::fs::remove_dir(&link).ok();
            symlink(
                &forms(host.path().join("dir").to_str().unwrap())[index],
                &link,
            )
            .unwrap();
            symlink("loop", sandbox.rootfs().join("loop")).unwrap();
            sandbox.bind(
                source.path(),
                if place == "parent" {
                    "/parent/a/b"
                } else {
                    "/target"
                },
                &[],
            );
            sandbox.mount(json!({"destination": "/parent/c", "type": "tmpfs", "source": "t"}));
            sandbox.bind(&source.path().join("content"), "/parent/file", &[]);
            start_and_end(&mut sandbox);
            assert_untouched(host.path());
        }
    }
}

fn privileged_links_at_devices_and_masks_do_not_lead_out() {
    for name in ["null", "console", "ptmx", "fd", "kmsg"] {
        for index in 0..6 {
            let host = outside();
            let mut sandbox = Sandbox::new("true");
            // No tmpfs over /dev: the image's own directory is used.
            sandbox.spec["mounts"]
                .as_array_mut()
                .unwrap()
                .retain(|mount| mount["destination"] == "/proc");
            let form = &forms(host.path().join("file").to_str().unwrap())[index];
            symlink(form, sandbox.rootfs().join("dev").join(name)).unwrap();
            sandbox.set(
                "/linux/maskedPaths",
                json!([format!("/dev/{name}"), "/proc/kcore"]),
            );
            sandbox.set("/linux/readonlyPaths", json!([format!("/dev/{name}")]));
            sandbox.set(
                "/linux/devices",
                json!([{"path": "/dev/kmsg", "type": "c", "major": 1, "minor": 11}]),
            );
            start_and_end(&mut sandbox);
            assert_untouched(host.path());
        }
    }
}

/// Swaps a directory and a link of the same name as fast as it can.
fn swapper(place: &Path, target: &Path) -> Child {
    let script = "import os,sys\np,t=sys.argv[1:]\na,b=p+'.a',p+'.b'\nos.makedirs(a,exist_ok=True)\nos.symlink(t,b)\nwhile True:\n os.rename(a,p); os.rename(p,a); os.rename(b,p); os.rename(p,b)\n";
    Command::new("python3")
        .args(["-c", script])
        .arg(place)
        .arg(target)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

fn privileged_a_racing_swapper_does_not_lead_out() {
    let host = outside();
    let mut sandbox = Sandbox::new("true");
    let place = sandbox.rootfs().join("race");
    let source = tempfile::tempdir().unwrap();
    sandbox.bind(source.path(), "/race/a/b", &[]);
    sandbox.mount(json!({"destination": "/race/c", "type": "tmpfs", "source": "t"}));
    sandbox.set("/linux/maskedPaths", json!(["/race/a"]));
    let mut attacker = swapper(&place, &host.path().join("dir"));
    for _ in 0..60 {
        start_and_end(&mut sandbox);
    }
    attacker.kill().unwrap();
    attacker.wait().unwrap();
    assert_untouched(host.path());
}

/// In a directory that the container may write to, a container before this one left a link where a mount goes.
fn privileged_a_root_in_memory_follows_no_link_to_a_mount_target() {
    let own = tempfile::tempdir().unwrap();
    let given = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(given.path(), "given\n").unwrap();
    symlink("/identity", own.path().join("file")).unwrap();
    symlink("/", own.path().join("directory")).unwrap();
    for place in ["/own/file", "/own/directory/identity"] {
        for in_memory in [true, false] {
            let mut sandbox = Sandbox::new("cat /identity");
            std::fs::write(sandbox.rootfs().join("identity"), "").unwrap();
            if in_memory {
                let mut skeleton = Skeleton::default();
                skeleton.push(SkeletonOp::File {
                    path: "/identity".into(),
                    mode: 0o644,
                    bytes: b"true\n".to_vec(),
                });
                sandbox.root = Root::Tmpfs {
                    size: None,
                    skeleton,
                };
                let bin = sandbox.rootfs().join("bin");
                sandbox.bind(&bin, "/bin", &["ro"]);
            }
            sandbox.bind(own.path(), "/own", &[]);
            sandbox.bind(given.path(), place, &[]);
            match (in_memory, sandbox.run()) {
                (true, Err(Error::Setup(failure))) => assert_eq!(failure.step, Step::Mount),
                // an image's own links lead where the image says
                (false, Ok(outcome)) => assert_eq!(outcome.out, "given\n"),
                (_, other) => panic!("{place}: {other:?}"),
            }
        }
    }
}
