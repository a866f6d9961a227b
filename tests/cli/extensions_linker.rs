//! The linker's cache: what it finds, how it is made, and who cannot write to it.

use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_testbed::{Outcome, Testbed, User, needs};

use crate::extensions::{APP, RUNTIME};

/// A program of the host's, and the libraries it needs that the test runtime does not have.
fn program_and_libraries() -> (PathBuf, Vec<PathBuf>) {
    let program = PathBuf::from("/bin/ls").canonicalize().unwrap();
    let listed = Command::new("ldd").arg(&program).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    let libraries = text.split_whitespace().filter(|word| {
        let name = Path::new(word).file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        word.starts_with('/') && !name.starts_with("ld-") && !name.starts_with("libc.")
    });
    (program.clone(), libraries.map(PathBuf::from).collect())
}

/// An app whose program finds its libraries only in an extension of the runtime.
pub(crate) fn bed_with_library() -> Testbed {
    bed_with_library_of(User::current())
}

fn bed_with_library_of(user: User) -> Testbed {
    let bed = Testbed::of(user).with_flatpak();
    let (program, libraries) = program_and_libraries();
    let points = format!("[Extension {RUNTIME}.Libs]\ndirectory=lib/more\nadd-ld-path=own");
    bed.runtime(RUNTIME)
        .lines(&points)
        .file("lib/more/.keep", "")
        .install();
    let mut extension = bed.extension(&format!("{RUNTIME}.Libs"));
    for library in &libraries {
        let name = library.file_name().unwrap().to_string_lossy();
        extension = extension.copy(&format!("own/{name}"), library);
    }
    extension.install();
    bed.app(APP)
        .runtime(RUNTIME, RUNTIME)
        .file("bin/list", &program)
        .script("list /usr/lib/more && echo LD_LIBRARY_PATH=$LD_LIBRARY_PATH")
        .install();
    bed
}

/// The caches there are.
fn caches(state: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(state.join("cache/ld.so")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// With a state directory of its own.
fn run_in(bed: &Testbed, state: &Path, args: &[&str]) -> Command {
    let mut command = bed.flatrack_command(args);
    command.env("FLATRACK_STATE_DIR", state);
    command
}

#[test]
fn a_library_of_an_extension_is_found_through_the_cache_that_is_made_once() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_library();
    let state = bed.home().join("state");
    let run = || -> Outcome { run_in(&bed, &state, &["run", APP]).output().unwrap().into() };
    let first = run();
    assert_eq!(first.assert_success(), "own\nLD_LIBRARY_PATH=");
    assert_eq!(first.stderr, "");
    let made = caches(&state);
    assert_eq!(made.len(), 1);
    let at = |path: &Path| path.metadata().unwrap().modified().unwrap();
    let when = at(&made[0]);
    run().assert_success();
    assert_eq!(caches(&state), made);
    assert_eq!(at(&made[0]), when, "it is not made again");
    let theirs = bed.run("flatpak", ["run", "--no-session-bus", APP]);
    assert_eq!(theirs.assert_success(), first.assert_success());
}

#[test]
fn an_ordinary_user_gets_a_cache_too() {
    needs!(Root, StockFlatpak, UserNamespaces);
    let bed = bed_with_library_of(User::ordinary());
    let outcome = bed.flatrack(["run", APP]);
    assert_eq!(outcome.assert_success(), "own\nLD_LIBRARY_PATH=");
    assert_eq!(outcome.stderr, "");
    assert_eq!(caches(&bed.runtime_dir().join("flatrack")).len(), 1);
}

#[test]
fn two_first_starts_at_once_leave_one_cache() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_library();
    let state = bed.home().join("state");
    let start = || {
        let mut command = run_in(&bed, &state, &["run", APP]);
        command.stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let all: Vec<_> = (0..4).map(|_| start()).collect();
    for child in all {
        let outcome = Outcome::from(child.wait_with_output().unwrap());
        assert_eq!(outcome.assert_success(), "own\nLD_LIBRARY_PATH=");
        assert_eq!(outcome.stderr, "");
    }
    assert_eq!(caches(&state).len(), 1);
}

#[test]
fn an_app_cannot_write_the_cache_that_later_starts_use() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_library();
    let state = bed.home().join("state");
    let attack = "for f in /etc/ld.so.cache /etc/ld.so.conf /run/flatpak/ld.so.conf.d/*; do \
                  echo evil > $f; chmod 666 $f; rm -f $f; mv /usr/bin/sh $f; done 2>/dev/null; \
                  find / -xdev -path '*/ld.so/*' -name ld.so.cache 2>/dev/null; \
                  for f in $HOME/state/cache/ld.so/*/*; do chmod 666 $f; echo evil > $f; done 2>/dev/null; \
                  cat /etc/ld.so.conf; list /usr/lib/more";
    let before: Outcome = run_in(&bed, &state, &["run", APP]).output().unwrap().into();
    let cache = caches(&state)[0].join("ld.so.cache");
    let bytes = std::fs::read(&cache).unwrap();
    // also where it sees all of home, and with it the directory of our state
    for grant in [
        "--nofilesystem=home",
        "--filesystem=home",
        "--filesystem=~/state",
        "--filesystem=~/state/cache/ld.so",
    ] {
        let args = ["run", grant, "--command=sh", APP, "-c", attack];
        let said: Outcome = run_in(&bed, &state, &args).output().unwrap().into();
        assert!(said.assert_success().ends_with("own"), "{}", said.stdout);
        assert!(!said.stdout.contains("evil"));
        assert_eq!(std::fs::read(&cache).unwrap(), bytes);
    }
    let after: Outcome = run_in(&bed, &state, &["run", APP]).output().unwrap().into();
    assert_eq!(after.stdout, before.stdout);
}

