//! `[X-Devices]`: nodes one by one, and what an app can do with those that it did not get.
//!
//! The devices are those that every machine has: nothing of the machine is changed.

use flatrack_testbed::{Outcome, Testbed, User, needs};

const ID: &str = "org.flatrack.Test.Devices";

/// A device that is not among those that every sandbox has, that everyone may use, and that does no harm.
const NODE: &str = "/dev/net/tun";

#[track_caller]
fn run(bed: &Testbed, options: &[&str], script: &str) -> Outcome {
    let app = bed.host_build_dir(ID).script(script).write();
    let mut args = vec!["run".to_owned()];
    args.extend(options.iter().map(|option| (*option).to_owned()));
    args.push(app.display().to_string());
    bed.flatrack(args)
}

/// Whether a node can be opened in each way; prints `r`, `w`.
fn opened(node: &str) -> String {
    format!("(: <{node}) 2>/dev/null && echo r; (: >>{node}) 2>/dev/null && echo w; echo done")
}

#[test]
fn a_node_is_there_when_it_is_granted_and_not_otherwise() {
    needs!(Root, UserNamespaces);
    let bed = Testbed::new();
    let said = run(
        &bed,
        &[],
        &format!("test -e {NODE} && echo there; echo done"),
    );
    assert_eq!(said.assert_success(), "done");
    let said = run(&bed, &[&format!("--device-node={NODE}")], &opened(NODE));
    assert_eq!(said.assert_success(), "r\nw\ndone");
}

#[test]
fn the_metadata_grants_as_the_option_does() {
    needs!(Root);
    let bed = Testbed::new();
    let lines = format!("[X-Devices]\nallow={NODE}:rw;");
    let app = bed
        .host_build_dir(ID)
        .lines(&lines)
        .script(&opened(NODE))
        .write();
    let said = bed.flatrack(["run".as_ref(), app.as_os_str()]);
    assert_eq!(said.assert_success(), "r\nw\ndone");
}

#[test]
fn access_is_held_letter_by_letter() {
    needs!(Root, Landlock, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user);
        // as /dev/zero, which everyone may read and write
        for (access, expected) in [("r", "r\ndone"), ("w", "w\ndone"), ("rw", "r\nw\ndone")] {
            let option = format!("--device-node=/dev/zero:{access}");
            let said = run(&bed, &[&option], &opened("/dev/zero"));
            assert_eq!(said.assert_success(), expected, "{access} as {}", user.uid);
        }
    }
}

#[test]
fn a_missing_node_refuses_the_start_unless_it_is_optional() {
    needs!(UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    for device in [
        "/dev/flatrack-none",
        "/dev/flatrack-none*",
        "/dev/flatrack/none",
    ] {
        run(&bed, &[&format!("--device-node={device}")], "echo up")
            .assert_refused(&[device, "hint:", "optional"]);
        let said = run(
            &bed,
            &[&format!("--device-node={device}:r:optional")],
            "echo up",
        );
        assert_eq!(said.assert_success(), "up");
    }
}

#[test]
fn what_is_no_device_is_refused() {
    needs!(UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    for path in ["/dev/shm", "/dev/fd"] {
        run(&bed, &[&format!("--device-node={path}")], "echo up")
            .assert_refused(&[path, "not a device"]);
    }
    for path in ["/etc/passwd", "/dev/../etc/passwd", "/dev/null:x"] {
        run(&bed, &[&format!("--device-node={path}")], "echo up").assert_refused(&["device-node"]);
    }
}

#[test]
fn a_pattern_stands_for_the_devices_of_the_moment() {
    needs!(Root);
    let bed = Testbed::new();
    let script = "ls -d /dev/loop* 2>/dev/null | grep -c loop; true";
    let all = std::fs::read_dir("/dev").unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name().into_string().unwrap();
        name.strip_prefix("loop")
            .is_some_and(|rest| rest.len() == 1)
    });
    let said = run(&bed, &["--device-node=/dev/loop?:r:optional"], script);
    assert_eq!(said.assert_success(), all.count().to_string());
}

