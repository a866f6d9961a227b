//! Debian's podman with flatrack-oci as its runtime.

use flatrack_testbed::{Tree, needs, skip};

use crate::client::podman::{ORDINARY, Podman};
use crate::runtime::until;

#[test]
fn privileged_podman_runs_containers_to_their_end() {
    needs!(Root, Podman);
    let podman = Podman::new();
    let hello = podman.start(&["run", "--rm"], &["echo", "hello"]);
    assert_eq!(hello.assert_success(), "hello");
    podman
        .start(&["run", "--rm"], &["sh", "-c", "exit 3"])
        .assert_code(3);
    podman.start(&["run", "--rm"], &["none"]).assert_code(127);
    podman.start(&["run", "--rm"], &["/etc"]).assert_code(126);
    let user = podman.start(
        &[
            "run",
            "--rm",
            "--user",
            "7:8",
            "--read-only",
            "--cap-drop",
            "all",
        ],
        &["sh", "-c", "id -u; id -g; touch /x || echo closed"],
    );
    assert_eq!(user.assert_success(), "7\n8\nclosed");
    let terminal = podman.start(&["run", "--rm", "--tty"], &["tty"]);
    assert!(terminal.assert_success().contains("/dev/"), "{terminal:?}");
    let init = podman.start(
        &["run", "--rm", "--memory", "64m", "--pids-limit", "50"],
        &["cat", "/sys/fs/cgroup/pids/pids.max"],
    );
    assert_eq!(init.assert_success(), "50");
}

#[test]
fn privileged_podman_drives_a_container_through_its_life() {
    needs!(Root, Podman);
    life(&Podman::new());
}

#[test]
fn newer_podman_drives_a_container_through_its_life() {
    needs!(Root, Podman);
    match Tree::newer_debian() {
        Ok(tree) => life(&Podman::newer(&tree)),
        Err(reason) => skip!(NewerDebian, reason),
    }
}

fn life(podman: &Podman) {
    let script = "echo started; trap 'exit 9' TERM; while true; do sleep 0.1; done";
    podman
        .start(&["run", "--detach", "--name", "one"], &["sh", "-c", script])
        .assert_code(0);
    let said = |args: &[&str]| podman.run(args).stdout.trim_end().to_owned();
    until(|| said(&["logs", "one"]) == "started", "the first words");
    let status = || said(&["inspect", "--format", "{{.State.Status}}", "one"]);
    assert_eq!(status(), "running");
    podman
        .run(["exec", "one", "sh", "-c", "exit 5"])
        .assert_code(5);
    assert!(said(&["exec", "--tty", "one", "tty"]).contains("/dev/pts/"));
    assert!(said(&["top", "one", "pid"]).contains('1'));
    podman.run(["pause", "one"]).assert_code(0);
    assert_eq!(status(), "paused");
    podman.run(["unpause", "one"]).assert_code(0);
    podman
        .run(["update", "--memory", "64m", "one"])
        .assert_code(0);
    podman.run(["stats", "--no-stream", "one"]).assert_code(0);
    podman.run(["stop", "--time", "10", "one"]).assert_code(0);
    assert_eq!(
        said(&["inspect", "--format", "{{.State.ExitCode}}", "one"]),
        "9"
    );
    podman.run(["restart", "one"]).assert_code(0);
    assert_eq!(status(), "running");
    podman.run(["kill", "one"]).assert_code(0);
    until(|| status() == "exited", "the end");
    assert_eq!(
        said(&["inspect", "--format", "{{.State.ExitCode}}", "one"]),
        "137"
    );
    podman.run(["rm", "one"]).assert_code(0);
}

#[test]
fn privileged_podman_asks_for_a_containers_health() {
    needs!(Root, Podman);
    let podman = Podman::new();
    // by hand: the timers for it are systemd's
    let check = [
        "run",
        "--detach",
        "--name",
        "one",
        "--health-cmd=test -e /healthy",
        "--health-interval=disable",
        "--health-retries=1",
    ];
    podman.start(&check, &["sleep", "1000"]).assert_code(0);
    let ask = || podman.run(["healthcheck", "run", "one"]).code;
    assert_eq!(ask(), 1);
    podman
        .run(["exec", "one", "touch", "/healthy"])
        .assert_code(0);
    assert_eq!(ask(), 0);
}

