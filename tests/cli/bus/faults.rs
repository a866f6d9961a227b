//! Buses that hang or are dead, and a proxy that is missing, hangs or ends: clear, in bounded time, and nothing is left.

use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_testbed::{Bus, Leftovers, Outcome, Testbed, User, needs};

use super::inside;

const NAMED: &str = "[Session Bus Policy]\norg.flatrack.test.Talk=talk";

/// Runs `true` in the app, with a bus at `socket`.
#[track_caller]
fn run(bed: &Testbed, socket: &Path, options: &[&str], dir: &Path) -> Outcome {
    let mut words = vec!["run"];
    words.extend(options);
    words.extend(["--command=true", dir.to_str().unwrap()]);
    let mut command = bed.flatrack_command(words);
    command.env(
        "DBUS_SESSION_BUS_ADDRESS",
        format!("unix:path={}", socket.display()),
    );
    command.output().unwrap().into()
}

#[test]
fn a_bus_that_hangs_is_refused_and_leaves_nothing() {
    let bed = Testbed::alone(User::current());
    let dir = bed.host_build_dir("org.flatrack.Test.Hang").write();
    let socket = bed.runtime_dir().join("hangs");
    // somebody listens and nobody answers
    let _listener = UnixListener::bind(&socket).unwrap();
    let before = Leftovers::snapshot(&bed);
    let refused = run(&bed, &socket, &[], &dir);
    refused.assert_refused(&[
        "session bus",
        "hangs",
        "does not answer",
        "--no-session-bus",
    ]);
    let without = ["--no-session-bus", "--no-a11y-bus", "--no-documents-portal"];
    run(&bed, &socket, &without, &dir).assert_success();
    before.assert_none();
}

#[test]
fn a_portal_that_hangs_costs_its_files_only() {
    needs!(Bus);
    let bed = Testbed::new();
    let mut bus = Bus::start(&bed, "bus");
    bus.black_hole("org.freedesktop.portal.Documents");
    bus.echo("org.flatrack.test.Talk");
    let dir = bed
        .host_build_dir("org.flatrack.Test.HungPortal")
        .lines(NAMED)
        .write();
    let said = inside(&bus, &[], &dir, &super::call("org.flatrack.test.Talk"));
    assert!(said.assert_success().starts_with("method return"));
    let warning = "warning: the document portal cannot be used: it does not answer\n";
    assert_eq!(said.stderr, warning);
}

#[test]
fn an_address_that_is_no_socket_of_this_machine_is_not_followed() {
    let bed = Testbed::new();
    let dir = bed.host_build_dir("org.flatrack.Test.NoSocket").write();
    let mark = bed.temp_dir().join("mark");
    let address = format!("unixexec:path=/bin/touch,argv1={}", mark.display());
    let mut command = bed.flatrack_command(["run", "--command=true", dir.to_str().unwrap()]);
    command.env("DBUS_SESSION_BUS_ADDRESS", address);
    let said = Outcome::from(command.output().unwrap());
    said.assert_success();
    assert!(said.stderr.contains("names no socket"), "{said:?}");
    assert!(!mark.exists());
}

#[test]
fn a_dead_bus_refuses_only_those_who_ask_for_it() {
    let bed = Testbed::new();
    let socket = bed.runtime_dir().join("dead");
    drop(UnixListener::bind(&socket).unwrap());
    let plain = bed.host_build_dir("org.flatrack.Test.Dead").write();
    let outcome = run(&bed, &socket, &[], &plain);
    outcome.assert_success();
    assert!(
        outcome.stderr.starts_with("warning: the session bus"),
        "{outcome:?}"
    );
    let asks = bed
        .host_build_dir("org.flatrack.Test.Deader")
        .lines(NAMED)
        .write();
    run(&bed, &socket, &[], &asks).assert_refused(&["session bus", "dead"]);
}

#[test]
fn without_a_bus_an_app_that_asks_for_one_runs_without() {
    let bed = Testbed::new();
    let asks = bed
        .host_build_dir("org.flatrack.Test.NoBus")
        .lines(NAMED)
        .write();
    let outcome = bed.flatrack(["run".as_ref(), "--command=true".as_ref(), asks.as_os_str()]);
    outcome.assert_success();
    assert_eq!(outcome.stderr, "");
}

/// `flatrack` where the proxy's program is `instead`, seen in a mount namespace of its own.
#[track_caller]
fn with_proxy(bed: &Testbed, bus: &Bus<'_>, instead: &Path, dir: &Path) -> Outcome {
    let inner = bus.flatrack_command(["run", "--command=true", dir.to_str().unwrap()]);
    let mut command: Command = bus.command("unshare", ["-m", "--propagation=private", "sh", "-c"]);
    let proxy = "/usr/bin/xdg-dbus-proxy";
    command.arg(format!(
        "mount --bind '{}' {proxy} && exec \"$@\"",
        instead.display()
    ));
    command
        .arg("sh")
        .arg(inner.get_program())
        .args(inner.get_args());
    let _unused = bed;
    command.output().unwrap().into()
}

fn script(bed: &Testbed, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = bed.write(name, text);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_proxy_that_never_listens_is_refused_and_leaves_nothing() {
    needs!(Root, Bus);
    let bed = Testbed::alone(User::current());
    let bus = Bus::start(&bed, "bus");
    let dir = bed
        .host_build_dir("org.flatrack.Test.Mute")
        .lines(NAMED)
        .write();
    let mute = script(&bed, "mute", "#!/bin/sh\nexec sleep 600\n");
    let before = Leftovers::snapshot(&bed);
    with_proxy(&bed, &bus, &mute, &dir).assert_refused(&["no bus", "hint: "]);
    before.assert_none();
}

#[test]
fn a_proxy_that_ends_is_refused_and_leaves_nothing() {
    needs!(Root, Bus);
    let bed = Testbed::alone(User::current());
    let bus = Bus::start(&bed, "bus");
    let dir = bed
        .host_build_dir("org.flatrack.Test.Short")
        .lines(NAMED)
        .write();
    let short = script(&bed, "short", "#!/bin/sh\nexit 3\n");
    let before = Leftovers::snapshot(&bed);
    with_proxy(&bed, &bus, &short, &dir).assert_refused(&["no bus", "ended before it listened"]);
    before.assert_none();
}

#[test]
fn without_a_proxy_an_app_that_asks_for_names_is_refused() {
    needs!(Root, Bus);
    let bed = Testbed::new();
    let bus = Bus::start(&bed, "bus");
    let asks = bed
        .host_build_dir("org.flatrack.Test.Unproxied")
        .lines(NAMED)
        .write();
    // a device in the program's place: it is no file that could be executed
    let refused = with_proxy(&bed, &bus, Path::new("/dev/null"), &asks);
    refused.assert_refused(&["`xdg-dbus-proxy` is not installed", "hint: install"]);
    let plain = bed.host_build_dir("org.flatrack.Test.Plain").write();
    inside(&bus, &[], &plain, "true").assert_success();
}
