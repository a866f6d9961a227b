//! Terminals through console sockets.

use std::io::{IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use flatrack_testbed::needs;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use serde_json::json;

use crate::bundle::Bundle;
use crate::runtime::Runtime;

/// The descriptor that comes through a socket.
fn receive(listener: &UnixListener) -> OwnedFd {
    let (stream, _) = listener.accept().unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut bytes = [0; 64];
    recvmsg(
        &stream,
        &mut [IoSliceMut::new(&mut bytes)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )
    .unwrap();
    control
        .drain()
        .find_map(|part| match part {
            RecvAncillaryMessage::ScmRights(mut fds) => fds.next(),
            _ => None,
        })
        .unwrap()
}

/// Reads until the words were said.
fn hear(master: OwnedFd, words: &str) -> String {
    let mut heard = Vec::new();
    let mut file = std::fs::File::from(master);
    let mut bytes = [0; 1024];
    while !String::from_utf8_lossy(&heard).contains(words) {
        match file.read(&mut bytes) {
            Ok(0) | Err(_) => break,
            Ok(count) => heard.extend(&bytes[..count]),
        }
    }
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn privileged_the_terminal_comes_through_the_console_socket() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new(
        "tty; tty -s <&1 && stat -c %t:%T /dev/console; stty size 2>/dev/null; echo end",
    )
    .set("/process/terminal", json!(true));
    // longer than a socket's address can be
    let deep = bundle.path().join("d".repeat(100));
    std::fs::create_dir(&deep).unwrap();
    let (short, path) = (bundle.path().join("s"), deep.join("socket"));
    let listener = UnixListener::bind(&short).unwrap();
    std::fs::rename(&short, &path).unwrap();
    bundle.write();
    let dir = bundle.path().to_str().unwrap();
    let made = runtime.run([
        "create",
        "--bundle",
        dir,
        "--console-socket",
        path.to_str().unwrap(),
        &bundle.id,
    ]);
    made.assert_code(0);
    let master = receive(&listener);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let heard = hear(master, "end");
    assert!(
        heard.contains("/dev/pts/0") || heard.contains("/dev/console"),
        "{heard}"
    );
    runtime.end(&bundle.id);
}

#[test]
fn privileged_a_terminal_without_a_socket_is_refused_before_anything_is_made() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("true").set("/process/terminal", json!(true));
    let outcome = runtime.create(&bundle);
    outcome.assert_code(1);
    assert!(
        outcome.stderr.contains("console socket"),
        "{}",
        outcome.stderr
    );
    assert_eq!(runtime.root().read_dir().unwrap().count(), 0);
    let bundle = Bundle::new("true");
    bundle.write();
    let dir = bundle.path().to_str().unwrap();
    runtime
        .run([
            "create",
            "--bundle",
            dir,
            "--console-socket",
            "/none",
            &bundle.id,
        ])
        .assert_code(1);
}

#[test]
fn privileged_a_further_program_gets_a_terminal_of_its_own() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("sleep 1000");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let path = bundle.path().join("s");
    let listener = UnixListener::bind(&path).unwrap();
    let args = [
        "exec",
        "--tty",
        "--detach",
        "--console-socket",
        path.to_str().unwrap(),
        &bundle.id,
    ];
    runtime
        .run([&args[..], &["sh", "-c", "tty; echo end"]].concat())
        .assert_code(0);
    let heard = hear(receive(&listener), "end");
    assert!(heard.contains("/dev/pts/"), "{heard}");
    runtime.end(&bundle.id);
}
