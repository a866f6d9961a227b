//! What a caller may want different for one run.

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::Command;

use flatrack_testbed::{Outcome, Testbed, User, needs};

fn app(bed: &Testbed, lines: &str) -> PathBuf {
    bed.host_build_dir("org.flatrack.Test.Options")
        .lines(lines)
        .write()
}

/// Through a shell, whose redirections make descriptors that are inherited.
#[track_caller]
fn through_shell(bed: &Testbed, redirected: &str, words: &[&str]) -> Outcome {
    let inner = bed.flatrack_command(words);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec {redirected}; exec \"$@\""), "sh"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.env_clear().current_dir(bed.home());
    command.envs(
        inner
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    Outcome::from(command.output().unwrap())
}

#[test]
fn a_sandboxed_run_has_nothing_of_what_the_metadata_grants() {
    needs!(UserNamespaces);
    for bed in [Testbed::new(), Testbed::of(User::ordinary())] {
        bed.write("home/secret", "x");
        let dir = app(
            &bed,
            "[Context]\nfilesystems=home;\nshared=network;\n[Environment]\nA=kept",
        );
        let dir = dir.to_str().unwrap();
        let script = "ls ~; ls /sys/class/net; echo $A; grep sandbox= /.flatpak-info; ls -A /tmp /var/tmp; \
             touch ~/.var 2>&1; echo /var/*";
        let said = bed.flatrack(["run", "--sandbox", "--command=sh", dir, "-c", script]);
        let text = said.assert_success();
        assert!(
            !text.contains("secret") && text.contains("lo\nkept\nsandbox=true"),
            "{text}"
        );
        assert!(text.ends_with("/var/db /var/run /var/tmp"), "{text}");
        // what the command line says comes after the reduction
        let script = "cat ~/secret";
        let words = [
            "run",
            "--sandbox",
            "--filesystem=home",
            "--command=sh",
            dir,
            "-c",
            script,
        ];
        assert_eq!(bed.flatrack(words).assert_success(), "x");
    }
}

#[test]
fn instances_of_a_sandboxed_app_share_nothing() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    let dir = dir.to_str().unwrap();
    let run = |options: &[&str], script: &str| {
        let words = [&["run"], options, &["--command=sh", dir, "-c", script]].concat();
        bed.flatrack(words).assert_success().to_owned()
    };
    run(&[], "echo x >/tmp/left; echo x >$XDG_RUNTIME_DIR/left");
    assert_eq!(run(&[], "cat /tmp/left $XDG_RUNTIME_DIR/left"), "x\nx");
    // the home of a testbed is below /tmp
    let list = "ls -A /tmp | grep -v bed; ls $XDG_RUNTIME_DIR";
    assert_eq!(run(&["--sandbox"], list), ".X11-unix\nflatpak-info");
}

#[test]
fn instances_share_memory_only_where_they_are_allowed_to() {
    // no other test has this app, and no other user is to keep it from its memory
    let bed = Testbed::new();
    let id = format!("org.flatrack.Test.Memory{}", std::process::id());
    let dir = bed.host_build_dir(&id).write();
    let run = |options: &[&str], script: &str| {
        let words = [
            &["run"],
            options,
            &["--command=sh", dir.to_str().unwrap(), "-c", script],
        ]
        .concat();
        bed.flatrack(words)
    };
    let shared = ["--allow=per-app-dev-shm"];
    run(&shared, "echo x >/dev/shm/left").assert_success();
    assert_eq!(run(&shared, "cat /dev/shm/left").assert_success(), "x");
    assert_ne!(run(&[], "cat /dev/shm/left").code, 0);
    assert!(!std::path::Path::new("/dev/shm/left").exists());
    let memory = format!("/dev/shm/flatrack-{}-{id}", bed.user().uid);
    bed.flatrack(["ps", "--gc"]).assert_success();
    assert!(!std::path::Path::new(&memory).exists());
    needs!(Root);
    std::fs::create_dir(&memory).unwrap();
    std::os::unix::fs::chown(&memory, Some(54321), None).unwrap();
    let said = run(&shared, "true");
    bed.flatrack(["ps", "--gc"]).assert_success();
    // somebody else's is neither shared nor removed
    std::fs::remove_dir(&memory).unwrap();
    said.assert_refused(&["another user"]);
}

#[test]
fn an_environment_is_cleared_or_read_from_a_descriptor() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    let dir = dir.to_str().unwrap();
    let script = "echo ${SECRET-unset} ${LANG-unset} ${HOME:+home} $PATH $FLATPAK_ID";
    let words = ["run", "--clear-env", "--command=sh", dir, "-c", script];
    let mut command = bed.flatrack_command(words);
    let said = Outcome::from(command.env("SECRET", "x").output().unwrap());
    let expected = "unset unset home /app/bin:/usr/bin org.flatrack.Test.Options";
    assert_eq!(said.assert_success(), expected);

    let file = bed.write("variables", "A=from file\0B=2\0");
    let redirected = format!("5<{}", file.display());
    let words = [
        "run",
        "--env=A=1",
        "--env-fd=5",
        "--env=B=3",
        "--command=sh",
        dir,
        "-c",
        "echo $A $B",
    ];
    let said = through_shell(&bed, &redirected, &words);
    assert_eq!(said.assert_success(), "from file 3");
    let said = bed.flatrack(["run", "--env-fd=9", dir]);
    said.assert_refused(&["descriptor 9"]);
}

