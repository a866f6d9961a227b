//! `flatrack exec`: a further command in a running app, behind the same walls.

use flatrack_testbed::{Testbed, User, needs};

use crate::support::Running;

/// What a shell line prints in the running app.
#[track_caller]
fn inside(bed: &Testbed, id: &str, line: &str) -> String {
    bed.flatrack(["exec", id, "sh", "-c", line])
        .assert_success()
        .to_owned()
}

#[test]
fn it_has_the_same_filter_privileges_and_capabilities() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let _running = Running::sleeper(&bed, &[], id);
    let line = "grep -E '^(Cap...|NoNewPrivs|Seccomp):' /proc/$P/status";
    let own = inside(&bed, id, &line.replace("$P", "self"));
    assert_eq!(own, inside(&bed, id, &line.replace("$P", "2")));
    assert!(own.contains("Seccomp:\t2"), "{own}");
}

#[test]
fn an_app_that_gets_hold_of_the_program_that_enters_it_cannot_write_to_it() {
    needs!(Root);
    let bed = Testbed::new();
    let id = "org.flatrack.Test.Entered";
    let dir = bed.host_build_dir(id).write();
    let _running = Running::sleeper(&bed, &[], dir.to_str().unwrap());
    let entered =
        Running::start(bed.flatrack_command(["exec", id, "sh", "-c", "echo up; sleep 60"]));
    let program = format!("/proc/{}/exe", entered.pid());
    let flags = rustix::fs::statvfs(program).unwrap().f_flag;
    assert!(flags.contains(rustix::fs::StatVfsMountFlags::RDONLY));
}

#[test]
fn it_is_in_every_namespace_of_the_app() {
    needs!(StockFlatpak, UserNamespaces);
    for user in [User::current(), User::ordinary()] {
        let bed = Testbed::of(user).with_flatpak();
        let id = &bed.own_app();
        // the app tells its own: Landlock keeps a further process from looking into the app's
        let line = "for n in cgroup ipc mnt net pid user uts; do readlink /proc/self/ns/$n; done";
        let app = format!("{line}; echo up; exec sleep 60");
        let running = Running::spawn(bed.flatrack_command(["run", "--command=sh", id, "-c", &app]));
        let told: Vec<String> = (0..7).map(|_| running.line()).collect();
        running.until(|line| line == "up");
        assert_eq!(inside(&bed, id, line), told.join("\n"));
    }
}

#[test]
fn it_is_in_the_cgroup_of_the_app() {
    needs!(StockFlatpak, PidsLimit);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let _running = Running::sleeper(&bed, &["--pids-max=16"], id);
    assert_eq!(
        inside(&bed, id, "cat /proc/self/cgroup"),
        inside(&bed, id, "cat /proc/2/cgroup")
    );
}

#[test]
fn its_exit_code_is_passed_on() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    let _running = Running::sleeper(&bed, &[], id);
    bed.flatrack(["exec", id, "sh", "-c", "exit 9"])
        .assert_code(9);
    bed.flatrack(["exec", id, "no-such-program"])
        .assert_code(127);
}

#[test]
fn an_app_that_does_not_run_is_125() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = &bed.own_app();
    bed.flatrack(["exec", id, "true"]).assert_refused(&[id]);
}
