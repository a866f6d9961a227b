//! Extensions of apps and runtimes, built and installed by the stock tools, and compared with what the stock `flatpak
//! run` shows for the same app.

use std::path::{Path, PathBuf};
use std::process::Command;

use flatrack_testbed::{Outcome, Testbed, User, needs};

use crate::support::Running;

const APP: &str = "org.flatrack.Test.Extended";
const RUNTIME: &str = "org.flatrack.Test.Points";

/// Extension points of the runtime.
const POINTS: &str = "\
[Extension org.flatrack.Test.Points.Locale]
directory=share/runtime/locale
locale-subset=true
[Extension org.flatrack.Test.Points.GL]
directory=lib/GL
subdirectories=true
no-autodownload=true
add-ld-path=lib
merge-dirs=vendor.d;icd
enable-if=active-gl-driver
";

/// What the app finds, said the same way under both programs.
const LOOK: &str = r#"
find /usr/lib/GL /usr/share/runtime/locale /app/plugins -mindepth 1 2>/dev/null | sort
for one in $(find /usr/lib/GL -type l | sort); do echo "$one -> $(readlink $one): $(cat $one)"; done
grep -E '^(app|runtime)-extensions=' /.flatpak-info
echo "LD_LIBRARY_PATH=$LD_LIBRARY_PATH"
cat /run/flatpak/ld.so.conf.d/* /etc/ld.so.conf 2>/dev/null
true
"#;

/// A runtime with two drivers and a locale, and an app with two versions of a plugin.
fn bed() -> Testbed {
    let bed = Testbed::new().with_flatpak();
    bed.runtime(RUNTIME)
        .lines(POINTS)
        .file("lib/GL/shipped", "")
        .file("share/runtime/locale/.keep", "")
        .install();
    for (name, priority) in [("default", 1), ("special", 7)] {
        bed.extension(&format!("{RUNTIME}.GL.{name}"))
            .lines(&format!(
                "[ExtensionOf]\nref=runtime/{RUNTIME}/x86_64/1\npriority={priority}"
            ))
            .file("lib/libnothing.so", "")
            .file("icd/both.json", name)
            .file(&format!("icd/{name}.json"), name)
            .install();
    }
    bed.extension(&format!("{RUNTIME}.Locale"))
        .file("de/hello", "hallo")
        .install();
    bed.extension(&format!("{APP}.Plugin"))
        .branch("2")
        .file("name", "two")
        .install();
    bed.app(APP)
        .runtime(RUNTIME, RUNTIME)
        .finish_arg(&format!("--extension={APP}.Plugin=directory=plugins/one"))
        .finish_arg(&format!("--extension={APP}.Plugin=versions=2;3"))
        .finish_arg(&format!("--extension={APP}.Plugin=add-ld-path=lib"))
        .directory("plugins/one")
        .script(LOOK)
        .install();
    bed
}

/// The same app under both.
fn both(bed: &Testbed, drivers: &str) -> [Outcome; 2] {
    let ours = bed
        .flatrack_command(["run", APP])
        .env("FLATPAK_GL_DRIVERS", drivers)
        .output();
    let theirs = bed
        .command("flatpak", ["run", "--no-session-bus", APP])
        .env("FLATPAK_GL_DRIVERS", drivers)
        .output();
    [ours, theirs].map(|output| output.unwrap().into())
}

#[test]
fn an_app_sees_the_extensions_that_stock_flatpak_shows_it() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed();
    for drivers in ["default", "special:default", "none"] {
        let [ours, theirs] = both(&bed, drivers);
        assert_eq!(ours.assert_success(), theirs.assert_success(), "{drivers}");
        assert_eq!(ours.stderr, "", "{drivers}");
    }
}

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
fn bed_with_library() -> Testbed {
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
fn bed_with_ldconfig(script: &str) -> Testbed {
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

#[test]
fn an_extension_that_is_half_installed_is_left_out_with_a_warning() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_library();
    let id = format!("{RUNTIME}.Libs");
    let arch = std::env::consts::ARCH;
    let base = bed
        .user_installation()
        .join(format!("runtime/{id}/{arch}/1"));
    let active = base.join("active").canonicalize().unwrap();
    let run = || bed.flatrack(["run", "--command=echo", APP, "started"]);
    for part in ["metadata", "files", "deploy"] {
        let (from, to) = (active.join(part), active.join("away"));
        std::fs::rename(&from, &to).unwrap();
        let outcome = run();
        assert_eq!(outcome.assert_success(), "started");
        for word in [id.as_str(), part, "hint:"] {
            assert!(outcome.stderr.contains(word), "{word}: {}", outcome.stderr);
        }
        std::fs::rename(to, from).unwrap();
    }
    std::fs::rename(&active, base.join("gone")).unwrap();
    let outcome = run();
    assert_eq!(outcome.assert_success(), "started");
    assert_eq!(outcome.stderr, "", "a dangling link means: not installed");
    let info = bed.flatrack(["info", APP]);
    assert!(info.assert_success().contains("not mounted: not installed"));
}

#[test]
fn an_extension_kept_by_hand_comes_before_one_that_is_installed_and_is_told_of() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed();
    let arch = std::env::consts::ARCH;
    let by_hand = format!("extension/{RUNTIME}.GL.mine/{arch}/1");
    let kept = bed.user_installation().join(by_hand);
    bed.write(kept.join("icd/mine.json"), "mine");
    bed.write(kept.join("icd/both.json"), "mine");
    let [ours, theirs] = both(&bed, "special:mine").map(|outcome| {
        let text = outcome.assert_success().to_owned();
        // ours is found by LD_LIBRARY_PATH: what is kept by hand can change under its cache
        let plain = |line: &&str| {
            line.starts_with("/usr/") && line.contains("/icd") || line.contains("-extensions=")
        };
        text.lines()
            .filter(plain)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    assert_eq!(ours, theirs);
    assert!(ours.iter().any(|line| line.contains("=local;")), "{ours:?}");
    assert!(
        ours.iter().any(|line| line.ends_with("both.json: mine")),
        "{ours:?}"
    );
    let write = "touch /usr/lib/GL/evil || ln -sf /tmp/x /usr/lib/GL/icd/both.json";
    let written = bed.flatrack(["run", "--command=sh", APP, "-c", write]);
    assert_ne!(
        written.code, 0,
        "a driver is nothing an app can put in place"
    );
    let explained = bed
        .flatrack_command(["explain", APP])
        .env("FLATPAK_GL_DRIVERS", "mine")
        .output();
    let explained = Outcome::from(explained.unwrap());
    let explained = explained.assert_success();
    for word in [
        "GL.special",
        "`active-gl-driver` does not hold here",
        "/usr/lib/GL/mine",
    ] {
        assert!(explained.contains(word), "{word}: {explained}");
    }
}

#[test]
fn a_point_or_a_merged_directory_that_leads_out_shows_nothing_of_what_is_there() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::new().with_flatpak();
    let points =
        format!("[Extension {RUNTIME}.In]\ndirectory=lib/in\nsubdirectories=true\nmerge-dirs=icd");
    bed.runtime(RUNTIME)
        .lines(&points)
        .file("lib/in/.keep", "")
        .install();
    bed.extension(&format!("{RUNTIME}.Out"))
        .file("passwd", "evil")
        .install();
    bed.app(APP)
        .runtime(RUNTIME, RUNTIME)
        .finish_arg(&format!("--extension={RUNTIME}.Out=directory=../etc"))
        .script("cat /etc/passwd")
        .install();
    let outcome = bed.flatrack(["run", APP]);
    assert!(!outcome.assert_success().contains("evil"));
    assert!(
        outcome.stderr.contains("extension point is ignored"),
        "{}",
        outcome.stderr
    );
    for target in ["/etc", "../../../../../../../../../../../../etc"] {
        bed.extension(&format!("{RUNTIME}.In.x"))
            .link("icd", target)
            .install();
        let outcome = bed.flatrack(["run", APP]);
        outcome.assert_refused(&["leads out of the extension", &format!("{RUNTIME}.In.x")]);
        let dir = bed.root().join(format!("work/build-{RUNTIME}.In.x-1"));
        std::fs::remove_dir_all(dir).unwrap();
    }
}

#[test]
fn an_extension_in_use_is_not_deleted_under_the_app() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = bed_with_library();
    let wait = "echo up; for i in $(seq 200); do [ -e $XDG_DATA_HOME/go ] && break; sleep 0.05; done; ls /usr/lib/more";
    let running = Running::start(bed.flatrack_command(["run", "--command=sh", APP, "-c", wait]));
    let id = format!("{RUNTIME}.Libs");
    bed.run(
        "flatpak",
        ["uninstall", "--user", "-y", "--noninteractive", &id],
    )
    .assert_success();
    assert!(
        bed.flatrack(["info", APP])
            .assert_success()
            .contains("not installed")
    );
    bed.write(bed.home().join(format!(".var/app/{APP}/data/go")), "");
    assert_eq!(running.end().assert_success(), "own");
}

#[test]
fn the_sdk_brings_its_own_extensions_with_devel() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::new().with_flatpak();
    let sdk = "org.flatrack.Test.PointsSdk";
    bed.runtime(RUNTIME).install();
    bed.runtime(sdk)
        .lines(&format!("[Extension {sdk}.Debug]\ndirectory=lib/debug"))
        .file("lib/debug/.keep", "")
        .install();
    bed.extension(&format!("{sdk}.Debug"))
        .file("symbols", "")
        .install();
    bed.app(APP)
        .runtime(RUNTIME, sdk)
        .script("ls /usr/lib/debug; grep runtime-extensions /.flatpak-info")
        .install();
    for options in [&["run"][..], &["run", "--devel"]] {
        let ours = bed.flatrack(options.iter().chain(&[APP]));
        let theirs = bed.run("flatpak", options.iter().chain(&["--no-session-bus", APP]));
        assert_eq!(ours.stdout, theirs.stdout);
        assert_eq!(ours.stdout.contains("symbols"), options.len() == 2);
    }
}
