//! The state machine: each verb in each state, beside runc.

use flatrack_testbed::needs;

use crate::bundle::Bundle;
use crate::runtime::{Runtime, cgroup_is_left};

/// What to do, one after the other; `?` waits for the end of the container, and is not compared.
const STORY: &[&[&str]] = &[
    &["state", "ID"],
    &["start", "ID"],
    &["kill", "ID", "KILL"],
    &["delete", "ID"],
    &["delete", "--force", "ID"],
    &["create", "ID"],
    &["create", "ID"],
    &["state", "ID"],
    &["resume", "ID"],
    &["exec", "ID", "true"],
    &["start", "ID"],
    &["start", "ID"],
    &["delete", "ID"],
    &["exec", "ID", "sh", "-c", "exit 9"],
    &["exec", "ID", "none"],
    &["ps", "ID"],
    &["pause", "ID"],
    &["pause", "ID"],
    &["state", "ID"],
    &["exec", "ID", "true"],
    &["start", "ID"],
    &["delete", "ID"],
    &["resume", "ID"],
    &["resume", "ID"],
    &["state", "ID"],
    &["update", "--pids-limit", "30", "ID"],
    &["update", "--cpuset-cpus", "0", "ID"],
    &["events", "--stats", "ID"],
    &["kill", "ID", "NONE"],
    &["kill", "ID", "0"],
    &["kill", "ID", "KILL"],
    &["?"],
    &["state", "ID"],
    &["kill", "ID", "TERM"],
    &["start", "ID"],
    &["exec", "ID", "true"],
    &["pause", "ID"],
    &["events", "--stats", "ID"],
    &["update", "--pids-limit", "30", "ID"],
    &["delete", "ID"],
    &["state", "ID"],
    // what was only made
    &["create", "ID"],
    &["delete", "ID"],
    &["state", "ID"],
    // what is removed by force
    &["create", "ID"],
    &["start", "ID"],
    &["delete", "--force", "ID"],
    &["state", "ID"],
    &["checkpoint", "ID"],
    &["list", "-q"],
];

#[test]
fn privileged_every_verb_in_every_state_ends_as_with_runc() {
    needs!(Root, Runc);
    let (ours, runc) = (tell(&Runtime::ours()), tell(&Runtime::runc()));
    let mut differences = Vec::new();
    for ((step, ours), theirs) in STORY.iter().zip(&ours).zip(&runc) {
        if ours != theirs {
            differences.push(format!("{step:?}: {ours:?}, runc: {theirs:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Code and state after each step.
fn tell(runtime: &Runtime) -> Vec<(i32, String)> {
    let bundle = Bundle::new("sleep 1000");
    bundle.write();
    let dir = bundle.path().to_str().unwrap();
    let step = |step: &&[&str]| {
        if step == &["?"] {
            runtime.until(&bundle.id, "stopped");
            return (0, String::new());
        }
        let mut args: Vec<&str> = step
            .iter()
            .map(|part| {
                if *part == "ID" {
                    bundle.id.as_str()
                } else {
                    part
                }
            })
            .collect();
        if step[0] == "create" {
            args.extend(["--bundle", dir]);
        }
        if step[0] == "checkpoint" {
            // what others need for it is not here
            args.extend(["--image-path", dir]);
        }
        // runc takes options before the id only, where they are its last
        if args.len() > 2 && args[2] == "--bundle" {
            args.rotate_left(2);
            args.rotate_right(1);
            args = vec!["create", "--bundle", dir, &bundle.id];
        }
        let outcome = runtime.run(&args);
        let status = runtime.state(&bundle.id)["status"]
            .as_str()
            .unwrap_or("none")
            .to_owned();
        let wrong_output = runtime.ours && outcome.code == 0 && !outcome.stderr.is_empty();
        assert!(!wrong_output, "{step:?} says: {}", outcome.stderr);
        (outcome.code, status)
    };
    let told = STORY.iter().map(step).collect();
    assert!(!cgroup_is_left(&bundle.id), "a cgroup is left");
    told
}

#[test]
fn privileged_nothing_of_ours_stays_beside_a_container() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("sleep 1000");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let pid = runtime.state(&bundle.id)["pid"].as_u64().unwrap();
    let beside: Vec<String> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u64>().ok())
        .filter(|other| *other != pid)
        .filter_map(|other| std::fs::read_to_string(format!("/proc/{other}/cmdline")).ok())
        .filter(|line| line.contains(&bundle.id))
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
    runtime.end(&bundle.id);
}

#[test]
fn privileged_fast_ends_are_not_lost() {
    needs!(Root);
    let runtime = Runtime::ours();
    for code in 0..60 {
        let bundle = Bundle::new(&format!("exit {}", code % 7));
        let bundle = bundle.set("/mounts", serde_json::json!([]));
        runtime.run_bundle(&bundle).assert_code(code % 7);
        assert!(!cgroup_is_left(&bundle.id));
    }
}