/// Options and what a program sees of them.
const OPTIONS: &[(&str, &str)] = &[
    (
        "--privileged",
        "grep CapEff /proc/self/status; ls /dev | wc -l",
    ),
    ("--volume=/usr/share:/v:ro", "touch /v/x; ls -d /v/doc"),
    (
        "--tmpfs=/x:size=1m,mode=1777",
        "mount | grep ' /x '; stat -c %a /x",
    ),
    (
        "--mount=type=bind,src=/etc,dst=/v,bind-propagation=rshared",
        "ls /v/passwd",
    ),
    (
        "--device=/dev/zero:/dev/own:r",
        "head -c 2 /dev/own | wc -c; (: > /dev/own) || echo closed",
    ),
    (
        "--sysctl=net.ipv4.ip_forward=1",
        "cat /proc/sys/net/ipv4/ip_forward",
    ),
    (
        "--uidmap=0:100000:65536 --gidmap=0:100000:65536",
        "id; cat /proc/self/uid_map; stat -c %u /bin",
    ),
    ("--read-only", "touch /a; touch /tmp/b && echo open"),
    ("--shm-size=1m", "mount | grep /dev/shm"),
    (
        "--security-opt=seccomp=unconfined",
        "grep Seccomp: /proc/self/status",
    ),
    (
        "--security-opt=no-new-privileges",
        "grep NoNew /proc/self/status",
    ),
    (
        "--security-opt=mask=/proc/uptime",
        "cat /proc/uptime | wc -c",
    ),
    (
        "--cap-add=SYS_PTRACE --cap-drop=CHOWN",
        "grep Cap /proc/self/status",
    ),
    (
        "--group-add=55 --user=12:13",
        "id; grep Cap /proc/self/status",
    ),
    ("--env=A=b", "echo $A $HOME $container"),
    ("--oom-score-adj=300", "cat /proc/self/oom_score_adj"),
    (
        "--memory=20m --memory-swap=20m",
        "cd /sys/fs/cgroup/memory && cat memory.limit_in_bytes memory.memsw.limit_in_bytes",
    ),
    (
        "--cpus=0.5 --cpuset-cpus=0",
        "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpuset/cpuset.cpus",
    ),
    (
        "--cgroupns=private",
        "sed 's/.*://' /proc/self/cgroup | sort -u",
    ),
    (
        "--pid=host --ipc=host --uts=host",
        "ls /proc/1 | wc -l > /dev/null; hostname | wc -l",
    ),
    ("--ulimit=core=0", "ulimit -c"),
    ("--umask=077", "umask"),
    ("--volume=/usr/share/doc:/v:O", "touch /v/new && ls /v/new"),
    ("--timeout=1", "sleep 20"),
];

#[test]
fn privileged_podmans_options_give_what_they_give_with_runc() {
    needs!(Root, Podman, Runc);
    let (ours, theirs) = (Podman::new(), Podman::with("/usr/sbin/runc".into()));
    let mut differences = Vec::new();
    for (options, script) in OPTIONS {
        let run = |podman: &Podman| {
            let options: Vec<&str> = ["run", "--rm"]
                .into_iter()
                .chain(options.split(' '))
                .collect();
            let outcome = podman.start(&options, &["sh", "-c", script]);
            (outcome.code, outcome.stdout, outcome.stderr)
        };
        let (ours, theirs) = (run(&ours), run(&theirs));
        if ours != theirs {
            differences.push(format!("{options}: {ours:?}, runc: {theirs:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn privileged_podmans_containers_share_namespaces() {
    needs!(Root, Podman);
    let podman = Podman::new();
    podman
        .start(&["run", "--detach", "--name", "one"], &["sleep", "1000"])
        .assert_code(0);
    let shared = [
        "run",
        "--rm",
        "--network",
        "container:one",
        "--pid",
        "container:one",
        "--ipc",
        "container:one",
    ];
    let limits = &ORDINARY[2..];
    let script = "ps | grep -c 'sleep 1000'; for n in net pid ipc; do [ $(readlink /proc/1/ns/$n) = $(readlink /proc/self/ns/$n) ] && echo same; done";
    let outcome = podman.run([&shared[..], limits, &["busy", "sh", "-c", script]].concat());
    let lines: Vec<&str> = outcome.assert_success().lines().skip(1).collect();
    assert_eq!(lines, ["same"; 3], "{outcome:?}");
}
