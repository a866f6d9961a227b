//! Debian's podman with flatrack-oci as its runtime. Everything that podman keeps lies in a directory of the test's.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use flatrack_testbed::{Outcome, Testbed, needs};

use crate::image::layer;
use crate::runtime::{binary, finish, until};

/// Limits that a machine without CAP_SYS_RESOURCE can give.
const ORDINARY: [&str; 6] = [
    "--network",
    "none",
    "--ulimit",
    "nofile=1024:1024",
    "--ulimit",
    "nproc=1024:1024",
];

/// Podman makes directories for controllers that are not mounted: it sees hierarchies of the machine's on a file system of the test's own.
const OWN_CGROUPS: &str = "
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t tmpfs tmpfs $0 && for one in /sys/fs/cgroup/*; do
        mkdir $0/${one##*/} && mount --rbind $one $0/${one##*/} || exit
    done && mount --move $0 /sys/fs/cgroup || exit
fi
echo ready && exec sleep 1000";

struct Podman {
    dir: tempfile::TempDir,
    runtime: PathBuf,
    /// Where the runtime is, if it is the test's own.
    node: Option<tempfile::TempDir>,
    /// Keeps a mount namespace for all commands.
    holder: Child,
}

impl Podman {
    /// With flatrack-oci and an image of busybox.
    fn new() -> Self {
        Self::with(binary())
    }

    /// With another runtime.
    fn with(runtime: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("cgroups");
        std::fs::create_dir(&place).unwrap();
        let mut holder = Command::new("unshare")
            .args([
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                OWN_CGROUPS,
            ])
            .arg(place)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = [0; 5];
        holder
            .stdout
            .take()
            .unwrap()
            .read_exact(&mut ready)
            .unwrap();
        let podman = Self {
            dir,
            runtime,
            node: None,
            holder,
        };
        // for what podman starts of itself, as ORDINARY is for the rest
        let limits = "[containers]\ndefault_ulimits = ['nofile=1024:1024', 'nproc=1024:1024']\n\
            [engine]\ninfra_image = 'localhost/infra:latest'\n";
        std::fs::write(podman.dir.path().join("containers.conf"), limits).unwrap();
        let image = layer(podman.dir.path());
        let image = image.to_str().unwrap();
        podman.run(["import", image, "busy"]).assert_code(0);
        let sleeps = "--change=ENTRYPOINT [\"/bin/sleep\",\"1000\"]";
        podman
            .run(["import", sleeps, image, "infra"])
            .assert_code(0);
        podman
    }

    /// With flatrack-oci on a node that has the runtimes of another installation than the machine's.
    fn on_node(installation: &Path) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let runtime = dir.path().join("flatrack-oci");
        // engines hand on few variables
        let text = format!(
            "#!/bin/sh\nFLATPAK_SYSTEM_DIR={} exec {} \"$@\"\n",
            installation.display(),
            binary().display()
        );
        std::fs::write(&runtime, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&runtime, mode).unwrap();
        let mut podman = Self::with(runtime);
        podman.node = Some(dir);
        podman
    }

    fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let at = |name: &str| self.dir.path().join(name);
        let mut command = Command::new("nsenter");
        command
            .args(["--mount", "--target", &self.holder.id().to_string()])
            // conmon leaves a file where it is when memory ran out
            .args(["env", "--chdir"])
            .arg(self.dir.path())
            .arg("podman")
            .env("CONTAINERS_CONF", at("containers.conf"))
            .arg("--root")
            .arg(at("root"))
            .arg("--runroot")
            .arg(at("run"))
            .arg("--tmpdir")
            .arg(at("tmp"))
            .args([
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
            ])
            .arg("--runtime")
            .arg(&self.runtime)
            .args(args);
        command
    }

    fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        finish(&mut self.command(args))
    }

    fn start(&self, verb: &[&str], command: &[&str]) -> Outcome {
        self.run([verb, &ORDINARY, &["busy"], command].concat())
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let _gone = self.run(["rm", "--force", "--all", "--time", "0"]);
        let _gone = self.run(["rmi", "--force", "--all"]);
        self.holder.kill().unwrap();
        self.holder.wait().unwrap();
    }
}

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
    let podman = Podman::new();
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

