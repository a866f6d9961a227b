//! Debian's Docker with flatrack-oci as its runtime, by the file of `configs/engines`.

use flatrack_testbed::{Docker as Programs, Testbed, needs, skip};

use crate::client::docker::Docker;
use crate::client::on_node;
use crate::configs::text;
use crate::runtime::{binary, until};

const RUN: [&str; 4] = ["run", "--runtime=flatrack", "--network=none", "--rm"];
const IMAGE: &str = "local/busy:1";

/// The file for daemons, with another place for the runtime.
fn configuration(runtime: &std::path::Path) -> String {
    text("docker.json").replace("/usr/local/bin/flatrack-oci", runtime.to_str().unwrap())
}

#[test]
fn privileged_docker_drives_a_container_through_its_life() {
    needs!(Root, Containerd, MemoryLimit);
    let programs = match Programs::obtain() {
        Ok(programs) => programs,
        Err(reason) => skip!(Docker, reason),
    };
    let docker = Docker::start(programs, &configuration(&binary()));
    let run = |options: &[&str], command: &[&str]| {
        docker.run([&RUN[..], options, &[IMAGE], command].concat())
    };
    let hello = run(&[], &["sh", "-c", "echo hello; echo error >&2; exit 3"]);
    hello.assert_code(3);
    assert_eq!(
        (hello.stdout.as_str(), hello.stderr.as_str()),
        ("hello\n", "error\n")
    );
    run(&[], &["none"]).assert_code(127);
    run(&[], &["/etc"]).assert_code(126);
    let limited = [
        "--user=7:8",
        "--read-only",
        "--cap-drop=all",
        "--pids-limit=50",
    ];
    let script = "id -u; id -g; touch /x || echo closed; cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null";
    assert_eq!(
        run(&limited, &["sh", "-c", script]).stdout,
        "7\n8\nclosed\n50\n"
    );
    let script = "echo started; trap 'exit 9' TERM; while true; do sleep 0.1; done";
    let health = [
        "--health-cmd=test -e /healthy",
        "--health-interval=1s",
        "--health-retries=1",
    ];
    let detached = [
        "run",
        "--runtime=flatrack",
        "--network=none",
        "--detach",
        "--name=one",
    ];
    let start = [&detached[..], &health, &[IMAGE, "sh", "-c", script]].concat();
    docker.run(start).assert_code(0);
    let said = |args: &[&str]| docker.run(args).stdout.trim_end().to_owned();
    let of_one = |format: &str| said(&["inspect", "--format", format, "one"]);
    until(|| said(&["logs", "one"]) == "started", "the first words");
    docker
        .run(["exec", "one", "sh", "-c", "exit 5"])
        .assert_code(5);
    let healthy = |wanted: &str| until(|| of_one("{{.State.Health.Status}}") == wanted, wanted);
    healthy("unhealthy");
    docker
        .run(["exec", "one", "touch", "/healthy"])
        .assert_code(0);
    healthy("healthy");
    assert!(said(&["top", "one"]).contains("sleep 0.1"));
    docker.run(["pause", "one"]).assert_code(0);
    assert_eq!(of_one("{{.State.Status}}"), "paused");
    docker.run(["unpause", "one"]).assert_code(0);
    docker
        .run(["update", "--memory=48m", "--memory-swap=48m", "one"])
        .assert_code(0);
    let stats = said(&["stats", "--no-stream", "--format={{.MemUsage}}", "one"]);
    assert!(stats.ends_with("/ 48MiB"), "{stats}");
    docker.run(["stop", "--time=10", "one"]).assert_code(0);
    assert_eq!(of_one("{{.State.ExitCode}}"), "9");
    docker.run(["restart", "one"]).assert_code(0);
    docker.run(["kill", "one"]).assert_code(0);
    until(|| of_one("{{.State.ExitCode}}") == "137", "the end");
    docker.run(["rm", "one"]).assert_code(0);
    let greedy = ["--memory=32m", "--memory-swap=32m", "--name=greedy"];
    let start = [&RUN[..3], &greedy, &[IMAGE, "tail", "/dev/zero"]].concat();
    docker.run(start).assert_code(137);
    assert_eq!(
        said(&["inspect", "--format={{.State.OOMKilled}}", "greedy"]),
        "true"
    );
}

#[test]
fn privileged_docker_runs_an_app_from_the_image_that_flatpak_exports() {
    needs!(Root, Containerd, StockFlatpak);
    let programs = match Programs::obtain() {
        Ok(programs) => programs,
        Err(reason) => skip!(Docker, reason),
    };
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Docker";
    let script = "echo app $* $MORE; ls -d /app/bin; grep Cap /proc/self/status | grep -vc 0000000000000000; exit 5";
    let layout = bed.app(id).script(script).image();
    let (_node, runtime) = on_node(bed.system_installation());
    let docker = Docker::start(programs, &configuration(&runtime));
    docker.load_layout(&layout, "local/app:1");
    let run = [&RUN[..], &["--env=MORE=pod", "local/app:1", id, "one"]].concat();
    let said = docker.run(run);
    said.assert_code(5);
    assert_eq!(said.stdout, "app one pod\n/app/bin\n0\n", "{}", said.stderr);
}
