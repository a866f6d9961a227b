//! An ordinary user to whom root has given a cgroup of version 2: limits hold there as they do for root.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_testbed::{Limit, Outcome, Testbed, User, needs};

use crate::support::{Running, json};

const MIB: u64 = 1 << 20;
const ID: &str = "org.flatrack.Test.Delegated";

/// A cgroup that is the user's, and in it one for the user's processes, as a login has them.
struct Delegated(PathBuf);

impl Delegated {
    fn new(name: &str, user: User) -> Self {
        let dir =
            Path::new("/sys/fs/cgroup").join(format!("delegated-{name}-{}", std::process::id()));
        for dir in [dir.clone(), dir.join("login")] {
            fs::create_dir(&dir).unwrap();
            chown(&dir, Some(user.uid), Some(user.gid)).unwrap();
            for file in ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"] {
                chown(dir.join(file), Some(user.uid), Some(user.gid)).unwrap();
            }
        }
        Self(dir)
    }

    /// The same command, begun among the user's processes.
    fn command(&self, command: &Command) -> Command {
        let mut within = Command::new("/bin/sh");
        within
            .args(["-c", "echo $$ >\"$0\" && exec \"$@\""])
            .arg(self.0.join("login/cgroup.procs"))
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .stdin(std::process::Stdio::null());
        for (name, value) in command.get_envs() {
            within.env(name, value.unwrap_or_default());
        }
        if let Some(dir) = command.get_current_dir() {
            within.current_dir(dir);
        }
        within
    }

    fn flatrack(&self, bed: &Testbed, args: &[&str]) -> Outcome {
        let output = self.command(&bed.flatrack_command(args)).output();
        output.unwrap().into()
    }

    /// Those that flatrack has made beside the user's processes.
    fn made(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().flatten();
        let dirs = entries.filter(|entry| entry.path().is_dir());
        let mut names: Vec<String> = dirs
            .map(|entry| entry.file_name().into_string().unwrap())
            .filter(|name| name != "login")
            .collect();
        names.sort();
        names
    }
}

impl Drop for Delegated {
    fn drop(&mut self) {
        // what the user's processes leave is the kernel's for a moment more
        for _ in 0..200 {
            let _gone = fs::remove_dir(self.0.join("login")).is_ok();
            if fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

fn app(bed: &Testbed, script: &str) -> String {
    let dir = bed.host_build_dir(ID).script(script).write();
    dir.display().to_string()
}

#[test]
fn a_user_is_held_to_all_limits_at_once() {
    needs!(Root, UserNamespaces, Cgroup2);
    let bed = Testbed::of(User::ordinary());
    let given = Delegated::new("held", bed.user());
    // a process with the marker is there from the first word on: one that is just executing another program has no arguments
    let app = app(&bed, "exec sh -c 'echo up; sleep $0; echo end' 60.41");
    let args = [
        "run",
        "--memory-max=64M",
        "--cpu-max=50%",
        "--pids-max=32",
        &app,
    ];
    let running = Running::start(given.command(&bed.flatrack_command(args)));
    assert_eq!(Limit::Memory.of("60.41"), Some(64 * MIB));
    assert_eq!(Limit::CpuQuota.of("60.41"), Some(50_000));
    assert_eq!(Limit::Pids.of("60.41"), Some(32));
    assert_eq!(given.made().len(), 1, "beside the user's processes");
    // live: other limits, what it uses, a further command in the same cgroup
    given
        .flatrack(&bed, &["update", ID, "--memory-max=96M"])
        .assert_success();
    assert_eq!(Limit::Memory.of("60.41"), Some(96 * MIB));
    let stats = json(&given.flatrack(&bed, &["stats", "--json", ID])).to_string();
    assert!(stats.contains(&(96 * MIB).to_string()), "{stats}");
    let shown = given.flatrack(&bed, &["doctor", "--json"]);
    assert!(
        !shown.stdout.contains("may not make cgroups"),
        "{}",
        shown.stdout
    );
    let listed = given.flatrack(&bed, &["ps"]);
    assert!(listed.assert_success().contains(ID));
    let inside = ["self", "1"].map(|process| {
        let file = format!("/proc/{process}/cgroup");
        let said = given.flatrack(&bed, &["exec", ID, "cat", &file]);
        said.assert_success().to_owned()
    });
    assert_eq!(inside[0], inside[1]);
    given.flatrack(&bed, &["stop", ID]).assert_success();
    assert_ne!(running.end().code, 0);
    assert_eq!(given.made(), [""; 0], "nothing is left");
}

#[test]
fn a_users_memory_hog_is_killed_with_a_message_and_137() {
    needs!(Root, UserNamespaces, Cgroup2);
    let bed = Testbed::of(User::ordinary());
    let given = Delegated::new("hog", bed.user());
    let app = app(&bed, "exec dd if=/dev/zero of=/dev/null bs=256M count=1");
    let said = given.flatrack(&bed, &["run", "--memory-max=64M", &app]);
    said.assert_code(137);
    assert!(said.stderr.contains("64M"), "{}", said.stderr);
    assert_eq!(given.made(), [""; 0], "nothing is left");
}

#[test]
fn a_user_does_not_leave_what_was_not_given() {
    needs!(Root, UserNamespaces, Cgroup2);
    let bed = Testbed::of(User::ordinary());
    let given = Delegated::new("kept", bed.user());
    // only the inner one is the user's, and the user's processes are in it
    for name in [
        "",
        "cgroup.procs",
        "cgroup.subtree_control",
        "cgroup.threads",
    ] {
        chown(given.0.join(name), Some(0), Some(0)).unwrap();
    }
    let app = app(&bed, "echo up");
    let said = given.flatrack(&bed, &["run", "--pids-max=64", &app]);
    said.assert_refused(&["pids", "hint:"]);
    assert_eq!(given.made(), [""; 0]);
}
