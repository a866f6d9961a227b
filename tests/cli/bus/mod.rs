//! Buses and portals. The bus, the proxy, the portal and its store are Debian's own; the services are the test's.

mod faults;
mod names;
mod portal;
mod walls;

use std::path::Path;
use std::time::{Duration, Instant};

use flatrack_testbed::{Bus, Outcome};

/// Asks the bus for the owner of a name, which it tells of names that are seen.
const OWNER: &str = "dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner string:";

/// Runs a shell line in the app at `dir`.
#[track_caller]
fn inside(bus: &Bus<'_>, options: &[&str], dir: &Path, line: &str) -> Outcome {
    let mut words = vec!["run"];
    words.extend(options);
    let dir = dir.to_str().unwrap();
    words.extend(["--command=sh", dir, "-c", line]);
    bus.flatrack(words)
}

/// A call of a method that every object of the echo has.
fn call(name: &str) -> String {
    format!("dbus-send --session --print-reply --reply-timeout=5000 --dest={name} /x org.x.Y.Z")
}

/// Proxies whose root says that they are this app's, by pid.
fn proxies(id: &str) -> Vec<u32> {
    let name = format!("name={id}\n");
    let pids = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let pid: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let comm = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        let info = std::fs::read_to_string(format!("/proc/{pid}/root/.flatpak-info")).ok()?;
        (comm == "xdg-dbus-proxy\n" && info.contains(&name)).then_some(pid)
    });
    pids.collect()
}

#[track_caller]
fn until(problem: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < end, "{problem}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
