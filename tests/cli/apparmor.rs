//! AppArmor: what a generated profile stops once another wall has a hole, what it does not hinder, and labels that lie.
//!
//! Each attack is made twice: under the profile, where it fails, and without, where it succeeds.

mod cache;
mod minute;
mod steps;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flatrack_testbed::{Outcome, Testbed, User, needs};

use crate::support::{Running, json};

const OFF: &str = "--apparmor=unconfined";
/// Without a profile, then under the generated one: whether the attack succeeds.
const BOTH: [(&[&str], bool); 2] = [(&[OFF], true), (&[], false)];

/// An app whose id no other test uses, on the host's own `/usr`. Its profile is gone with it.
struct App<'b> {
    bed: &'b Testbed,
    id: String,
    dir: PathBuf,
}

impl<'b> App<'b> {
    fn new(bed: &'b Testbed, name: &str) -> Self {
        let id = format!("org.flatrack.Test.Armor{name}{}", std::process::id());
        let script = "echo up; if read -r line; then eval \"$line\"; fi";
        let dir = bed.host_build_dir(&id).script(script).write();
        Self { bed, id, dir }
    }

    fn command(&self, options: &[&str], line: &str) -> Command {
        let mut words = vec!["run"];
        words.extend(options);
        words.extend(["--command=sh", self.dir.to_str().unwrap(), "-c", line]);
        self.bed.flatrack_command(words)
    }

    #[track_caller]
    fn run(&self, options: &[&str], line: &str) -> Outcome {
        self.command(options, line).output().unwrap().into()
    }

    /// Starts the app, which does nothing until a line is typed.
    #[track_caller]
    fn wait(&self, options: &[&str]) -> Running {
        let mut words = vec!["run"];
        words.extend(options);
        words.push(self.dir.to_str().unwrap());
        let mut command = self.bed.flatrack_command(words);
        command.stdin(Stdio::piped());
        Running::start(command)
    }

    /// Its first process, in the machine's numbers.
    #[track_caller]
    fn pid(&self) -> String {
        let rows = json(&self.bed.flatrack(["ps", "--json"]));
        let row = rows
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["app"] == *self.id);
        row.unwrap()["pid"].to_string()
    }

    /// Root does something in the namespaces of the running app, unconfined: a hole in the other walls.
    #[track_caller]
    fn pierce(&self, line: &str) -> Command {
        let pid = self.pid();
        self.bed
            .command("nsenter", ["-t", &pid, "-m", "-p", "sh", "-c", line])
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        let _gone = self.bed.flatrack(["apparmor", "unload", &self.id]);
    }
}

/// A profile of the site's, loaded for a test and removed with it.
struct Site {
    name: String,
}

impl Site {
    #[track_caller]
    fn load(name: &str, flags: &str, rules: &str) -> Self {
        let name = format!("flatrack-test-{name}-{}", std::process::id());
        parser(
            "--replace",
            &format!("profile {name} {flags} {{ {rules} }}\n"),
        );
        Self { name }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        parser("--remove", &format!("profile {} {{ }}\n", self.name));
    }
}

#[track_caller]
fn parser(what: &str, text: &str) {
    use std::io::Write as _;
    let mut child = Command::new("/usr/sbin/apparmor_parser")
        .args([what, "--skip-cache", "--quiet", "--config-file=/dev/null"])
        .args(
            ["policy", "kernel"]
                .map(|of| format!("--{of}-features=/sys/kernel/security/apparmor/features")),
        )
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "{text}");
}

const ALL: &str = "file, network, unix, signal, ptrace, mount, capability,";

#[test]
fn every_process_of_the_app_is_under_the_generated_profile() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Every");
    let wanted = format!("flatrack.{} (enforce)", app.id);
    let line = "cat /proc/1/attr/current /proc/self/attr/current";
    let expected = format!("{wanted}\n{wanted}");
    assert_eq!(app.run(&[], line).assert_success(), expected);
    let _running = app.wait(&[]);
    let joined = bed.flatrack(["exec", &app.id, "sh", "-c", line]);
    assert_eq!(joined.assert_success(), expected);
}

