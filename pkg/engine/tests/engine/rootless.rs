//! An ordinary user: this program again, as user 65534, in another process.

use std::path::Path;
use std::process::{Command, ExitCode};

use flatrack_engine::{Error, cgroup};
use serde_json::json;

use crate::sandbox::{Sandbox, say};

crate::claims![
    privileged_an_ordinary_user_runs_without_limits,
    privileged_an_ordinary_user_is_refused_limits_that_cannot_be_set,
    privileged_an_ordinary_user_keeps_pins_and_exec,
];

/// Names the part to run in the other process.
pub(crate) const PART: &str = "FLATRACK_ENGINE_TEST_PART";

const NOBODY: u32 = 65534;

/// Runs a part as the ordinary user.
fn as_nobody(part: &str) {
    let me = std::env::current_exe().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(temporary.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    // The program itself may be in a directory that the user cannot read.
    let copy = temporary.path().join("engine");
    std::fs::copy(me, &copy).unwrap();
    let out = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--groups=65534,12"])
        .arg(&copy)
        .env(PART, part)
        .env("TMPDIR", temporary.path())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
}

/// Runs a part, in the other process.
pub(crate) fn part(name: &str) -> ExitCode {
    match name {
        "run" => run(),
        "limits" => limits(),
        "exec" => exec(),
        other => say(&format!("unknown part {other}")),
    }
    ExitCode::SUCCESS
}

fn sandbox(script: &str) -> Sandbox {
    let mut sandbox = Sandbox::new(script);
    let map = json!([{"containerID": NOBODY, "hostID": NOBODY, "size": 1}]);
    sandbox
        .set("/linux/uidMappings", map.clone())
        .set("/linux/gidMappings", map);
    sandbox.set("/process/user", json!({"uid": NOBODY, "gid": NOBODY}));
    sandbox.spec["linux"]["namespaces"]
        .as_array_mut()
        .unwrap()
        .push(json!({"type": "user"}));
    sandbox
}

fn privileged_an_ordinary_user_runs_without_limits() {
    as_nobody("run");
}

fn run() {
    let mut sandbox = sandbox(
        "id -u; grep -E '^(Groups|CapEff|CapBnd|NoNewPrivs)' /proc/self/status; echo x > /dev/null; unshare -U true 2>&1",
    );
    let mut options = sandbox.options();
    options.limit_user_namespaces = true;
    let out = sandbox.run_with(options).unwrap().out;
    assert!(out.starts_with("65534\n"), "{out}");
    assert!(
        out.contains("Groups:\t65534 65534"),
        "supplementary groups stay: {out}"
    );
    assert!(
        out.contains("CapEff:\t0000000000000000") && out.contains("CapBnd:\t0000000000000000"),
        "{out}"
    );
    assert!(
        out.contains("No space left") || out.contains("unshare"),
        "{out}"
    );
}

fn privileged_an_ordinary_user_is_refused_limits_that_cannot_be_set() {
    as_nobody("limits");
}

fn limits() {
    let mut sandbox = sandbox("true");
    sandbox.set("/linux/resources", json!({"pids": {"limit": 10}}));
    match sandbox.run() {
        Err(Error::Cgroup(
            cgroup::Error::LimitNotEnforceable { .. } | cgroup::Error::Io { .. },
        )) => {}
        other => panic!("{other:?}"),
    }
    sandbox.assert_nothing_left();
    // Device rules alone are the other runtimes' default: whoever knows that may go on without.
    sandbox.set(
        "/linux/resources",
        json!({"devices": [{"allow": false, "access": "rwm"}]}),
    );
    assert!(matches!(
        sandbox.start(),
        Err(Error::Cgroup(cgroup::Error::LimitNotEnforceable { .. }))
    ));
    sandbox.assert_nothing_left();
    let mut options = sandbox.options();
    options.allow_not_enforced = true;
    let running = flatrack_engine::run(&sandbox.bundle(), options).unwrap();
    assert_eq!(running.cgroup.not_enforced.len(), 1);
    flatrack_sys::process::wait(&running.pidfd).unwrap();
    sandbox.end();
}

fn privileged_an_ordinary_user_keeps_pins_and_exec() {
    as_nobody("exec");
}

fn exec() {
    let host = tempfile::tempdir().unwrap();
    std::fs::write(host.path().join("which"), "checked").unwrap();
    let mut sandbox = sandbox("sleep 100");
    sandbox.bind(host.path(), "/data", &["ro", "nosuid"]);
    sandbox.pins.insert(
        host.path().into(),
        flatrack_sys::path::open_nofollow(host.path()).unwrap(),
    );
    let running = sandbox.start().unwrap();
    let outcome = sandbox
        .exec("cat /data/which; readlink /proc/self/ns/user; id -u")
        .unwrap();
    let namespace = std::fs::read_link(format!("/proc/{}/ns/user", running.pid)).unwrap();
    assert!(
        outcome.out.starts_with("checked") && outcome.out.contains(namespace.to_str().unwrap()),
        "{}",
        outcome.out
    );
    sandbox.end();
    // Swapped between check and start: refused, since this user cannot mount from a descriptor of another namespace.
    let place = host.path().join("place");
    std::fs::create_dir(&place).unwrap();
    sandbox.bind(&place, "/place", &[]);
    sandbox.pins.insert(
        host.path().into(),
        flatrack_sys::path::open_nofollow(host.path()).unwrap(),
    );
    sandbox.pins.insert(
        place.clone(),
        flatrack_sys::path::open_nofollow(&place).unwrap(),
    );
    std::fs::rename(&place, host.path().join("old")).unwrap();
    std::fs::create_dir(&place).unwrap();
    // The descriptor follows the rename, and so does what is mounted.
    std::fs::write(host.path().join("old/moved"), "").unwrap();
    let running = sandbox.start().unwrap();
    assert!(sandbox.exec("ls /place").unwrap().out.contains("moved"));
    drop(running);
    sandbox.end();
    assert!(Path::new("/proc/self").exists());
}