#[test]
fn privileged_podman_runs_an_app_from_the_image_that_flatpak_exports() {
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Image";
    let script = "cat /usr/manifest-of-the-test 2>/dev/null; echo app $*; ls / | tr '\\n' ' '
        cat /proc/net/dev | grep -c :; while test \"$1\" = wait; do sleep 0.1; done; exit 5";
    let app = bed.app(id).script(script).finish_arg("--share=network");
    let image = app.finish_arg("--filesystem=host").image();
    let podman = Podman::on_node(bed.system_installation());
    let name = pulled(&podman, &image);
    let start = |options: &[&str], args: &[&str]| {
        podman.run([&["run"], options, &ORDINARY, &[name.as_str(), id], args].concat())
    };
    let said = start(&["--rm"], &["one", "two"]);
    said.assert_code(5);
    // `lib64` is on some machines only
    let tree = "app bin dev etc home lib proc run sys tmp usr var 1";
    let text = said.stdout.replace("lib64 ", "");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_eq!(lines, ["app one two", tree], "{}", said.stderr);
    let data = bed.write("data/file", "of the volume");
    let volume = format!("{}:/data", data.parent().unwrap().display());
    let options = [
        "--detach", "--name", "app", "--volume", &volume, "--user", "77",
    ];
    start(&options, &["wait"]).assert_code(0);
    let inside = |command: &str| podman.run(["exec", "app", "sh", "-c", command]);
    assert_eq!(
        inside("id -u; cat /data/file").assert_success(),
        "77\nof the volume"
    );
    let none = inside("grep -c 'Cap.*:.0000000000000000' /proc/self/status");
    assert_eq!(none.assert_success(), "5");
    podman.run(["stop", "--time", "5", "app"]).assert_code(0);
    podman.run(["start", "app"]).assert_code(0);
    podman
        .run(["rm", "--force", "--time", "0", "app"])
        .assert_code(0);
}

#[test]
fn privileged_an_app_in_a_pod_shares_what_it_has_a_permission_for() {
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let podman = Podman::on_node(bed.system_installation());
    let limits = &ORDINARY[2..];
    let create = ["pod", "create", "--name", "pod", "--network", "none"];
    podman.run(create).assert_code(0);
    let show = "readlink /proc/self/ns/net; readlink /proc/self/ns/ipc; hostname";
    let run = |image: &str, words: &[&str]| {
        let options = [&["run", "--rm", "--pod", "pod"], limits, &[image]].concat();
        podman.run([&options[..], words].concat())
    };
    let plain = run("busy", &["sh", "-c", show]);
    let of_the_pod: Vec<&str> = plain.assert_success().lines().collect();
    for (id, share) in [
        ("org.flatrack.Test.InPod", true),
        ("org.flatrack.Test.Apart", false),
    ] {
        let app = bed.app(id).script("exit 9");
        let app = if share {
            app.finish_arg("--share=network")
        } else {
            app
        };
        let name = pulled(&podman, &app.image());
        let said = run(&name, &["sh", "-c", show]);
        let own: Vec<&str> = said.assert_success().lines().collect();
        assert_eq!(own[0] == of_the_pod[0], share, "{said:?}");
        assert_ne!(own[1], of_the_pod[1]);
        assert_eq!(own[2], of_the_pod[2]);
        run(&name, &[id]).assert_code(9);
    }
    podman
        .run(["pod", "rm", "--force", "--time", "0", "pod"])
        .assert_code(0);
}

#[test]
fn privileged_podman_plays_the_pod_that_is_generated_for_an_app() {
    needs!(Root, Podman, StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Played";
    let script = "echo played $*; id -u; exit 0";
    let podman = Podman::on_node(bed.system_installation());
    let name = pulled(&podman, &bed.app(id).script(script).image());
    let dir = bed.root().join(format!("work/build-{id}"));
    let dir = dir.display().to_string();
    let image = format!("localhost/{}:master", id.to_lowercase());
    podman.run(["tag", &name, &image]).assert_code(0);
    let pod = bed.flatrack(["generate", "kube", "--memory-max=64M", &dir, "one two"]);
    let file = bed.write("pod.yaml", pod.assert_success());
    let play = ["play", "kube", "--network", "none", file.to_str().unwrap()];
    podman.run(play).assert_code(0);
    let container = format!("{}-app", id.to_lowercase());
    let logs = || podman.run(["logs", &container]).stdout;
    until(|| logs().contains("\n0"), "the app's words");
    assert_eq!(logs(), "played one two\n0\n");
    let shown = podman.run(["inspect", "--format", "{{.HostConfig.Memory}}", &container]);
    assert_eq!(shown.assert_success(), "67108864");
    let end = ["play", "kube", "--down", file.to_str().unwrap()];
    podman.run(end).assert_code(0);
}

/// Pulls an image from its layout, and gives its name.
#[track_caller]
fn pulled(podman: &Podman, layout: &Path) -> String {
    // podman makes a name of the path, which must have no capitals
    let place = format!("flatrack-image-{}", std::process::id());
    let mut builder = tempfile::Builder::new();
    let place = builder.prefix(&place).rand_bytes(0).tempdir().unwrap();
    let copied = Command::new("cp")
        .arg("-rT")
        .arg(layout)
        .arg(place.path())
        .status();
    assert!(copied.unwrap().success());
    let pulled = podman.run(["pull", &format!("oci:{}", place.path().display())]);
    pulled.assert_success().lines().last().unwrap().to_owned()
}
