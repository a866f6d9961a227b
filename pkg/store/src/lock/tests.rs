use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use super::*;
use crate::testing::{COMMIT, Store, app_id, no_commit};

/// Set in a child: the user installation whose app it is to lock.
const ROLE: &str = "FLATRACK_TEST_LOCK";

/// Not a claim of its own: what the children below do.
#[test]
fn child() {
    let Some(user) = std::env::var_os(ROLE) else {
        return;
    };
    let store = Store::at(Path::new(&user));
    let deploy = store
        .find()
        .app(&app_id(), None, None, no_commit())
        .unwrap();
    let lock = deploy.lock().unwrap().unwrap();
    lock.keep_across_exec().unwrap();
    let error = Command::new("/bin/sh")
        .args(["-c", "echo locked; read line"])
        .exec();
    panic!("exec: {error}");
}

/// Starts a process that locks the app and then becomes a shell, which ends with its input.
fn locked_by_another(store: &Store) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        // one thread, see the note on Linux 5.11
        .args([
            "--exact",
            "lock::tests::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ROLE, store.top())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines
            .map_while(Result::ok)
            .any(|line| line.contains("locked"))
    );
    child
}

fn write_lock(path: &Path) -> Result<(), Errno> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    rustix::fs::fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive)
}

#[test]
fn the_lock_outlives_execve_and_keeps_writers_out_until_the_process_ends() {
    let store = Store::new();
    let dir = store.user_app("master");
    let file = dir.join("files/.ref");
    assert_eq!(write_lock(&file), Ok(()));
    let mut child = locked_by_another(&store);
    assert_eq!(
        fs::read_to_string(format!("/proc/{}/comm", child.id()))
            .unwrap()
            .trim(),
        "sh"
    );
    assert_eq!(write_lock(&file), Err(Errno::AGAIN));
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(write_lock(&file), Ok(()));
}

#[test]
fn two_processes_may_hold_the_lock_at_once() {
    let store = Store::new();
    store.user_app("master");
    let mut child = locked_by_another(&store);
    let deploy = store
        .find()
        .app(&app_id(), None, None, no_commit())
        .unwrap();
    assert!(deploy.lock().unwrap().is_some());
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn a_deploy_without_a_lock_file_cannot_be_locked_and_needs_not_be() {
    let store = Store::new();
    let dir = store.user_app("master");
    fs::remove_file(dir.join("files/.ref")).unwrap();
    let deploy = store
        .find()
        .app(&app_id(), None, None, no_commit())
        .unwrap();
    assert!(deploy.lock().unwrap().is_none());
}

#[test]
fn a_linked_lock_file_is_refused() {
    let store = Store::new();
    let dir = store.user_app("master");
    fs::remove_file(dir.join("files/.ref")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", dir.join("files/.ref")).unwrap();
    let deploy = store
        .find()
        .app(&app_id(), None, None, no_commit())
        .unwrap();
    assert!(matches!(deploy.lock(), Err(Error::Symlink { .. })));
}

#[test]
fn a_deploy_that_was_retired_meanwhile_is_not_locked() {
    let store = Store::new();
    let dir = store.user_app("master");
    let deploy = store
        .find()
        .app(&app_id(), None, None, no_commit())
        .unwrap();
    let removed = store.user().join(".removed");
    fs::create_dir(&removed).unwrap();
    fs::rename(&dir, removed.join(format!("org.example.App-{COMMIT}"))).unwrap();
    assert!(matches!(deploy.lock(), Err(Error::Changing { .. })));
}
