//! flatrack's own shim under Debian's containerd, by its runtime's name `io.containerd.flatrack.v1`.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Stdio;

use flatrack_testbed::{Outcome, Testbed, Tree, needs, skip};
use serde_json::Value;

use crate::client::containerd::{Containerd, IMAGE};
use crate::runtime::{finish, until};

const RUNTIME: [&str; 4] = [
    "--snapshotter",
    "native",
    "--runtime",
    "io.containerd.flatrack.v1",
];

fn words<'a>(options: &[&'a str], id: &'a str, command: &[&'a str]) -> Vec<&'a str> {
    [&["run"], options, &RUNTIME, &[IMAGE, id], command].concat()
}

fn run(containerd: &Containerd, options: &[&str], id: &str, command: &[&str]) -> Outcome {
    containerd.ctr(words(options, id, command))
}

fn id(name: &str) -> String {
    format!("flatrack-shim-{}-{name}", std::process::id())
}

/// The shims that were started for a container or its pod, by their pids.
fn shims(id: &str) -> Vec<u32> {
    let pids = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        let ours = line.contains("containerd-shim-flatrack-v1") && line.contains(id);
        ours.then_some(pid)
    });
    pids.collect()
}

fn status(containerd: &Containerd, id: &str, wanted: &str) -> bool {
    let list = containerd.ctr(["task", "ls"]).stdout;
    list.lines()
        .any(|line| line.starts_with(id) && line.contains(wanted))
}

const WAITS: &str = "trap 'exit 9' TERM; while true; do sleep 0.1; done";

#[test]
fn privileged_the_shim_takes_a_container_through_its_life() {
    needs!(Root, Containerd);
    life(&Containerd::start());
}

/// containerd 2.x, which starts shims in another dialect and speaks version 3 of the service.
#[test]
fn newer_the_shim_takes_a_container_through_its_life() {
    needs!(Root, Containerd);
    match Tree::newer_debian() {
        Ok(tree) => life(&Containerd::newer(tree)),
        Err(reason) => skip!(NewerDebian, reason),
    }
}

fn life(containerd: &Containerd) {
    let ctr = |args: &[&str]| containerd.ctr(args);
    let hello = run(
        containerd,
        &["--rm"],
        &id("a"),
        &["sh", "-c", "echo hello; echo error >&2"],
    );
    assert_eq!(hello.assert_success(), "hello");
    assert!(hello.stderr.contains("error"), "{hello:?}");
    run(containerd, &["--rm"], &id("b"), &["sh", "-c", "exit 4"]).assert_code(4);
    let missing = run(containerd, &["--rm"], &id("c"), &["none"]);
    assert!(missing.stderr.contains("no such file"), "{missing:?}");
    let one = id("one");
    run(containerd, &["--detach"], &one, &["sh", "-c", WAITS]).assert_code(0);
    assert!(status(containerd, &one, "RUNNING"));
    ctr(&["task", "exec", "--exec-id", "e", &one, "sh", "-c", "exit 6"]).assert_code(6);
    let said = ctr(&[
        "task",
        "exec",
        "--exec-id",
        "f",
        &one,
        "sh",
        "-c",
        "echo inside; readlink /proc/1/exe",
    ]);
    assert!(said.assert_success().starts_with("inside\n"), "{said:?}");
    let metrics = ctr(&["task", "metrics", &one]);
    assert!(
        metrics.assert_success().contains("pids.current"),
        "{metrics:?}"
    );
    let pids = ctr(&["task", "ps", &one]);
    assert!(pids.assert_success().lines().count() > 1, "{pids:?}");
    ctr(&["task", "pause", &one]).assert_code(0);
    assert!(status(containerd, &one, "PAUSED"));
    ctr(&["task", "resume", &one]).assert_code(0);
    ctr(&["task", "kill", "-s", "TERM", &one]).assert_code(0);
    until(|| status(containerd, &one, "STOPPED"), "the end");
    let deleted = ctr(&["task", "delete", &one]);
    assert!(deleted.stderr.contains("code 9"), "{deleted:?}");
    ctr(&["container", "rm", &one]).assert_code(0);
    until(
        || shims(&format!("flatrack-shim-{}", std::process::id())).is_empty(),
        "no shim",
    );
}

#[test]
fn privileged_all_that_a_container_says_arrives_and_so_does_its_input() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    // more than pipes and fifos hold
    let long = run(&containerd, &["--rm"], &id("long"), &["seq", "1", "200000"]);
    assert_eq!(long.assert_success().lines().count(), 200_000);
    assert!(long.assert_success().ends_with("200000"));
    let mut command = containerd.command(words(&["--rm"], &id("cat"), &["wc", "-c"]));
    let input = std::fs::File::open("/bin/busybox").unwrap();
    let size = input.metadata().unwrap().len();
    let said = finish(command.stdin(Stdio::from(input)));
    assert_eq!(said.assert_success(), size.to_string());
    let logged = tempfile::NamedTempFile::new().unwrap();
    let place = format!("file://{}", logged.path().display());
    let options = ["--detach", "--log-uri", &place];
    run(&containerd, &options, &id("file"), &["echo", "kept"]).assert_code(0);
    until(
        || std::fs::read_to_string(logged.path()).unwrap() == "kept\n",
        "the file",
    );
}

