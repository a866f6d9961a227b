//! Exit codes: the app's own, 128 + signal, and 125 to 127 for what is not the app's.

use flatrack_testbed::{HELLO, Testbed, needs};

use crate::support::Running;

#[test]
fn the_apps_own_code_is_passed_on() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.flatrack(["run", "--command=sh", HELLO, "-c", "exit 42"])
        .assert_code(42);
}

#[test]
fn a_signal_is_128_and_its_number() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.flatrack(["run", "--command=sh", HELLO, "-c", "kill -KILL $$"])
        .assert_code(137);
    bed.flatrack(["run", "--command=sh", HELLO, "-c", "kill -SEGV $$"])
        .assert_code(139);
}

#[test]
fn a_forwarded_signal_reaches_the_app() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let line = "trap 'echo caught; exit 3' TERM; echo up; while :; do sleep 0.1; done";
    let running = Running::start(bed.flatrack_command(["run", "--command=sh", HELLO, "-c", line]));
    running.signal("TERM");
    assert_eq!(running.line(), "caught");
    running.end().assert_code(3);
}

#[test]
fn an_unknown_app_is_125_and_named() {
    let bed = Testbed::new();
    bed.flatrack(["run", "org.flatrack.Test.Nowhere"])
        .assert_refused(&["org.flatrack.Test.Nowhere"]);
}

#[test]
fn a_command_that_does_not_exist_is_127() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let said = bed.flatrack(["run", "--command=no-such-program", HELLO]);
    said.assert_code(127);
    assert!(said.stderr.contains("no-such-program"), "{}", said.stderr);
}

#[test]
fn a_command_that_cannot_be_executed_is_126() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.flatrack(["run", "--command=/usr/etc/passwd", HELLO])
        .assert_code(126);
}

#[test]
fn an_unknown_option_is_125_and_shows_the_way_to_help() {
    let bed = Testbed::new();
    bed.flatrack(["run", "--no-such-option", "x"])
        .assert_refused(&["--no-such-option", "--help"]);
}
