//! The two programs that stay in memory, run for real.

#![allow(
    unsafe_code,
    clippy::unwrap_used,
    reason = "a test's helpers fail like the test; one of them makes a subreaper"
)]

use std::ffi::OsStr;
use std::io::{BufRead, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use flatrack_sys::process::{pidfd_open, pidfd_send_signal};
use flatrack_sys::rustix::process::Pid;
use flatrack_sys::tiny::{INIT, LastWords, Removal, WAITER, WaiterArgs};

/// Writes a program where it can be executed.
fn program(directory: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.join(name);
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(bytes).unwrap();
    file.set_permissions(PermissionsExt::from_mode(0o755))
        .unwrap();
    path
}

fn init(arguments: &[&[u8]]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let init = program(directory.path(), "init", INIT);
    Command::new(init)
        .args(arguments.iter().map(|text| OsStr::from_bytes(text)))
        .output()
        .unwrap()
}

fn until(done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(10), "waited in vain");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn children(pid: u32) -> Vec<u32> {
    let text =
        std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}

#[test]
fn both_are_a_few_kib() {
    assert!(
        INIT.len() < 8192 && WAITER.len() < 8192,
        "{} {}",
        INIT.len(),
        WAITER.len()
    );
}

#[test]
fn init_ends_with_the_code_of_the_app() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("exit 255", 255),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ] {
        assert_eq!(
            init(&[b"--", b"sh", b"-c", script.as_bytes()])
                .status
                .code(),
            Some(code),
            "{script}"
        );
    }
}

#[test]
fn init_says_why_it_cannot_execute() {
    let directory = tempfile::tempdir().unwrap();
    let plain = directory.path().join("plain");
    std::fs::write(&plain, "x").unwrap();
    let plain = plain.to_str().unwrap();
    for (command, code, why) in [
        (
            "no-such-command",
            127,
            "`no-such-command`: not found".to_owned(),
        ),
        (
            "/no/such/path",
            127,
            "`/no/such/path`: not found".to_owned(),
        ),
        ("", 127, "``: not found".to_owned()),
        ("/etc", 126, "`/etc`: permission denied".to_owned()),
        (plain, 126, format!("`{plain}`: permission denied")),
        (
            "a\x1b[31m`b",
            127,
            "`a\\x1b[31m\\x60b`: not found".to_owned(),
        ),
    ] {
        let output = init(&[command.as_bytes()]);
        assert_eq!(output.status.code(), Some(code), "{command}");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            format!("flatrack: cannot execute {why}\n")
        );
    }
    assert_eq!(init(&[]).status.code(), Some(125));
    assert_eq!(init(&[&[b'x'; 5000]]).status.code(), Some(127));
}

/// The kernel forgets the signal for the parent's end at an execve that changes the label, which only a kernel with such can show;
/// here it was never asked for.
#[test]
fn init_starts_nothing_before_it_may_and_ends_with_its_parent() {
    let directory = tempfile::tempdir().unwrap();
    let init = program(directory.path(), "init", INIT);
    let init = init.display();
    // a parent that ended before gives nothing but the end of the pipe
    let script = format!("{init} -w3 -- echo started 3</dev/null; echo $?");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.stdout, b"125\n");
    // with a byte it starts, and the descriptor is gone
    let script =
        format!("echo | {init} -w3 -- sh -c 'ls /proc/self/fd/3 2>/dev/null || echo started' 3<&0");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.stdout, b"started\n");
    // and it ends when the shell does that started it
    let script = format!("exec 3<&0; {init} -w3 -- sleep 60 & echo $!; wait");
    let mut parent = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = parent.stdout.take().unwrap();
    BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
    let child: u32 = line.trim().parse().unwrap();
    parent.stdin.take().unwrap().write_all(b".").unwrap();
    until(|| !children(child).is_empty());
    let app = children(child)[0];
    parent.kill().unwrap();
    parent.wait().unwrap();
    until(|| !std::path::Path::new(&format!("/proc/{child}")).exists());
    drop(Command::new("kill").arg(app.to_string()).status());
}

#[test]
fn init_searches_the_path_of_its_environment() {
    let directory = tempfile::tempdir().unwrap();
    let init = program(directory.path(), "init", INIT);
    let run = |path: Option<&str>, command: &str| {
        let mut run = Command::new(&init);
        run.arg(command)
            .env_clear()
            .current_dir("/bin")
            .stderr(Stdio::null());
        if let Some(path) = path {
            run.env("PATH", path);
        }
        run.status().unwrap().code()
    };
    let long = format!("/{}:/bin", "x".repeat(5000));
    for (path, command, code) in [
        (Some("/nowhere:/etc/passwd:/bin"), "true", 0),
        (Some("/nowhere"), "true", 127),
        (Some(":/nowhere"), "true", 0),
        (Some("/nowhere:"), "true", 0),
        (Some(long.as_str()), "true", 0),
        (None, "true", 0),
        // A directory of that name is denied, and the search goes on.
        (Some("/:/bin"), "etc", 126),
    ] {
        assert_eq!(run(path, command), Some(code), "{path:?} {command}");
    }
}

