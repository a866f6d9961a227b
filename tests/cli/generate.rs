//! `generate`: what other programs need to start an app.

use flatrack_testbed::{Outcome, Testbed, Tree, needs, skip};

fn app(bed: &Testbed, lines: &str) -> String {
    let dir = bed.host_build_dir("org.flatrack.Test.Generate");
    dir.lines(lines).write().to_str().unwrap().to_owned()
}

const ASKS: &str = "[Context]\nshared=network;\nfilesystems=home;\nsockets=wayland;\n[X-Resources]\nmemory-max=64M\ncpu-max=150%\npids-max=20";

#[test]
fn a_pod_has_the_apps_limits_and_says_what_it_does_not_get() {
    let bed = Testbed::new();
    let dir = app(&bed, ASKS);
    let said = bed.flatrack(["generate", "kube", &dir, "one", "two: three"]);
    has(
        said.assert_success(),
        &[
            "# withheld in a container: sockets=wayland",
            "# withheld in a container: filesystems=home",
            "    image: localhost/org.flatrack.test.generate:master",
            "    - org.flatrack.Test.Generate\n    - one\n    - 'two: three'",
            "        cpu: 1500m\n        memory: 64Mi",
            "  runtimeClassName: flatrack",
        ],
    );
}

#[test]
fn a_quadlet_has_them_too_and_no_network_without_the_permission() {
    let bed = Testbed::new();
    let dir = app(&bed, ASKS);
    let quadlet = |options: &[&str]| {
        let words = ["generate", "quadlet", "--image=registry.test/app:1"];
        let said = bed.flatrack(words.iter().chain(options).chain(&[dir.as_str(), "50% a"]));
        said.assert_success().to_owned()
    };
    let text = quadlet(&[]);
    has(
        &text,
        &[
            "Image=registry.test/app:1\nExec=org.flatrack.Test.Generate \"50%% a\"\n",
            "PodmanArgs=--memory=67108864b --cpus=1.500 --pids-limit=20\n",
            "/flatrack-oci\n",
        ],
    );
    assert!(!text.contains("Network=none"));
    assert!(quadlet(&["--unshare=network"]).contains("\nNetwork=none\n"));
}

#[test]
fn newer_a_quadlet_is_what_podmans_generator_takes() {
    needs!(Root);
    let tree = match Tree::newer_debian() {
        Ok(tree) => tree,
        Err(reason) => skip!(NewerDebian, reason),
    };
    let bed = Testbed::new();
    let dir = app(&bed, ASKS);
    let words = ["generate", "quadlet", &dir, "50% \"a\" $b\nUser=root"];
    let text = bed.flatrack(words);
    let file = bed.write("quadlet/app.container", text.assert_success());
    let said = Outcome::from(tree.quadlet(file.parent().unwrap()).output().unwrap());
    let unit = said.assert_success();
    let start = unit.lines().find(|line| line.starts_with("ExecStart="));
    let start = start.unwrap_or_else(|| panic!("{unit}"));
    // words that are the app's stay words of its own
    let command = "org.flatrack.test.generate:master org.flatrack.Test.Generate";
    assert!(start.contains(command), "{start}");
    assert!(start.contains("50%%"), "{start}");
    assert!(
        start.contains("--memory=67108864b --cpus=1.500 --pids-limit=20"),
        "{start}"
    );
    assert!(!unit.contains("\nUser="), "{unit}");
}

#[test]
fn a_service_starts_what_was_asked_for() {
    let bed = Testbed::new();
    let dir = app(&bed, "");
    let words = [
        "generate",
        "systemd",
        "--nofilesystem=home",
        "--memory-max=32M",
        &dir,
        "a\nExecStop=/bin/rm",
    ];
    let said = bed.flatrack(words);
    let text = said.assert_success();
    let line = text
        .lines()
        .find(|line| line.starts_with("ExecStart="))
        .unwrap();
    let wanted = format!(
        "flatrack run --nofilesystem=home --memory-max=32M {dir} \"a\\x0aExecStop=/bin/rm\""
    );
    assert!(line.ends_with(&wanted), "{line}");
    assert!(!text.contains("\nExecStop"));
}

#[test]
fn other_kinds_and_other_apps_are_refused() {
    let bed = Testbed::new();
    bed.flatrack(["generate", "compose", "org.example.None"])
        .assert_code(125);
    bed.flatrack(["generate", "kube", "org.example.None"])
        .assert_refused(&["org.example.None"]);
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
}