#[test]
fn an_open_directory_is_shown_at_its_own_path() {
    needs!(UserNamespaces);
    for bed in [Testbed::new(), Testbed::of(User::ordinary())] {
        let dir = app(&bed, "");
        let dir = dir.to_str().unwrap();
        let note = bed.write("given/note", "found");
        let given = note.parent().unwrap();
        let redirected = format!("5<{}", given.display());
        let script = "cat $0; echo x >$0";
        let note = note.to_str().unwrap();
        let words = |option| ["run", option, "--command=sh", dir, "-c", script, note];
        let said = through_shell(&bed, &redirected, &words("--ro-bind-fd=5"));
        assert_eq!(said.stdout, "found", "{}", said.stderr);
        assert!(
            said.stderr.contains("Read-only") && said.code != 0,
            "{}",
            said.stderr
        );
        through_shell(&bed, &redirected, &words("--bind-fd=5")).assert_success();
        assert_eq!(std::fs::read_to_string(note).unwrap(), "x\n");
        // one that is gone is at no path, and what stands there now was not handed over
        let redirected = format!("5<{note}; rm {note}; echo other >{note}");
        let said = through_shell(&bed, &redirected, &words("--ro-bind-fd=5"));
        said.assert_refused(&["descriptor 5"]);
    }
}

#[test]
fn other_trees_stand_in_for_the_app_and_the_runtime() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = bed.own_app();
    let file = bed.write("tree/bin/other", "#!/bin/sh\necho other\n");
    let tree = file.ancestors().nth(2).unwrap();
    assert!(
        Command::new("chmod")
            .arg("755")
            .arg(&file)
            .status()
            .unwrap()
            .success()
    );
    let app_path = format!("--app-path={}", tree.display());
    let words = [
        "run",
        &app_path,
        "--command=sh",
        &id,
        "-c",
        "other; ls /run/parent/app/bin",
    ];
    assert_eq!(bed.flatrack(words).assert_success(), "other\nmain");
    let words = [
        "run",
        "--app-path=",
        "--command=sh",
        &id,
        "-c",
        "ls /app; ls /run/parent",
    ];
    assert_eq!(bed.flatrack(words).assert_success(), "app");
    let words = [
        "run",
        "--usr-path=/usr",
        "--command=sh",
        &id,
        "-c",
        "ls /run/parent/usr/bin/sh && test -e /usr/bin/dpkg",
    ];
    assert_eq!(
        bed.flatrack(words).assert_success(),
        "/run/parent/usr/bin/sh"
    );
    let said = bed.flatrack(["run", "--usr-path=/etc/passwd", &id]);
    said.assert_refused(&["not a directory"]);
}

#[test]
fn the_number_of_the_instance_is_told() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    let out = bed.write("number", "");
    let redirected = format!("7>{}", out.display());
    let script = "grep -o 'instance-id=.*' /.flatpak-info; ls /proc/self/fd | wc -l";
    let words = [
        "run",
        "--instance-id-fd=7",
        "--command=sh",
        dir.to_str().unwrap(),
        "-c",
        script,
    ];
    let said = through_shell(&bed, &redirected, &words);
    let number = std::fs::read_to_string(out).unwrap();
    // standard streams, and the one that lists
    assert_eq!(said.assert_success(), format!("instance-id={number}\n4"));
}

#[test]
fn marks_around_files_are_not_for_the_app() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    let dir = dir.to_str().unwrap();
    let shown = bed.write("shown/file", "");
    let shown = shown.to_str().unwrap();
    let option = format!("--filesystem={shown}");
    let words = [
        "run",
        "--file-forwarding",
        &option,
        "--command=echo",
        dir,
        "-x",
        "@@",
        shown,
        "@@",
        "@@u",
        "file:///hidden%20file",
        "@@",
    ];
    let said = bed.flatrack(words);
    assert_eq!(
        said.assert_success(),
        format!("-x {shown} file:///hidden%20file")
    );
    assert!(
        said.stderr.contains("`/hidden file`") && !said.stderr.contains("shown"),
        "{}",
        said.stderr
    );
    let words = ["run", "--command=echo", dir, "@@", "x", "@@"];
    assert_eq!(bed.flatrack(words).assert_success(), "@@ x @@");
}

#[test]
fn a_connection_of_the_caller_is_inherited_and_nothing_else_is() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let script = "echo $WAYLAND_SOCKET; ls /proc/self/fd | wc -l; echo hello >&$WAYLAND_SOCKET";
    let options = ["--socket=wayland", "--socket=inherit-wayland-socket"];
    let words = [
        &["run"],
        &options[..],
        &["--command=sh", dir.to_str().unwrap(), "-c", script],
    ]
    .concat();
    let inner = bed.flatrack_command(&words);
    let mut command = bed.command("sh", ["-c", "exec \"$@\" 8<&0 0</dev/null", "sh"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.env("WAYLAND_SOCKET", "8");
    command.stdin(OwnedFd::from(theirs));
    let said = Outcome::from(command.output().unwrap());
    drop(command);
    assert_eq!(said.assert_success(), "8\n5");
    let text = std::io::read_to_string(ours).unwrap();
    assert_eq!(text, "hello\n");
    // a number that is not open, and a file
    let mut command = bed.flatrack_command(&words);
    let said = Outcome::from(command.env("WAYLAND_SOCKET", "8").output().unwrap());
    said.assert_refused(&["descriptor 8"]);
}

#[test]
fn what_only_a_portal_has_a_use_for_is_refused() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    for option in [
        "--parent-pid=1",
        "--parent-expose-pids",
        "--parent-share-pids",
    ] {
        let said = bed.flatrack(["run", option, dir.to_str().unwrap()]);
        said.assert_refused(&[option.split('=').next().unwrap(), "not supported"]);
    }
}