#[test]
fn init_gives_the_app_no_blocked_or_ignored_signal() {
    // Rust ignores SIGPIPE; the command inherits that from this process by way of init unless it is undone.
    let output = init(&[b"grep", b"-E", b"^Sig(Blk|Ign)", b"/proc/self/status"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        text,
        "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"
    );
}

#[test]
fn init_forwards_signals_and_reaps_orphans_as_process_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = program(directory.path(), "init", INIT);
    let script =
        "trap 'exit 9' USR1; (sleep 0.01 &); (true &); echo ready; while :; do sleep 0.01; done";
    // A subreaper stands in for process 1 where the test may not make a pid namespace.
    let mut command = Command::new(path);
    command.args(["sh", "-c", script]).stdout(Stdio::piped());
    // SAFETY: one system call, which is safe after a fork.
    unsafe { command.pre_exec(flatrack_sys::process::become_subreaper) };
    let mut child = command.spawn().unwrap();
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut [0; 6]).unwrap();
    until(|| children(child.id()).len() == 1);
    let pidfd = pidfd_open(Pid::from_raw(child.id() as i32).unwrap()).unwrap();
    pidfd_send_signal(pidfd, 10).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(9));
}

/// A waiter as a child of this process; it waits for a command that is its own child, as after the re-exec.
fn waiter(directory: &Path, script: &str, removals: Vec<Removal>, finish: &Path) -> Child {
    waiter_with_words(directory, script, None, removals, finish)
}

fn waiter_with_words(
    directory: &Path,
    script: &str,
    last_words: Option<LastWords>,
    removals: Vec<Removal>,
    finish: &Path,
) -> Child {
    let path = program(directory, "waiter", WAITER);
    // The shell starts the command, opens nothing, and turns into the waiter; the pidfd comes from a helper of Python.
    let child_script = "import os,sys\n\
        pid=os.fork()\n\
        if pid==0:\n os.execvp('sh',['sh','-c',sys.argv[1]])\n\
        fd=os.pidfd_open(pid); os.set_inheritable(fd,True)\n\
        args=[a.replace('p:3','p:%d'%fd) for a in sys.argv[3:]]\n\
        os.execv(sys.argv[2],args)\n";
    let stand_in = std::fs::File::open("/dev/null").unwrap();
    let arguments = WaiterArgs {
        name: OsStr::new("flatrack-test"),
        pidfd: stand_in.as_fd(),
        helpers: Vec::new(),
        keep: Vec::new(),
        last_words,
        removals,
        finish,
        finish_arguments: vec![OsStr::new("finish"), OsStr::new("--id=x")],
    };
    let number = format!("p:{}", stand_in.as_raw_fd());
    let rendered = arguments.render().unwrap();
    let rendered = rendered.iter().map(|text| {
        let text = text.to_str().unwrap();
        if text == number {
            "p:3".to_owned()
        } else {
            text.to_owned()
        }
    });
    let mut command = Command::new("python3");
    command
        .args(["-c", child_script, script])
        .arg(&path)
        .args(rendered)
        .stdout(Stdio::piped());
    command.spawn().unwrap()
}

/// Ends a process group that a failed test would leave behind.
struct Guard(u32);

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for pid in children(self.0).into_iter().chain([self.0]) {
                if let Ok(pidfd) = pidfd_open(Pid::from_raw(pid as i32).unwrap()) {
                    pidfd_send_signal(pidfd, 9).ok();
                }
            }
        }
    }
}

fn finisher(directory: &Path) -> PathBuf {
    program(
        directory,
        "finish",
        b"#!/bin/sh\necho finish \"$@\"\nexit 42\n",
    )
}

#[test]
fn waiter_ends_with_the_code_and_removes_in_order() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 9", 9),
        ("kill -TERM $$", 143),
        ("sleep 0.05; exit 3", 3),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("state");
        std::fs::create_dir(&state).unwrap();
        std::fs::write(state.join("file"), "").unwrap();
        let removals = vec![
            Removal::File(state.join("gone")),
            Removal::File(state.join("file")),
            Removal::Directory(state.clone()),
            Removal::Directory(directory.path().join("gone")),
        ];
        let mut child = waiter(directory.path(), script, removals, Path::new("/bin/false"));
        assert_eq!(child.wait().unwrap().code(), Some(code), "{script}");
        assert!(!state.exists());
    }
}

#[test]
fn waiter_does_not_lose_a_fast_exit() {
    let directory = tempfile::tempdir().unwrap();
    for _ in 0..30 {
        let mut child = waiter(
            directory.path(),
            "exit 5",
            Vec::new(),
            Path::new("/bin/false"),
        );
        assert_eq!(child.wait().unwrap().code(), Some(5));
    }
}

