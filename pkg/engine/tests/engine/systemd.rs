//! Scopes of systemd's, for root and for an ordinary user alike: run as either.

use std::fs;
use std::process::Command;
use std::time::Duration;

use flatrack_engine::cgroup::systemd::Manager;
use flatrack_engine::cgroup::{self, Hierarchies};
use flatrack_engine::{Error, cgroup_of};
use flatrack_sys::process::{Exit, wait};
use serde_json::json;

use crate::sandbox::Sandbox;

crate::claims![
    scope_has_the_container_with_its_limits_from_its_first_instruction,
    scope_limits_survive_a_reload_and_change_while_it_runs,
    scope_memory_kill_is_told_of_after_the_end,
    scope_is_gone_with_the_container,
    scope_of_the_same_name_is_not_taken,
    scope_with_a_limit_that_cannot_be_set_is_not_left,
    scope_takes_in_exec,
    scope_is_in_the_slice_of_the_document,
    scope_is_stopped_from_outside_at_once,
];

const MEMORY: i64 = 64 << 20;

pub(crate) fn is_here() -> bool {
    Hierarchies::detect().is_ok_and(|found| !found.has_v1()) && Manager::own().probe().is_ok()
}

fn systemctl(arguments: &[&str]) -> String {
    let mut command = Command::new("systemctl");
    if let Manager::User { uid } = Manager::own() {
        command
            .arg("--user")
            .env("XDG_RUNTIME_DIR", format!("/run/user/{uid}"));
    }
    let out = command.args(arguments).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// In a scope, with what the user may do.
fn sandbox(script: &str) -> (Sandbox, String) {
    let mut sandbox = Sandbox::new(script);
    let id = sandbox.id.to_string();
    sandbox.set("/linux/cgroupsPath", json!(format!(":test:{id}")));
    if let Manager::User { uid } = Manager::own() {
        let map = json!([{"containerID": uid, "hostID": uid, "size": 1}]);
        sandbox
            .set("/linux/uidMappings", map.clone())
            .set("/linux/gidMappings", map)
            .set("/process/user", json!({"uid": uid, "gid": uid}));
        sandbox.spec["linux"]["namespaces"]
            .as_array_mut()
            .unwrap()
            .push(json!({"type": "user"}));
    }
    (sandbox, format!("test-{id}.scope"))
}

fn scope_has_the_container_with_its_limits_from_its_first_instruction() {
    let (mut sandbox, unit) = sandbox("cat /proc/self/cgroup; sleep 100");
    // as the host sees it
    let namespaces = sandbox.spec["linux"]["namespaces"].as_array_mut().unwrap();
    namespaces.retain(|namespace| namespace["type"] != "cgroup");
    sandbox.set("/linux/resources", json!({"memory": {"limit": MEMORY}, "pids": {"limit": 20}, "cpu": {"quota": 50000, "period": 100_000, "shares": 512}}));
    let running = sandbox.start().unwrap();
    let own = fs::read_to_string(format!("/proc/{}/cgroup", running.pid)).unwrap();
    assert!(own.trim().ends_with(&format!("/{unit}/container")), "{own}");
    let path = running.cgroup.unified().unwrap().path.clone();
    for (file, value) in [
        ("memory.max", "67108864"),
        ("pids.max", "20"),
        ("cpu.max", "50000 100000"),
    ] {
        assert_eq!(fs::read_to_string(path.join(file)).unwrap().trim(), value);
    }
    let shown = systemctl(&["show", "-p", "MemoryMax,CPUQuotaPerSecUSec,Delegate", &unit]);
    assert!(
        shown.contains("MemoryMax=100663296")
            && shown.contains("CPUQuotaPerSecUSec=500ms")
            && shown.contains("Delegate=yes"),
        "{shown}"
    );
    sandbox.end();
}

fn scope_limits_survive_a_reload_and_change_while_it_runs() {
    let (mut sandbox, unit) = sandbox("sleep 100");
    sandbox.set("/linux/resources", json!({"memory": {"limit": MEMORY}}));
    let running = sandbox.start().unwrap();
    let cgroup = cgroup_of(&sandbox.state, &sandbox.id).unwrap();
    for limit in [MEMORY * 2, MEMORY / 2] {
        let json = json!({"memory": {"limit": limit}, "pids": {"limit": 7}});
        cgroup
            .update(&serde_json::from_value(json).unwrap())
            .unwrap();
        systemctl(&["daemon-reload"]);
        let stats = cgroup.stats().unwrap();
        assert_eq!(
            (stats.memory_max, stats.pids_max),
            (Some(limit as u64), Some(7))
        );
        let shown = systemctl(&["show", "-p", "MemoryMax", &unit]);
        assert_eq!(shown.trim(), format!("MemoryMax={}", limit + (32 << 20)));
    }
    drop(running);
    sandbox.end();
}

fn scope_memory_kill_is_told_of_after_the_end() {
    let (mut sandbox, _) = sandbox("");
    sandbox.set(
        "/process/args",
        json!(["/bin/dd", "if=/dev/zero", "of=/tmp/x", "bs=256M", "count=1"]),
    );
    sandbox.set(
        "/linux/resources",
        json!({"memory": {"limit": MEMORY, "swap": MEMORY}}),
    );
    let running = sandbox.start().unwrap();
    // longer than systemd needs to take an empty scope down
    assert_eq!(wait(&running.pidfd).unwrap(), Exit::Signal(9));
    std::thread::sleep(Duration::from_millis(300));
    let facts = cgroup_of(&sandbox.state, &sandbox.id).unwrap().counts().oom;
    assert_eq!((facts.kills, facts.limit), (1, Some(MEMORY as u64)));
    sandbox.end();
}

fn scope_is_gone_with_the_container() {
    let (mut first, unit) = sandbox("sleep 100");
    let running = first.start().unwrap();
    first.end();
    assert!(running.cgroup.removals().all(|path| !path.exists()));
    // this process is what is left in it, until it is in the next one
    let (mut second, _) = sandbox("true");
    second.run().unwrap();
    let mut left = String::new();
    for _ in 0..200 {
        left = systemctl(&["list-units", "--all", "--plain", "--no-legend", &unit]);
        if left.is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("{left}");
}

fn scope_of_the_same_name_is_not_taken() {
    let (mut first, _) = sandbox("sleep 100");
    let _running = first.start().unwrap();
    let (mut second, _) = sandbox("true");
    second.set(
        "/linux/cgroupsPath",
        first.spec["linux"]["cgroupsPath"].clone(),
    );
    assert!(matches!(
        second.start(),
        Err(Error::Cgroup(cgroup::Error::Systemd { .. }))
    ));
    let stats = cgroup_of(&first.state, &first.id).unwrap().stats().unwrap();
    assert!(stats.pids_current.is_some_and(|count| count > 0));
    first.end();
}

fn scope_with_a_limit_that_cannot_be_set_is_not_left() {
    let mut cases = vec![
        json!({"cpu": {"cpus": "4000"}}),
        json!({"memory": {"limit": MEMORY}, "unified": {"memory.nonsense": "1"}}),
    ];
    if matches!(Manager::own(), Manager::User { .. }) {
        // the program that withholds devices is for root to load
        cases.push(json!({"devices": [{"allow": false, "access": "rwm"}]}));
    }
    for resources in cases {
        let (mut sandbox, unit) = sandbox("true");
        sandbox.set("/linux/resources", resources.clone());
        match sandbox.start() {
            Err(Error::Cgroup(cgroup::Error::LimitNotEnforceable { .. })) => {}
            other => panic!("{resources}: {other:?}"),
        }
        let path = systemctl(&["show", "-p", "ControlGroup", "--value", &unit]);
        let inside = format!("/sys/fs/cgroup{}/container", path.trim());
        assert!(!fs::exists(&inside).unwrap(), "{inside}");
    }
}

fn scope_takes_in_exec() {
    let (mut first, _) = sandbox("sleep 100");
    let _running = first.start().unwrap();
    // now this process is in another scope, as one that comes from elsewhere
    let (mut second, _) = sandbox("sleep 100");
    let _running = second.start().unwrap();
    let out = first.exec("cat /proc/self/cgroup").unwrap();
    assert_eq!(out.out, "0::/\n");
    second.end();
    first.end();
}

fn scope_is_in_the_slice_of_the_document() {
    let (mut sandbox, unit) = sandbox("sleep 100");
    let id = sandbox.id.to_string();
    // the root of all slices: one of our own would be left
    sandbox.set("/linux/cgroupsPath", json!(format!("-.slice:test:{id}")));
    let running = sandbox.start().unwrap();
    let shown = systemctl(&["show", "-p", "Slice,ActiveState", &unit]);
    assert!(
        shown.contains("Slice=-.slice") && shown.contains("ActiveState=active"),
        "{shown}"
    );
    drop(running);
    sandbox.end();
}

/// As `flatrack kill` does it, which is never in the scope itself.
fn scope_is_stopped_from_outside_at_once() {
    let (mut first, unit) = sandbox("sleep 100");
    let _running = first.start().unwrap();
    let (mut second, _) = sandbox("sleep 100");
    let _running = second.start().unwrap();
    first.end();
    let left = systemctl(&["list-units", "--all", "--plain", "--no-legend", &unit]);
    assert_eq!(left, "");
    second.end();
}