#[test]
fn what_the_app_prints_arrives_in_a_file_and_in_nobody_elses() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Print");
    let path = bed.write("out", "");
    let mut command = app.command(&[], "echo printed; echo told >&2");
    let file = std::fs::File::create(&path).unwrap();
    let status = command.stdout(file.try_clone().unwrap()).stderr(file);
    assert!(status.status().unwrap().success());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "printed\ntold\n");
    let profile = bed.flatrack(["apparmor", "show", app.dir.to_str().unwrap()]);
    assert!(!profile.assert_success().contains("attach_disconnected"));
}

#[test]
fn a_path_that_no_permission_shows_cannot_be_read_even_if_it_is_there() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Leak");
    for (options, succeeds) in BOTH {
        let mut running = app.wait(options);
        // Landlock goes by the directory, which it knows, and lets this pass
        let hole = "mkdir /leak && echo secret >/var/data/x && mount --bind /var/data /leak";
        let made = app.pierce(hole).status();
        assert!(made.unwrap().success());
        running.write("cat /leak/x 2>&1\n");
        assert_eq!(running.line() == "secret", succeeds, "{options:?}");
    }
    let found = json(&bed.flatrack(["apparmor", "denials", &app.id, "--json"]));
    let row = found
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["what"] == "/leak/x");
    assert_eq!(row.unwrap()["allowed_by"], "--filesystem=/leak/x:ro");
}

#[test]
fn the_runtime_cannot_be_changed_even_if_it_is_mounted_writable() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Write");
    for (options, succeeds) in BOTH {
        let mut running = app.wait(options);
        // as above
        let hole = "mount --bind /var/data /app/bin";
        assert!(app.pierce(hole).status().unwrap().success());
        running.write("echo x 2>/dev/null >/app/bin/x && echo written || echo refused\n");
        assert_eq!(running.line() == "written", succeeds, "{options:?}");
    }
}

#[test]
fn a_device_is_used_in_the_way_it_was_given_even_where_landlock_is_silent() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Device");
    // one that every sandbox has, and one that only the grant gives
    let grants = ["--device-node=/dev/zero:r", "--device-node=/dev/fuse:r"];
    let _running = app.wait(&grants);
    let opened = "for node in zero fuse; do (: <>/dev/$node) && echo rw; (: </dev/$node) && echo r; done 2>/dev/null; true";
    let label = format!("flatrack.{}", app.id);
    let confined = format!("echo exec {label} >/proc/self/attr/exec; exec sh -c '{opened}'");
    for (line, expected) in [(opened, "rw\nr\nrw\nr"), (&confined, "r\nr")] {
        let said = Outcome::from(app.pierce(line).output().unwrap());
        assert_eq!(said.assert_success(), expected, "{line}");
    }
}

#[test]
fn a_process_that_is_not_the_apps_gets_no_signal_even_if_it_is_in_sight() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Signal");
    for (options, succeeds) in BOTH {
        let mut running = app.wait(options);
        let mut stranger = app.pierce("exec sleep 30").spawn().unwrap();
        let line = "i=0; while ! p=$(grep -lsx sleep /proc/[0-9]*/comm); do i=$((i+1)); [ $i -lt 900 ] || break; done; \
                    p=${p%/comm}; kill -9 ${p#/proc/} 2>/dev/null && echo killed || echo refused\n";
        running.write(line);
        assert_eq!(running.line() == "killed", succeeds, "{options:?}");
        let _gone = stranger.kill();
        stranger.wait().unwrap();
    }
}

#[test]
fn an_app_without_the_network_gets_no_internet_socket_even_in_its_own_namespace() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Net");
    let line = "exec 3<>/dev/tcp/127.0.0.1/9";
    for (options, refusal) in [(OFF, "refused"), ("--apparmor=generated", "denied")] {
        let words = [
            "run",
            options,
            "--command=bash",
            app.dir.to_str().unwrap(),
            "-c",
            line,
        ];
        let said = bed.flatrack(words);
        assert!(said.stderr.contains(refusal), "{options}: {}", said.stderr);
    }
}

