//! From create to delete, and what is left.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use flatrack_testbed::needs;

use super::{app, bind, host_directory, run};
use crate::runtime::{Runtime, cgroup_is_left, until};

#[test]
fn privileged_nothing_is_left_of_an_apps_container() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100");
    let made = bundle.path().join("flatrack");
    runtime.create(&bundle).assert_code(0);
    assert!(made.join("files/init").exists());
    runtime.run(["kill", &bundle.id, "KILL"]).assert_code(0);
    runtime.until(&bundle.id, "stopped");
    runtime.run(["delete", &bundle.id]).assert_code(0);
    assert!(!made.exists());
    run(&app("", "true")).assert_code(0);
    // refused after its files were made
    let wrong = app("", "true").mount(bind(Path::new("/no/such"), "/data", "ro"));
    runtime.create(&wrong).assert_code(1);
    assert!(!wrong.path().join("flatrack").exists());
    // what an earlier one left behind is in nobody's way
    let again = app("", "echo again");
    fs::create_dir_all(again.path().join("flatrack/files")).unwrap();
    assert_eq!(run(&again).assert_success(), "again");
}

#[test]
fn privileged_a_killed_create_of_an_app_leaves_what_delete_cleans() {
    const STEPS: u32 = 16;
    needs!(Root);
    let runtime = Runtime::ours();
    let whole = Instant::now();
    let bundle = app("", "sleep 100");
    runtime.create(&bundle).assert_code(0);
    let whole = whole.elapsed();
    runtime.end(&bundle.id);
    let mut ids = Vec::new();
    for step in 0..STEPS {
        let bundle = app("", "sleep 100");
        bundle.write();
        let words = [Path::new("create"), "--bundle".as_ref(), bundle.path()];
        let mut create = runtime.command(words);
        let create = create.arg(&bundle.id).stdout(Stdio::null());
        let mut create = create.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * step / STEPS);
        create.kill().unwrap();
        create.wait().unwrap();
        let deleted = runtime.run(["delete", "--force", &bundle.id]);
        deleted.assert_code(0);
        assert!(!runtime.root().join(&bundle.id).exists(), "step {step}");
        until(|| !cgroup_is_left(&bundle.id), "no cgroup");
        if step % 2 == 0 {
            // the name and the place are free again
            runtime.create(&bundle).assert_code(0);
            runtime.end(&bundle.id);
            assert!(!bundle.path().join("flatrack").exists(), "step {step}");
        }
        ids.push(bundle.id.clone());
    }
    // a profile that nobody has any more goes with the next start
    run(&app("", "true")).assert_code(0);
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let profiles = fs::read_to_string("/sys/kernel/security/apparmor/profiles");
    let profiles = profiles.unwrap_or_default();
    for id in ids {
        assert!(!mounts.contains(&id), "{mounts}");
        assert!(!profiles.contains(&id), "{profiles}");
    }
}

#[test]
fn privileged_a_signal_reaches_the_app_and_its_exit_is_told() {
    needs!(Root);
    let runtime = Runtime::ours();
    let ready = host_directory();
    let script = "trap 'echo bye >/data/bye; exit 9' TERM; touch /data/ready; while true; do sleep 0.1; done";
    let bundle = app("", script).mount(bind(ready.path(), "/data", "rw"));
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    until(|| ready.path().join("ready").exists(), "the app");
    runtime.run(["kill", &bundle.id, "TERM"]).assert_code(0);
    runtime.until(&bundle.id, "stopped");
    assert!(ready.path().join("bye").exists());
    runtime.run(["delete", &bundle.id]).assert_code(0);
}
