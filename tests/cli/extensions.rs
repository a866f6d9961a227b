//! Extensions of apps and runtimes, built and installed by the stock tools, and compared with what the stock `flatpak
//! run` shows for the same app.

use flatrack_testbed::{Outcome, Testbed, needs};

use crate::extensions_linker::bed_with_library;
use crate::support::Running;

pub(crate) const APP: &str = "org.flatrack.Test.Extended";
pub(crate) const RUNTIME: &str = "org.flatrack.Test.Points";

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
