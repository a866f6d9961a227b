//! Limits hold from the first instruction on, or the start fails.

use flatrack_engine::cgroup::{self, Hierarchies, Version};
use flatrack_engine::{Error, cgroup_of};
use flatrack_sys::process::{Exit, wait};
use serde_json::{Value, json};

use crate::sandbox::Sandbox;

crate::claims![
    privileged_limits_hold_before_the_first_instruction,
    privileged_a_memory_bomb_is_killed_and_told_of,
    privileged_a_fork_bomb_stops_at_the_limit,
    privileged_a_limit_that_cannot_be_set_stops_the_start,
    privileged_a_cgroup_in_use_is_not_taken,
    privileged_leftover_processes_end_with_the_container,
    privileged_statistics_count_and_limits_change_while_it_runs,
    privileged_device_rules_hold_for_nodes_that_the_container_makes,
    privileged_device_rules_hold_for_a_further_command_and_below,
    privileged_device_rules_refuse_a_part_of_what_another_allows,
];

const MEMORY: i64 = 64 << 20;

fn on_v1() -> bool {
    Hierarchies::detect()
        .unwrap()
        .with("memory")
        .is_some_and(|memory| memory.version == Version::V1)
}

fn privileged_limits_hold_before_the_first_instruction() {
    let (file, pids) = if on_v1() {
        ("memory/memory.limit_in_bytes", "pids/pids.max")
    } else {
        ("memory.max", "pids.max")
    };
    let mut sandbox = Sandbox::new(&format!(
        "cat /sys/fs/cgroup/{file} /sys/fs/cgroup/{pids}; cat /proc/self/cgroup"
    ));
    sandbox.set("/linux/resources", json!({"memory": {"limit": MEMORY}, "pids": {"limit": 20}, "cpu": {"quota": 50000, "period": 100_000}}));
    sandbox.mount(json!({"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro", "nosuid", "nodev", "noexec"]}));
    let out = sandbox.output();
    assert!(out.starts_with(&format!("{MEMORY}\n20\n")), "{out}");
    assert!(
        out.lines()
            .any(|line| line.ends_with("memory:/") || line == "0::/"),
        "its cgroup is the root: {out}"
    );
}

fn privileged_a_memory_bomb_is_killed_and_told_of() {
    let mut sandbox = Sandbox::new("");
    sandbox.set(
        "/process/args",
        json!([
            "/bin/dd",
            "if=/dev/zero",
            "of=/dev/null",
            "bs=256M",
            "count=1"
        ]),
    );
    sandbox.set(
        "/linux/resources",
        json!({"memory": {"limit": MEMORY, "swap": MEMORY}}),
    );
    let running = sandbox.start().unwrap();
    assert_eq!(wait(&running.pidfd).unwrap(), Exit::Signal(9));
    let facts = cgroup_of(&sandbox.state, &sandbox.id).unwrap().counts().oom;
    assert_eq!((facts.kills, facts.limit), (1, Some(MEMORY as u64)));
    assert!(
        facts.peak.is_some_and(|peak| peak > (MEMORY as u64) / 2),
        "{facts:?}"
    );
    sandbox.end();
}

fn privileged_a_fork_bomb_stops_at_the_limit() {
    let mut sandbox = Sandbox::new("for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; echo all");
    sandbox.set("/linux/resources", json!({"pids": {"limit": 4}}));
    let outcome = sandbox.run().unwrap();
    assert!(!outcome.out.contains("all"), "{outcome:?}");
}

fn privileged_a_limit_that_cannot_be_set_stops_the_start() {
    let mut cases = vec![
        json!({"hugepageLimits": [{"pageSize": "3MB", "limit": 1}]}),
        json!({"cpu": {"cpus": "4000"}}),
        json!({"memory": {"limit": MEMORY}, "unified": {"memory.nonsense": "1"}}),
        json!({"cpu": {"quota": 1, "period": 100_000}}),
    ];
    if on_v1() {
        cases.push(json!({"unified": {"memory.high": "1000000"}}));
    }
    for resources in cases {
        let mut sandbox = Sandbox::new("true");
        sandbox.set("/linux/resources", resources.clone());
        match sandbox.start() {
            Err(Error::Cgroup(cgroup::Error::LimitNotEnforceable { .. })) => {}
            other => panic!("{resources}: {other:?}"),
        }
        sandbox.assert_nothing_left();
    }
}

fn privileged_a_cgroup_in_use_is_not_taken() {
    let mut first = Sandbox::new("sleep 100");
    let _running = first.start().unwrap();
    let mut second = Sandbox::new("true");
    second.set(
        "/linux/cgroupsPath",
        first.spec["linux"]["cgroupsPath"].clone(),
    );
    assert!(matches!(
        second.start(),
        Err(Error::Cgroup(cgroup::Error::InUse { .. }))
    ));
    first.end();
}