#[test]
fn waiter_leaves_a_kill_and_a_failed_removal_to_the_full_program() {
    let directory = tempfile::tempdir().unwrap();
    let finish = finisher(directory.path());
    let full = directory.path().join("full");
    std::fs::create_dir_all(full.join("x")).unwrap();
    let stay = directory.path().join("stay");
    std::fs::write(&stay, "").unwrap();
    for (script, removal, status) in [
        ("kill -KILL $$", Removal::File(stay.clone()), "137"),
        ("exit 137", Removal::File(stay.clone()), "137"),
        ("exit 7", Removal::Directory(full), "7"),
    ] {
        let child = waiter(directory.path(), script, vec![removal], &finish);
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            format!("finish finish --id=x {status}\n")
        );
        assert_eq!(output.status.code(), Some(42));
    }
    assert!(
        stay.exists(),
        "a killed app's facts are read before anything is removed"
    );
}

#[test]
fn waiter_forwards_signals() {
    let directory = tempfile::tempdir().unwrap();
    let script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.01; done";
    let mut child = waiter(
        directory.path(),
        script,
        Vec::new(),
        Path::new("/bin/false"),
    );
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut [0; 6]).unwrap();
    let pid = child.id();
    let _guard = Guard(pid);
    let name = || std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap();
    until(|| name() == "flatrack-test\n");
    let pidfd = pidfd_open(Pid::from_raw(pid as i32).unwrap()).unwrap();
    pidfd_send_signal(&pidfd, 15).unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), status.signal()), (Some(9), None));
}

#[test]
fn waiter_ends_helpers_before_it_removes() {
    let directory = tempfile::tempdir().unwrap();
    let path = program(directory.path(), "waiter", WAITER);
    let (mark, number) = (
        directory.path().join("mark"),
        directory.path().join("number"),
    );
    std::fs::write(&mark, "").unwrap();
    // the app, and a helper that would outlive it
    let script = "import os,sys\n\
        app=os.fork()\n\
        if app==0: os.execvp('sh',['sh','-c','exit 3'])\n\
        helper=os.fork()\n\
        if helper==0: os.execvp('sleep',['sleep','60'])\n\
        open(sys.argv[3],'w').write(str(helper))\n\
        fds=[os.pidfd_open(p) for p in (app,helper)]\n\
        [os.set_inheritable(fd,True) for fd in fds]\n\
        os.execv(sys.argv[1],['flatrack-test','p:%d'%fds[0],'k:%d'%fds[1],'u:'+sys.argv[2],'f:/bin/false'])\n";
    let mut child = Command::new("python3")
        .args(["-c", script])
        .args([&path, &mark, &number])
        .spawn()
        .unwrap();
    let _guard = Guard(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert!(!mark.exists());
    let helper = std::fs::read_to_string(number).unwrap();
    assert!(
        !Path::new("/proc").join(helper).exists(),
        "the helper outlives the waiter, or was not reaped"
    );
}

#[test]
fn waiter_has_last_words_for_who_listens_and_only_then() {
    for listens in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        // more than the waiter reads at once
        let long = "low 0\n".repeat(200);
        std::fs::write(at("counters"), &long).unwrap();
        std::fs::write(at("more"), "max 3\n").unwrap();
        let words = LastWords {
            listener: at("listener"),
            lines: vec!["app a".to_owned()],
            files: vec![at("counters"), at("gone"), at("more")],
        };
        if listens {
            std::fs::write(at("listener"), "").unwrap();
        }
        // told before anything is removed
        let removals = vec![Removal::File(at("counters"))];
        let finish = finisher(directory.path());
        let place = directory.path();
        let mut child = waiter_with_words(place, "exit 7", Some(words.clone()), removals, &finish);
        assert_eq!(child.wait().unwrap().code(), Some(7));
        assert!(!at("counters").exists());
        let (counters, more) = (at("counters"), at("more"));
        let expected = listens.then(|| {
            let (counters, more) = (counters.display(), more.display());
            format!("exit 7\napp a\n={counters}\n{long}={more}\nmax 3\n")
        });
        assert_eq!(std::fs::read_to_string(at("listener")).ok(), expected);
        // who waits by itself says the same
        std::fs::write(&counters, &long).unwrap();
        if listens {
            std::fs::write(at("listener"), "").unwrap();
        }
        words.say(7).unwrap();
        assert_eq!(std::fs::read_to_string(at("listener")).ok(), expected);
    }
}

#[test]
fn waiter_arguments_are_checked() {
    let null = std::fs::File::open("/dev/null").unwrap();
    let many = vec![OsStr::new("x"); 61];
    let arguments = |finish_arguments| WaiterArgs {
        name: OsStr::new("n"),
        pidfd: null.as_fd(),
        helpers: Vec::new(),
        keep: Vec::new(),
        last_words: None,
        removals: vec![Removal::File("/a\0b".into())],
        finish: Path::new("/f"),
        finish_arguments,
    };
    assert!(arguments(many).render().is_err());
    assert!(arguments(Vec::new()).render().is_err());
}