/// A program that keeps what the containers say, and what it was told of them.
const LOGGER: &str = r#"#!/bin/sh
kept=$2; mkdir -p $kept; echo "$1 $CONTAINER_NAMESPACE $CONTAINER_ID" >$kept/told
exec 5>&-; cat <&3 >$kept/out & cat <&4 >$kept/err & wait; touch $kept/end"#;

#[test]
fn privileged_a_program_takes_what_a_container_says() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    let (program, kept) = (containerd.place("a logger"), containerd.place("kept"));
    std::fs::write(&program, LOGGER).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let path = program.display().to_string().replace(' ', "%20");
    let uri = format!("binary://{path}?keep={}", kept.display());
    let options = ["--detach", "--log-uri", &uri];
    let one = id("log");
    let script = "echo said; echo aside >&2; sleep 0.5; seq 1 30000";
    run(&containerd, &options, &one, &["sh", "-c", script]).assert_code(0);
    until(
        || kept.join("end").exists(),
        "the program ends with the container",
    );
    let text = |name: &str| std::fs::read_to_string(kept.join(name)).unwrap();
    assert_eq!(text("told"), format!("keep default {one}\n"));
    assert!(text("out").starts_with("said\n1\n") && text("out").ends_with("30000\n"));
    assert_eq!(text("err"), "aside\n");
    let missing = ["--detach", "--log-uri", "binary:///nowhere/logger"];
    let refused = run(&containerd, &missing, &id("nolog"), &["true"]);
    assert!(refused.stderr.contains("/nowhere/logger"), "{refused:?}");
}

#[test]
fn privileged_a_terminal_is_handed_over() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    let one = id("tty");
    let line = format!(
        "ctr --address {} {} {IMAGE} {one} sh -c 'tty; stty size'",
        containerd.socket().display(),
        ["run", "--rm", "--tty"]
            .iter()
            .chain(&RUNTIME)
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
    );
    let mut script = std::process::Command::new("script");
    script
        .args(["-qec", &line, "/dev/null"])
        .stdin(Stdio::null());
    let said = finish(&mut script);
    assert!(said.stdout.contains("/dev/"), "{said:?}");
}

#[test]
fn privileged_containers_of_a_pod_share_a_shim() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    let (pod, other) = (id("pod"), id("member"));
    let label = format!("io.kubernetes.cri.sandbox-id={pod}");
    let grouped = ["--detach", "--annotation", &label];
    run(&containerd, &grouped, &pod, &["sh", "-c", WAITS]).assert_code(0);
    run(&containerd, &grouped, &other, &["sh", "-c", WAITS]).assert_code(0);
    assert_eq!(shims(&pod).len(), 1);
    // if memory runs out, a pod goes before what keeps all of them
    let score = std::fs::read_to_string(format!("/proc/{}/oom_score_adj", shims(&pod)[0]));
    assert_eq!(
        score.unwrap().trim().parse::<i32>().unwrap(),
        containerd.oom_score() + 1
    );
    // whoever reaches the socket rules the pod
    let address = std::fs::read_to_string(containerd.bundle(&pod).join("address")).unwrap();
    let socket = std::fs::metadata(address.trim_start_matches("unix://")).unwrap();
    assert_eq!((socket.uid(), socket.mode() & 0o077), (0, 0));
    assert_eq!(shims(&other).len(), 0, "the second has one of its own");
    for one in [&pod, &other] {
        containerd
            .ctr(["task", "kill", "-s", "KILL", one])
            .assert_code(0);
        until(|| status(&containerd, one, "STOPPED"), "the end");
        let _deleted = containerd.ctr(["task", "delete", one]);
    }
    until(|| shims(&pod).is_empty(), "the shim ends with the last");
}

#[test]
fn privileged_the_shim_outlives_containerd() {
    needs!(Root, Containerd);
    let mut containerd = Containerd::start();
    let one = id("stays");
    run(&containerd, &["--detach"], &one, &["sh", "-c", WAITS]).assert_code(0);
    containerd.restart();
    assert!(status(&containerd, &one, "RUNNING"));
    containerd
        .ctr(["task", "exec", "--exec-id", "e", &one, "sh", "-c", "exit 6"])
        .assert_code(6);
    containerd
        .ctr(["task", "kill", "-s", "TERM", &one])
        .assert_code(0);
    until(|| status(&containerd, &one, "STOPPED"), "the end");
    let deleted = containerd.ctr(["task", "delete", &one]);
    assert!(deleted.stderr.contains("code 9"), "{deleted:?}");
}

