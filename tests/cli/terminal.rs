//! Terminals: an app under `-t` has one of its own, an app in a pipe has none.

use std::process::Stdio;

use flatrack_testbed::{HELLO, Testbed, needs};

use crate::support::Running;

/// Runs flatrack with a terminal around it, made by `script`.
#[track_caller]
fn in_terminal(bed: &Testbed, words: &[&str]) -> String {
    let command = bed.flatrack_command(words);
    assert_eq!(
        bed.user(),
        flatrack_testbed::User::current(),
        "the command line is taken without its user"
    );
    let quoted = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect::<Vec<_>>()
        .join(" ");
    let said = bed.run(
        "script",
        ["--quiet", "--return", "--command", &quoted, "/dev/null"],
    );
    said.assert_success().replace('\r', "")
}

#[test]
fn with_the_option_the_app_has_a_terminal() {
    needs!(StockFlatpak, Script);
    let bed = Testbed::new().with_flatpak();
    let said = in_terminal(
        &bed,
        &[
            "run",
            "-t",
            "--command=sh",
            HELLO,
            "-c",
            "tty; test -t 0 && echo yes",
        ],
    );
    assert!(said.contains("/dev/") && said.ends_with("yes"), "{said}");
}

#[test]
fn the_size_of_the_window_is_the_callers() {
    needs!(StockFlatpak, Script);
    let bed = Testbed::new().with_flatpak();
    let line = "stty cols 77 rows 11; exec \"$0\" run -t --command=stty \"$1\" size";
    let flatrack = bed.flatrack_command(Vec::<&str>::new());
    let command = format!(
        "sh -c '{line}' '{}' {HELLO}",
        flatrack.get_program().to_str().unwrap()
    );
    let said = bed.run(
        "script",
        ["--quiet", "--return", "--command", &command, "/dev/null"],
    );
    assert!(said.assert_success().contains("11 77"), "{}", said.stdout);
}

/// As `docker run -t` does: a service manager's TERM is a request, not an end.
#[test]
fn an_app_with_a_terminal_gets_the_signals_too() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let script = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.1; done";
    let running =
        Running::start(bed.flatrack_command(["run", "-t", "--command=sh", HELLO, "-c", script]));
    running.signal("TERM");
    let said = running.end();
    assert_eq!(said.code, 3, "{}", said.stderr);
    assert!(said.stdout.contains("bye"), "{}", said.stdout);
}

/// Ctrl-Z in a shell stops the app and flatrack with it; `fg` brings both back.
#[test]
fn a_shell_stops_and_continues_it() {
    needs!(StockFlatpak, Script);
    let bed = Testbed::new().with_flatpak();
    let flatrack = bed.flatrack_command(Vec::<&str>::new());
    let mut shell = bed.command(
        "script",
        [
            "--quiet",
            "--command",
            "bash --norc --noprofile -i",
            "/dev/null",
        ],
    );
    shell.stdin(Stdio::piped());
    let mut shell = Running::spawn(shell);
    let words = "-c 'echo up; read line; echo got $line'";
    shell.write(&format!(
        "stty -echo; {} run --command=sh {HELLO} {words}\n",
        flatrack.get_program().to_str().unwrap()
    ));
    shell.until(|line| line == "up");
    shell.write("\x1a");
    shell.until(|line| line.contains("Stopped"));
    shell.write("fg\n");
    shell.until(|line| line.contains("run --command"));
    shell.write("hello\n");
    shell.until(|line| line == "got hello");
    shell.write("exit\n");
    shell.end().assert_success();
}

#[test]
fn in_a_pipe_output_and_errors_stay_apart() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let said = bed.flatrack([
        "run",
        "--command=sh",
        HELLO,
        "-c",
        "echo out; echo err >&2; test -t 1 || echo pipe",
    ]);
    assert_eq!(said.assert_success(), "out\npipe");
    assert_eq!(said.stderr, "err\n");
}