#[test]
fn the_cgroup_withholds_every_other_device() {
    needs!(Root);
    let bed = Testbed::new();
    let app = bed.host_build_dir("org.flatrack.Test.DevicesHeld").write();
    let app = app.to_str().unwrap();
    let running =
        crate::support::Running::marked(&bed, &["--device-node=/dev/kmsg:r"], app, "60.72");
    // root itself, once it is in the app's cgroup: nothing else withholds the devices from it
    let cgroup = flatrack_testbed::cgroup("devices", "60.72").unwrap();
    let script = format!(
        "echo $$ >{}/cgroup.procs && {}; {}; {}",
        cgroup.display(),
        opened("/dev/kmsg"),
        opened("/dev/zero"),
        opened("/dev/fuse"),
    );
    let said = bed.run("/bin/sh", ["-c", &script]);
    assert_eq!(said.assert_success(), "r\ndone\nr\nw\ndone\ndone");
    drop(running);
}

/// A machine whose `/run` is the test's own, so that specs can be put there.
fn with_specs(bed: &Testbed, spec: &str, args: &[&str]) -> Outcome {
    let app = bed.host_build_dir(ID).script("cat /dev/flatrack-gpu | head -c1 | wc -c; (: >>/dev/flatrack-gpu) || echo shut; echo $GPU; cat /opt/gpu/note").write();
    let note = bed.write("home/gpu/note", "brought");
    let spec = spec.replace("DIR", note.parent().unwrap().to_str().unwrap());
    let script = "mount -t tmpfs none /run && mkdir /run/cdi && printf %s \"$0\" >/run/cdi/x.json && exec \"$@\"";
    let mut flatrack = vec!["run"];
    flatrack.extend(args);
    let command = bed.flatrack_command(
        flatrack
            .into_iter()
            .map(std::ffi::OsStr::new)
            .chain([app.as_os_str()]),
    );
    let mut wrapped = std::process::Command::new("unshare");
    wrapped.args(["-m", "--propagation=private", "sh", "-c", script, &spec]);
    wrapped
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    wrapped.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    wrapped.output().unwrap().into()
}

const SPEC: &str = r#"{"cdiVersion":"0.6.0","kind":"vendor.com/gpu","devices":[{"name":"0","containerEdits":{
    "deviceNodes":[{"path":"/dev/flatrack-gpu","hostPath":"/dev/zero","permissions":"r","major":1,"minor":5}]}}],
    "containerEdits":{"env":["GPU=all"],"mounts":[{"hostPath":"DIR","containerPath":"/opt/gpu","options":["ro"]}]}}"#;

#[test]
fn a_cdi_device_brings_its_node_its_files_and_its_variables() {
    needs!(Root, Landlock, UserNamespaces);
    // an ordinary user's /dev/zero is the host's own, as this node is: one file, which Landlock knows by one rule
    for (user, expected) in [
        (User::current(), "1\nshut\nall\nbrought"),
        (User::ordinary(), "1\nall\nbrought"),
    ] {
        let bed = Testbed::of(user);
        let said = with_specs(&bed, SPEC, &["--cdi=vendor.com/gpu=0"]);
        assert_eq!(
            said.assert_success(),
            expected,
            "as {}: {}",
            user.uid,
            said.stderr
        );
    }
}

#[test]
fn a_cdi_device_that_is_not_what_it_says_is_refused() {
    needs!(Root);
    let bed = Testbed::new();
    let refused = |spec: &str, name: &str, word: &str| {
        with_specs(&bed, spec, &[&format!("--cdi={name}")]).assert_refused(&[word]);
    };
    refused(SPEC, "vendor.com/gpu=1", "no device `vendor.com/gpu=1`");
    refused(
        &SPEC.replace("\"minor\":5", "\"minor\":3"),
        "vendor.com/gpu=0",
        "another device",
    );
    refused(
        &SPEC.replace("\"env\":[\"GPU=all\"]", "\"hooks\":[{}]"),
        "vendor.com/gpu=0",
        "hooks",
    );
    refused(&SPEC.replace("0.6.0", "7.0.0"), "vendor.com/gpu=0", "7.0.0");
}