#[test]
fn privileged_what_a_killed_shim_leaves_can_be_removed() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    // as long as names may be
    let one = format!("{:x<64}", id("killed"));
    run(
        &containerd,
        &["--detach"],
        &one,
        &["sh", "-c", "sleep 54321.5"],
    )
    .assert_code(0);
    let sleeps = || {
        let found = std::process::Command::new("pgrep")
            .args(["-f", "^sleep 54321.5"])
            .output();
        found.unwrap().status.success()
    };
    assert!(sleeps());
    let shim = shims(&one);
    let [pid] = shim[..] else { panic!("{shim:?}") };
    let killed = std::process::Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status();
    assert!(killed.unwrap().success());
    until(|| !sleeps(), "the container ends with its shim");
    until(|| !status(&containerd, &one, "RUNNING"), "containerd knows");
    let _deleted = containerd.ctr(["task", "delete", "--force", &one]);
    containerd.ctr(["container", "rm", &one]).assert_code(0);
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(&one), "{mounts}");
    assert!(
        !Path::new("/run/containerd/flatrack/default")
            .join(&one)
            .exists()
    );
    assert!(!containerd.bundle(&one).exists());
}

#[test]
fn privileged_a_kill_for_memory_is_told() {
    needs!(Root, Containerd, MemoryLimit);
    let containerd = Containerd::start();
    let events = tempfile::NamedTempFile::new().unwrap();
    let mut follower = containerd.command(["events"]);
    let out = events.reopen().unwrap();
    let mut follower = follower.stdout(out).stderr(Stdio::null()).spawn().unwrap();
    let one = id("oom");
    // the events' beginning is seen by the first of them
    run(&containerd, &["--rm"], &id("first"), &["true"]).assert_code(0);
    let told = |wanted: &str| {
        std::fs::read_to_string(events.path())
            .unwrap()
            .contains(wanted)
    };
    let limit = ["--rm", "--memory-limit", "33554432"];
    run(&containerd, &limit, &one, &["tail", "/dev/zero"]).assert_code(137);
    until(|| told("/tasks/oom"), "the event");
    until(|| told("/tasks/delete"), "the end");
    follower.kill().unwrap();
    follower.wait().unwrap();
    for topic in ["/tasks/create", "/tasks/start", "/tasks/exit"] {
        assert!(told(topic), "{topic}");
    }
}

#[test]
fn privileged_a_reader_that_hangs_holds_up_nobody() {
    needs!(Root, Containerd);
    let containerd = Containerd::start();
    let one = id("hung");
    // its output is a pipe that nobody reads, so it reads no more of the container's
    let mut command = containerd.command(words(&[], &one, &["sh", "-c", "cat /dev/zero"]));
    let mut reader = command.stdout(Stdio::piped()).spawn().unwrap();
    until(|| status(&containerd, &one, "RUNNING"), "it runs");
    let beside = ["task", "exec", "--exec-id", "e", &one, "echo", "beside"];
    assert_eq!(containerd.ctr(beside).assert_success(), "beside");
    containerd
        .ctr(["task", "kill", "-s", "KILL", &one])
        .assert_code(0);
    until(|| status(&containerd, &one, "STOPPED"), "the end");
    let deleted = containerd.ctr(["task", "delete", &one]);
    assert!(deleted.stderr.contains("code 137"), "{deleted:?}");
    containerd.ctr(["container", "rm", &one]).assert_code(0);
    reader.kill().unwrap();
    reader.wait().unwrap();
    until(|| shims(&one).is_empty(), "no shim");
}

/// An app under the shim, whose image is `flatpak build-bundle --oci`'s own.
#[test]
fn privileged_an_image_of_an_app_runs_under_the_shim() {
    needs!(Root, Containerd, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let app = "org.flatrack.Test.Shim";
    let layout = bed.app(app).script("echo app $* $MORE; exit 3").image();
    let containerd = Containerd::on_node(bed.system_installation());
    let image = "docker.io/local/app:1";
    containerd.import_layout(&layout, image);
    let own = id("app");
    let words = [
        &["run", "--rm", "--env", "MORE=pod"][..],
        &RUNTIME,
        &[image, &own, app, "one"],
    ];
    let said = containerd.ctr(words.concat());
    said.assert_code(3);
    assert_eq!(said.stdout, "app one pod\n", "{}", said.stderr);
}

#[test]
fn newer_containerd_learns_what_the_runtime_can_do() {
    needs!(Root, Containerd);
    let containerd = match Tree::newer_debian() {
        Ok(tree) => Containerd::newer(tree),
        Err(reason) => skip!(NewerDebian, reason),
    };
    let asked = ["plugins", "inspect-runtime", "--runtime", RUNTIME[3]];
    let told = containerd.ctr(asked);
    let told: Value = serde_json::from_str(told.assert_success()).unwrap();
    assert_eq!(told["Name"], RUNTIME[3]);
    let features = &told["Features"];
    assert_eq!(
        features["linux"]["mountExtensions"]["idmap"]["enabled"], true,
        "{told}"
    );
    let options = features["mountOptions"].as_array().unwrap();
    assert!(options.iter().any(|option| option == "rro"));
}
