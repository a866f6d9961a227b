//! Whatever happens, nothing stays: no mount, cgroup, file of state or process.

use flatrack_testbed::{HELLO, Leftovers, Testbed, User, needs};

use crate::support::{Running, example};

#[test]
fn a_run_leaves_nothing() {
    needs!(StockFlatpak);
    let bed = Testbed::alone(User::current()).with_flatpak();
    // the first start makes directories that are meant to stay
    bed.flatrack(["run", HELLO]).assert_success();
    let before = Leftovers::snapshot(&bed);
    bed.flatrack(["run", HELLO]).assert_success();
    before.assert_none();
}

#[test]
fn a_run_of_an_ordinary_user_leaves_nothing() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::alone(User::ordinary()).with_flatpak();
    bed.flatrack(["run", HELLO]).assert_success();
    let before = Leftovers::snapshot(&bed);
    bed.flatrack(["run", HELLO]).assert_success();
    before.assert_none();
}

#[test]
fn a_kill_for_memory_leaves_nothing() {
    needs!(MemoryLimit);
    let bed = Testbed::alone(User::current());
    let hog = example("hog/org.flatrack.Hog.yaml");
    let words = ["run".as_ref(), "--memory-max=32M".as_ref(), hog.as_os_str()];
    // the app's AppArmor profile, where there is such, stays for the next start
    bed.flatrack(words).assert_code(137);
    let before = Leftovers::snapshot(&bed);
    bed.flatrack(words).assert_code(137);
    before.assert_none();
}

#[test]
fn a_refusal_leaves_nothing() {
    let bed = Testbed::alone(User::current());
    let dir = bed
        .host_build_dir("org.flatrack.Test.Refused")
        .lines("[X-Resources]\nmemory-max=lots")
        .write();
    let before = Leftovers::snapshot(&bed);
    bed.flatrack(["run".as_ref(), dir.as_os_str()])
        .assert_refused(&["lots"]);
    before.assert_none();
}

#[test]
fn a_missing_command_leaves_nothing() {
    needs!(StockFlatpak);
    let bed = Testbed::alone(User::current()).with_flatpak();
    bed.flatrack(["run", HELLO]).assert_success();
    let before = Leftovers::snapshot(&bed);
    bed.flatrack(["run", "--command=no-such-program", HELLO])
        .assert_code(127);
    before.assert_none();
}

#[test]
fn what_a_killed_flatrack_left_the_next_look_clears_and_leaves_nothing() {
    needs!(StockFlatpak);
    let bed = Testbed::alone(User::current()).with_flatpak();
    bed.flatrack(["run", HELLO]).assert_success();
    let before = Leftovers::snapshot(&bed);
    let running = Running::sleeper(&bed, &[], HELLO);
    running.signal("KILL");
    running.end().assert_code(137);
    bed.flatrack(["ps", "--gc"]).assert_success();
    before.assert_none();
}