#[test]
fn a_cache_that_something_else_was_put_in_place_of_is_made_again() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_library();
    let state = bed.home().join("state");
    let run = || -> Outcome { run_in(&bed, &state, &["run", APP]).output().unwrap().into() };
    run().assert_success();
    let directory = caches(&state).remove(0);
    let cache = directory.join("ld.so.cache");
    for spoil in [
        |cache: &Path| std::fs::write(cache, "no cache").unwrap(),
        |cache: &Path| std::os::unix::fs::symlink("/etc/ld.so.cache", cache).unwrap(),
        |cache: &Path| std::fs::create_dir(cache).unwrap(),
    ] {
        if cache.is_dir() {
            std::fs::remove_dir(&cache).unwrap();
        } else {
            std::fs::remove_file(&cache).unwrap();
        }
        spoil(&cache);
        assert_eq!(run().assert_success(), "own\nLD_LIBRARY_PATH=");
        assert!(cache.symlink_metadata().unwrap().is_file());
    }
}

/// A runtime whose `ldconfig` does this.
pub(crate) fn bed_with_ldconfig(script: &str) -> Testbed {
    let bed = Testbed::new().with_flatpak();
    let program = bed.write("ldconfig", format!("#!/bin/sh\n{script}\n"));
    make_executable(&program);
    bed.runtime(RUNTIME)
        .copy("bin/ldconfig", &program)
        .install();
    bed.app(APP)
        .runtime(RUNTIME, RUNTIME)
        .script("echo LD_LIBRARY_PATH=$LD_LIBRARY_PATH")
        .install();
    bed
}

#[test]
fn an_ldconfig_that_does_not_end_is_ended_with_all_it_started() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_ldconfig("sleep 7133 & sleep 7133");
    let outcome = bed.flatrack(["run", APP]);
    assert_eq!(outcome.assert_success(), "LD_LIBRARY_PATH=/app/lib");
    assert!(outcome.stderr.contains("took longer"), "{}", outcome.stderr);
    let left = bed.run("pgrep", ["-f", "sleep 7133"]);
    assert_eq!(left.stdout, "", "it still runs");
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn an_ldconfig_that_misbehaves_gets_nowhere_and_the_app_starts_without_a_cache() {
    needs!(StockFlatpak, UserNamespaces);
    for (script, said) in [
        ("exit 3", "exit code 3"),
        ("exit 0", "wrote no cache"),
        ("echo text > $3", "something else than a cache"),
        ("ln -s /etc/passwd $3", "wrote no cache"),
        ("mkfifo $3", "something else than a cache"),
        ("head -c 40000000 /dev/zero > $3; exit 0", "ldconfig"),
    ] {
        let bed = bed_with_ldconfig(script);
        let outcome = bed.flatrack(["run", APP]);
        assert_eq!(
            outcome.assert_success(),
            "LD_LIBRARY_PATH=/app/lib",
            "{script}"
        );
        assert!(
            outcome.stderr.contains(said),
            "{script}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn an_ldconfig_sees_no_network_no_home_no_environment_and_nothing_of_the_terminal() {
    needs!(StockFlatpak, UserNamespaces);
    // what it finds goes into the exit code; what it prints must not reach the caller
    let script = "echo noise; echo noise >&2; bad=0\n\
                  [ -n \"$(ls /run/user/*/ 2>/dev/null)\" ] && bad=11\n\
                  [ -n \"$SECRET\" ] && bad=12\n\
                  [ \"$(ls /sys/class/net)\" = lo ] || [ -z \"$(ls /sys/class/net)\" ] || ip -o link | grep -v ' lo:' | grep -q . && bad=13\n\
                  [ -t 0 ] || read line && bad=14\n\
                  for d in / /usr /app; do touch $d/x 2>/dev/null && [ $d != / ] && bad=15; done\n\
                  [ -e $HOME/secret ] && bad=16\n\
                  exit $((bad + 40))";
    let bed = bed_with_ldconfig(script);
    bed.write(bed.home().join("secret"), "secret");
    let mut command = bed.flatrack_command(["run", "--filesystem=home", "--share=network", APP]);
    let outcome = Outcome::from(command.env("SECRET", "secret").output().unwrap());
    assert_eq!(outcome.assert_success(), "LD_LIBRARY_PATH=/app/lib");
    assert!(
        outcome.stderr.contains("exit code 40"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("noise"));
}
