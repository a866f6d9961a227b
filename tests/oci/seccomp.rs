//! Filters that leave the decision to somebody else.

use std::process::{Command, Stdio};

use flatrack_testbed::needs;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::runtime::{Runtime, until};

/// Answers every call that is left to it with ENOSPC, and writes down what it was told.
const AGENT: &str = r"
import array, fcntl, os, socket, struct, sys
path, told = sys.argv[1:]
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen(4)
while True:
    connection, _ = server.accept()
    message, control, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(4))
    numbers = array.array('i')
    numbers.frombytes(control[0][2][:4])
    with open(told, 'a') as file:
        file.write(message.decode() + '\n')
    if os.fork() == 0:
        while True:
            request = bytearray(80)
            try:
                fcntl.ioctl(numbers[0], 0xc0502100, request)
            except OSError:
                os._exit(0)
            name = struct.unpack_from('Q', request)[0]
            answer = bytearray(struct.pack('QqiI', name, 0, -28, 0))
            fcntl.ioctl(numbers[0], 0xc0182101, answer)
    os.close(numbers[0])
";

#[test]
fn privileged_a_listener_decides_for_the_first_program_and_for_further_ones() {
    needs!(Root, Python);
    for no_new_privileges in [true, false] {
        let bundle = Bundle::new("mkdir /tmp/x 2>&1; sleep 1000");
        let (path, told) = (bundle.path().join("s"), bundle.path().join("told"));
        let bundle = bundle
            .set("/process/noNewPrivileges", json!(no_new_privileges))
            .set("/linux/seccomp", json!({
                "defaultAction": "SCMP_ACT_ALLOW", "listenerPath": path, "listenerMetadata": "words",
                "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}],
            }));
        let mut agent = Command::new("python3")
            .args(["-c", AGENT])
            .args([&path, &told])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        until(|| path.exists(), "the agent listens");
        let runtime = Runtime::ours();
        runtime.create(&bundle).assert_code(0);
        runtime.run(["start", &bundle.id]).assert_code(0);
        let pid = runtime.state(&bundle.id)["pid"].clone();
        let outcome = runtime.run(["exec", &bundle.id, "mkdir", "/tmp/y"]);
        outcome.assert_code(1);
        assert!(
            outcome.stderr.contains("No space left"),
            "{}",
            outcome.stderr
        );
        let text = std::fs::read_to_string(&told).unwrap();
        let said: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(said.len(), 2, "{text}");
        assert_eq!(said[0]["pid"], pid);
        assert_eq!(
            (&said[0]["state"]["pid"], &said[1]["state"]["pid"]),
            (&pid, &pid)
        );
        assert_ne!(said[1]["pid"], pid);
        for one in &said {
            assert_eq!(one["fds"], json!(["seccompFd"]));
            assert_eq!(one["metadata"], "words");
            assert_eq!(one["state"]["id"], bundle.id.as_str());
        }
        runtime.end(&bundle.id);
        agent.kill().unwrap();
        agent.wait().unwrap();
    }
}

#[test]
fn privileged_a_listener_that_cannot_work_is_refused() {
    needs!(Root);
    let runtime = Runtime::ours();
    let rule = |name: &str| json!([{"names": [name], "action": "SCMP_ACT_NOTIFY"}]);
    for (profile, word) in [
        (
            json!({"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/none", "syscalls": rule("mkdir")}),
            "/none",
        ),
        (
            json!({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rule("mkdir")}),
            "listenerPath",
        ),
        (
            json!({"defaultAction": "SCMP_ACT_NOTIFY", "listenerPath": "/none"}),
            "every",
        ),
        (
            json!({"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/none", "syscalls": rule("sendmsg")}),
            "sendmsg",
        ),
    ] {
        let bundle = Bundle::new("true").set("/linux/seccomp", profile);
        let outcome = runtime.create(&bundle);
        outcome.assert_code(1);
        assert!(outcome.stderr.contains(word), "{}", outcome.stderr);
    }
}

#[test]
fn privileged_names_of_later_kernels_are_passed_over_where_they_would_only_allow() {
    needs!(Root);
    let runtime = Runtime::ours();
    let create = |default: &str, action: &str| {
        let profile = json!({"defaultAction": default, "syscalls": [{"names": ["call_of_the_future"], "action": action}]});
        runtime.create(&Bundle::new("true").set("/linux/seccomp", profile))
    };
    create("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO").assert_code(1);
    create("SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS").assert_code(1);
    let allowed = create("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW");
    assert!(
        !allowed.stderr.contains("call_of_the_future"),
        "{allowed:?}"
    );
}