#[test]
fn a_profile_stacked_on_top_denies_what_the_generated_one_allows() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Stack");
    let site = Site::load(
        "stack",
        "",
        &format!("{ALL} deny /app/** w, deny /etc/hostname r, audit deny /tmp/** w,"),
    );
    let line = "if (echo x >/tmp/x) 2>/dev/null; then echo written; else echo refused; fi; cat /proc/self/attr/current";
    let stack = format!("--apparmor-stack={}", site.name);
    // the kernel has an order of its own
    let label = format!("{}//&flatrack.{} (enforce)", site.name, app.id);
    assert!(app.run(&[], line).assert_success().starts_with("written"));
    let stacked = app.run(&[&stack], line);
    assert_eq!(stacked.assert_success(), format!("refused\n{label}"));
}

#[test]
fn signals_inside_the_app_work_in_a_stack() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Inside");
    let site = Site::load("inside", "", ALL);
    let stack = format!("--apparmor-stack={}", site.name);
    let line = "sleep 60 & kill $! && wait $!; echo $?";
    for options in [&[][..], &[stack.as_str()]] {
        assert_eq!(
            app.run(options, line).assert_success(),
            "143",
            "{options:?}"
        );
    }
}

#[test]
fn a_profile_that_is_missing_or_denies_nothing_refuses_the_start() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Lies");
    app.run(&["--apparmor=no-such-profile"], "true")
        .assert_refused(&["`no-such-profile` is not loaded", "hint:"]);
    let site = Site::load("complain", "flags=(complain)", ALL);
    for option in ["--apparmor", "--apparmor-stack"] {
        let option = format!("{option}={}", site.name);
        app.run(&[&option], "true")
            .assert_refused(&["`complain`", "denies nothing", "hint:"]);
        app.run(&[&option, "--apparmor-mode=complain"], "true")
            .assert_success();
    }
}

#[test]
fn a_generated_profile_that_was_changed_behind_our_back_is_loaded_again() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Behind");
    app.run(&[], "true").assert_success();
    parser(
        "--replace",
        &format!("profile flatrack.{} {{ {ALL} }}\n", app.id),
    );
    let line = "exec 3<>/dev/tcp/127.0.0.1/9";
    let words = [
        "run",
        "--command=bash",
        app.dir.to_str().unwrap(),
        "-c",
        line,
    ];
    let said = bed.flatrack(words);
    assert!(said.stderr.contains("denied"), "{}", said.stderr);
}

#[test]
fn without_securityfs_nothing_is_believed() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Fs");
    for lie in [
        "umount /sys/kernel/security",
        "mount -t tmpfs lie /sys/kernel/security && mkdir -p /sys/kernel/security/apparmor/policy/profiles",
    ] {
        let said = hidden(&app, lie, "--apparmor=generated");
        said.assert_refused(&["securityfs is not mounted", "hint:"]);
        hidden(&app, lie, "--env=A=b").assert_success();
    }
}

#[test]
fn a_proc_that_is_none_refuses_the_start() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Proc");
    hidden(&app, "mount -t tmpfs lie /proc", "--apparmor=generated").assert_code(125);
}

/// Runs the app in a mount namespace in which something was changed before.
#[track_caller]
fn hidden(app: &App<'_>, lie: &str, option: &str) -> Outcome {
    beside(app.bed, lie, &app.command(&[option], "true"))
}

/// Runs a command in a mount namespace in which something was changed before.
#[track_caller]
fn beside(bed: &Testbed, lie: &str, command: &Command) -> Outcome {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words
        .map(|w| format!("'{}'", w.to_str().unwrap()))
        .collect();
    let line = format!("{lie} && exec {}", words.join(" "));
    bed.run("unshare", ["-m", "sh", "-c", &line])
}

