//! What running apps use: for people, for programs, for Prometheus.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use flatrack_testbed::{Testbed, needs};

use crate::support::{Running, json};

/// What is served at a socket, once somebody serves there.
#[track_caller]
fn ask(socket: &Path, request: &str) -> String {
    let until = Instant::now() + Duration::from_secs(10);
    let mut stream = loop {
        match UnixStream::connect(socket) {
            Ok(stream) => break stream,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn top_shows_a_running_app_against_its_limits() {
    needs!(StockFlatpak, MemoryLimit, PidsLimit);
    let bed = Testbed::new().with_flatpak();
    let id = bed.own_app();
    let _running = Running::sleeper(&bed, &["--memory-max=64M", "--pids-max=32"], &id);
    let lines = json(&bed.flatrack(["top", "--once", "--json", "--interval=100"]));
    let lines = lines.as_array().unwrap();
    let line = lines.iter().find(|line| line["app"] == *id).unwrap();
    assert_eq!(line["memory_limit_bytes"], 64 << 20);
    assert_eq!(line["tasks_limit"], 32);
    assert!(line["cpu_percent"].as_f64().is_some(), "{line}");
    let table = bed.flatrack(["top", "--once", "--interval=100"]);
    assert!(table.assert_success().contains("64.0M"), "{}", table.stdout);
}

#[test]
fn top_draws_on_terminals_only() {
    let bed = Testbed::new();
    bed.flatrack(["top"])
        .assert_refused(&["terminal", "--once"]);
}

#[test]
fn metrics_are_printed_and_served() {
    needs!(StockFlatpak, MemoryLimit);
    let bed = Testbed::new().with_flatpak();
    let id = bed.own_app();
    let _running = Running::sleeper(&bed, &["--memory-max=64M"], &id);
    let wanted = format!("flatrack_memory_limit_bytes{{app=\"{id}\",");
    let said = bed.flatrack(["metrics"]);
    let text = said.assert_success();
    assert!(text.contains(&wanted) && text.ends_with("# EOF"), "{text}");

    let socket = bed.root().join("metrics.sock");
    let listen = format!("--listen=unix:{}", socket.display());
    // a socket that nobody serves is in nobody's way
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let _server = Running::spawn(bed.flatrack_command(["metrics", &listen]));
    let answer = ask(&socket, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(&wanted),
        "{answer}"
    );
    assert!(ask(&socket, "GET / HTTP/1.1\r\n\r\n").contains(" 404 "));
    assert!(ask(&socket, "\u{1}\r\n\r\n").contains(" 400 "));
    let mode = std::os::unix::fs::PermissionsExt::mode(&socket.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // one that is served is not taken away
    bed.flatrack(["metrics", &listen])
        .assert_refused(&["metrics.sock"]);
}