fn privileged_leftover_processes_end_with_the_container() {
    // Without a pid namespace nothing but the cgroup holds the background process.
    let mut sandbox = Sandbox::new("sleep 1000 & mkdir /tmp/x; exit 3");
    sandbox.set("/linux/namespaces", json!([{"type": "mount"}]));
    sandbox.set("/hostname", json!(""));
    let running = sandbox.start().unwrap();
    assert_eq!(wait(&running.pidfd).unwrap(), Exit::Code(3));
    let cgroup = cgroup_of(&sandbox.state, &sandbox.id).unwrap();
    assert_eq!(cgroup.processes().unwrap().len(), 1);
    sandbox.end();
    assert!(cgroup.removals().all(|path| !path.exists()));
}

/// Makes a node of /dev/kmsg, which is 1:11 everywhere, and tries to open it; the engine's own nodes are not asked.
const OPEN_KMSG: &str =
    "busybox mknod /dev/made c 1 11; (: </dev/made) 2>/dev/null && echo open; rm /dev/made";

fn with_devices(rules: Value) -> Sandbox {
    let mut sandbox = Sandbox::new(OPEN_KMSG);
    let capabilities = json!(["CAP_MKNOD", "CAP_SYSLOG"]);
    sandbox.set(
        "/process/capabilities",
        json!({"bounding": capabilities, "permitted": capabilities, "effective": capabilities}),
    );
    sandbox.set("/linux/resources", json!({"devices": rules}));
    sandbox
}

fn privileged_device_rules_hold_for_nodes_that_the_container_makes() {
    let everything = json!({"allow": false, "access": "rwm"});
    let rule = |access: &str| json!({"allow": true, "type": "c", "major": 1, "minor": 11, "access": access});
    for (rules, expected) in [
        (json!([]), "open\n"),
        (json!([{"allow": true, "access": "rwm"}]), "open\n"),
        (json!([everything]), ""),
        (json!([everything, rule("r")]), "open\n"),
        (json!([everything, rule("w")]), ""),
        (json!([rule("wm")]), ""),
    ] {
        let out = with_devices(rules.clone()).run().unwrap().out;
        assert_eq!(out, expected, "{rules}");
    }
}

fn privileged_device_rules_hold_for_a_further_command_and_below() {
    let mut sandbox = with_devices(json!([{"allow": false, "access": "rwm"}]));
    sandbox.set("/process/args", json!(["/bin/sleep", "100"]));
    let running = sandbox.start().unwrap();
    assert!(running.cgroup.not_enforced.is_empty());
    let outcome = sandbox.exec(OPEN_KMSG).unwrap();
    assert_eq!(outcome.out, "", "the refusal holds");
    // what every container has still works there
    let outcome = sandbox.exec("echo x >/dev/null && echo written").unwrap();
    assert_eq!(outcome.out, "written\n");
    sandbox.end();
}

fn privileged_device_rules_refuse_a_part_of_what_another_allows() {
    let mut rules = vec![
        json!({"allow": false, "access": "rwm"}),
        json!({"allow": true, "type": "c", "major": 1, "access": "rw"}),
    ];
    let out = with_devices(json!(rules)).run().unwrap().out;
    assert_eq!(out, "open\n");
    rules.push(json!({"allow": false, "type": "c", "major": 1, "minor": 11, "access": "r"}));
    let outcome = with_devices(json!(rules)).run();
    if on_v1() {
        assert!(
            matches!(
                outcome,
                Err(Error::Cgroup(cgroup::Error::LimitNotEnforceable { .. }))
            ),
            "v1 has no words for it: {outcome:?}"
        );
    } else {
        assert_eq!(outcome.unwrap().out, "");
    }
}

fn privileged_statistics_count_and_limits_change_while_it_runs() {
    let mut sandbox = Sandbox::new(
        "for i in 1 2 3; do dd if=/dev/zero of=/dev/null bs=1M count=500 2>/dev/null; done; echo > /tmp/done; sleep 100",
    );
    sandbox.set(
        "/linux/resources",
        json!({"memory": {"limit": MEMORY}, "pids": {"limit": 20}}),
    );
    let _running = sandbox.start().unwrap();
    while !sandbox.rootfs().join("tmp/done").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let cgroup = cgroup_of(&sandbox.state, &sandbox.id).unwrap();
    let stats = cgroup.stats().unwrap();
    assert!(stats.cpu_usage.is_some_and(|time| time > 1000), "{stats:?}");
    assert!(
        stats.memory_current.is_some_and(|bytes| bytes > 4096),
        "{stats:?}"
    );
    assert_eq!(
        (stats.memory_max, stats.pids_max),
        (Some(MEMORY as u64), Some(20))
    );
    for limit in [MEMORY * 2, MEMORY / 2] {
        let json = json!({"memory": {"limit": limit, "swap": limit}, "pids": {"limit": 7}});
        cgroup
            .update(&serde_json::from_value(json).unwrap())
            .unwrap();
        let stats = cgroup.stats().unwrap();
        assert_eq!(
            (stats.memory_max, stats.pids_max),
            (Some(limit as u64), Some(7))
        );
    }
    assert!(
        cgroup
            .update(
                &serde_json::from_value(json!({"cpu": {"quota": 1, "period": 100_000}})).unwrap()
            )
            .is_err()
    );
    sandbox.end();
}