/// Whether a generated profile with this in its name is in the kernel.
#[track_caller]
fn is_loaded(bed: &Testbed, name: &str) -> bool {
    let status = bed.flatrack(["apparmor", "status"]);
    status.assert_success().contains(name)
}

#[test]
fn an_app_cannot_take_its_own_profile_off() {
    needs!(Root);
    let bed = Testbed::new();
    for weak in ["profile=unconfined", "profile=other", "mode=complain"] {
        let id = "org.flatrack.Test.ArmorWeak";
        let dir = bed
            .host_build_dir(id)
            .lines(&format!("[X-AppArmor]\n{weak}"))
            .write();
        bed.flatrack([Path::new("run"), &dir])
            .assert_refused(&[weak, "cannot ask for", "hint:"]);
    }
}

#[test]
fn what_cannot_be_given_is_refused_and_the_rest_runs() {
    needs!(Root);
    if Path::new("/sys/kernel/security/apparmor").exists() {
        return;
    }
    let bed = Testbed::new();
    let app = App::new(&bed, "Absent");
    app.run(&["--apparmor=generated"], "true").assert_refused(&[
        "AppArmor",
        "asked for by command line",
        "hint:",
    ]);
    app.run(&[], "true").assert_success();
}

#[test]
fn an_instance_keeps_its_profile_when_another_starts_with_other_permissions() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let app = App::new(&bed, "Two");
    let mut first = app.wait(&[]);
    let second = app.run(&["--share=network"], "cat /proc/self/attr/current");
    let label = second.assert_success();
    assert!(
        label.starts_with(&format!("flatrack.{}+", app.id)),
        "{label}"
    );
    first.write("bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>&1\n");
    assert!(first.line().contains("denied"));
    assert_eq!(bed.flatrack(["ps", "--gc"]).code, 0);
    assert!(!is_loaded(&bed, label.trim_end_matches(" (enforce)")));
}

#[test]
fn an_ordinary_user_runs_under_what_root_loaded() {
    needs!(AppArmor, Root, UserNamespaces);
    let bed = Testbed::of(User::ordinary());
    let app = App::new(&bed, "User");
    let line = "cat /proc/self/attr/current";
    assert_eq!(app.run(&[], line).assert_success(), "unconfined");
    app.run(&["--apparmor=generated"], line).assert_refused(&[
        "only root can load it",
        "hint: root loads it with `flatrack apparmor load`",
    ]);
    let as_user = bed.flatrack_command(["apparmor", "load", app.dir.to_str().unwrap()]);
    // without the program that changes the user
    let words = std::iter::once(as_user.get_program()).chain(as_user.get_args());
    let mut words = words.skip_while(|word| !Path::new(word).ends_with("flatrack"));
    let mut load = Command::new(words.next().unwrap());
    load.args(words).stdin(Stdio::null());
    Outcome::from(load.output().unwrap()).assert_success();
    let label = format!("flatrack.{} (enforce)", app.id);
    assert_eq!(app.run(&[], line).assert_success(), label);
}

#[test]
fn the_profile_of_an_app_that_is_gone_goes_with_it_but_not_from_under_what_runs() {
    needs!(AppArmor, Root);
    let bed = Testbed::new();
    let (gone, stays) = (App::new(&bed, "Gone"), App::new(&bed, "Stays"));
    stays.run(&[], "true").assert_success();
    let running = gone.wait(&[]);
    let away = bed.root().join("away");
    std::fs::rename(&gone.dir, &away).unwrap();
    bed.flatrack(["ps", "--gc"]).assert_success();
    assert!(is_loaded(&bed, &gone.id), "something runs under it");
    bed.flatrack(["apparmor", "unload", &gone.id])
        .assert_refused(&["in use", "hint:"]);
    drop(running);
    bed.flatrack(["ps", "--gc"]).assert_success();
    assert!(!is_loaded(&bed, &gone.id));
    assert!(is_loaded(&bed, &stays.id), "that app is still there");
}
