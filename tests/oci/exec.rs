//! `exec` is no weaker than the first process.

use flatrack_testbed::needs;
use serde_json::json;

use crate::bundle::Bundle;
use crate::runtime::Runtime;

const WHO: &str = "id; grep -E '^(Cap|NoNew|Seccomp:|Uid|Gid|Groups)' /proc/self/status; ulimit -n; for n in user mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$n; done; sed 's/.*://' /proc/self/cgroup";

#[test]
fn privileged_a_further_program_is_under_everything_that_the_first_one_is() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new(&format!("({WHO}) > /tmp/first; sleep 1000"))
        .set("/process/user", json!({"uid": 1000, "gid": 1000, "additionalGids": [7]}))
        .set("/process/rlimits", json!([{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 77}]))
        .set("/linux/seccomp", json!({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}))
        .set("/linux/namespaces", json!([{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}, {"type": "cgroup"}, {"type": "user"}]))
        .set("/linux/uidMappings", json!([{"containerID": 0, "hostID": 100_000, "size": 65536}]))
        .set("/linux/gidMappings", json!([{"containerID": 0, "hostID": 100_000, "size": 65536}]));
    std::fs::set_permissions(
        bundle.inside("tmp"),
        std::os::unix::fs::PermissionsExt::from_mode(0o777),
    )
    .unwrap();
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let first = bundle.inside("tmp/first");
    let complete = || {
        std::fs::read_to_string(&first)
            .unwrap_or_default()
            .contains("cgroup:")
    };
    crate::runtime::until(complete, "the first program's words");
    let outcome = runtime.run(["exec", &bundle.id, "sh", "-c", WHO]);
    outcome.assert_code(0);
    let wait = || std::fs::read_to_string(&first).unwrap() == outcome.stdout;
    crate::runtime::until(wait, "the same words");
    assert!(outcome.stdout.contains("Seccomp:\t2"), "{}", outcome.stdout);
    runtime.end(&bundle.id);
}

#[test]
fn privileged_options_change_what_they_name() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("sleep 1000");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let id = bundle.id.as_str();
    let said = |args: &[&str]| {
        let outcome = runtime.run([&["exec"], args].concat());
        (outcome.code, outcome.stdout.trim_end().to_owned())
    };
    let show = |set: &str| format!("grep {set}: /proc/self/status | cut -f2");
    assert_eq!(
        said(&["--cwd", "/tmp", id, "sh", "-c", "pwd"]),
        (0, "/tmp".into())
    );
    assert_eq!(
        said(&[
            "-e",
            "A=1",
            "-e",
            "HOME=/y",
            id,
            "sh",
            "-c",
            "echo $A $HOME"
        ]),
        (0, "1 /y".into())
    );
    assert_eq!(
        said(&["--user", "7:8", id, "sh", "-c", "id -u; id -g"]),
        (0, "7\n8".into())
    );
    // a number is that number, and a name is refused rather than root
    assert_eq!(said(&["-u", "1", id, "id", "-u"]), (0, "1".into()));
    assert_eq!(said(&["-u", "root", id, "true"]).0, 1);
    assert_eq!(
        said(&["-g", "9", "-g", "10", id, "sh", "-c", &show("Groups")]),
        (0, "9 10".into())
    );
    let with = said(&["--cap", "CAP_SYS_CHROOT", id, "sh", "-c", &show("CapBnd")]);
    let without = said(&[id, "sh", "-c", &show("CapBnd")]);
    let number = |text: &str| u64::from_str_radix(text, 16).unwrap();
    assert_eq!(number(&with.1), number(&without.1) | 1 << 18);
    // one that nobody knows gives nothing
    let unknown = said(&["--cap", "CAP_ALL", id, "sh", "-c", &show("CapBnd")]);
    assert_eq!(unknown, without);
    let process = bundle.path().join("process.json");
    let document = json!({"args": ["sh", "-c", "echo $X; pwd; id -u"], "env": ["PATH=/bin", "X=1"], "cwd": "/data", "user": {"uid": 5, "gid": 5}});
    std::fs::write(&process, document.to_string()).unwrap();
    assert_eq!(
        said(&["--process", process.to_str().unwrap(), id]),
        (0, "1\n/data\n5".into())
    );
    runtime.end(id);
}

#[test]
fn privileged_a_detached_program_outlives_the_command() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("sleep 1000");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let file = bundle.path().join("pid");
    let args = [
        "exec",
        "--detach",
        "--pid-file",
        file.to_str().unwrap(),
        &bundle.id,
    ];
    let script = ["sh", "-c", "sleep 0.2; echo late > /tmp/late; sleep 1000"];
    runtime.run([&args[..], &script].concat()).assert_code(0);
    let pid = std::fs::read_to_string(file).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    assert!(status.contains("NSpid:"), "{status}");
    let late = bundle.inside("tmp/late");
    crate::runtime::until(|| late.exists(), "the program goes on");
    runtime.end(&bundle.id);
    let gone = || !std::path::Path::new(&format!("/proc/{pid}/root/tmp/late")).exists();
    crate::runtime::until(gone, "it ends with the container");
}
