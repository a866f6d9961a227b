//! Claims about the node's policy.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::options::parse_args;
use flatrack_metadata::policy::combine;
use flatrack_metadata::{PolicyFile, SourceText};
use flatrack_perms::{
    AppId, Conditions, FsAccess, LayerStack, OnExcess, Policy, ProfileName, Source,
};

fn file(name: &str, content: &str) -> PolicyFile {
    PolicyFile::parse(&SourceText::new(name, content.as_bytes()).unwrap()).unwrap()
}

fn combined(files: &[PolicyFile]) -> Policy {
    combine(files, &AppId::parse("org.example.App").unwrap()).unwrap()
}

const VENDOR: &str = r#"
[[app]]
id = "*"
deny = ["devices=all"]
filesystem = "rw"
[app.limits]
memory-max = "512M"
pids-max = 64
nofile = "1024:4096"
"#;

const SITE: &str = r#"
[[app]]
id = "org.example.*"
deny = ["shared=network", "devices=all"]
filesystem = "ro"
on-excess = "refuse"
[app.limits]
memory-max = "256M"
pids-max = 128
nofile = "2048:2048"

[[app]]
id = "org.example.Other"
filesystem = "none"
"#;

#[test]
fn the_rules_that_match_add_up_to_the_lowest_bound_in_any_order() {
    let (vendor, site) = (file("10-vendor.toml", VENDOR), file("50-site.toml", SITE));
    for files in [[vendor.clone(), site.clone()], [site, vendor]] {
        let policy = combined(&files);
        assert_eq!(policy.deny.len(), 2);
        assert_eq!(policy.filesystem.unwrap().value, FsAccess::ReadOnly);
        assert_eq!(policy.on_excess, OnExcess::Refuse);
        let mut limits: Vec<String> = policy
            .ceilings
            .iter()
            .map(|ceiling| ceiling.value.to_string())
            .collect();
        limits.sort();
        assert_eq!(
            limits,
            ["memory-max=256M", "nofile=1024:2048", "pids-max=64"]
        );
    }
}

#[test]
fn a_bound_knows_its_line() {
    let policy = combined(&[file("50-site.toml", SITE)]);
    assert_eq!(
        policy.ceilings[0].origin.to_string(),
        "node policy (50-site.toml:8)"
    );
    assert_eq!(policy.filesystem.unwrap().origin.line, Some(5));
}

#[test]
fn a_pattern_matches_below_its_dot_and_not_beside_it() {
    let rule = &file("x", "[[app]]\nid = \"org.example.*\"\n").rules[0];
    for (id, matches) in [
        ("org.example.App", true),
        ("org.example.a.App", true),
        ("org.examples.App", false),
        ("com.org.example", false),
    ] {
        assert_eq!(
            rule.apps.matches(&AppId::parse(id).unwrap()),
            matches,
            "{id}"
        );
    }
}

#[test]
fn ceilings_that_cannot_both_hold_are_refused() {
    let rule = |cpus: &str| {
        file(
            cpus,
            &format!("[[app]]\nid = \"*\"\n[app.limits]\ncpuset = \"{cpus}\"\n"),
        )
    };
    let id = AppId::parse("org.example.App").unwrap();
    assert!(combine(&[rule("0-1"), rule("0-1")], &id).is_ok());
    let error = combine(&[rule("0-1"), rule("2")], &id).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`cpuset=0-1` of node policy (0-1:4) and `cpuset=2` of node policy (2:4) cannot both hold"
    );
}

#[test]
fn lists_of_devices_all_hold_and_never_give() {
    let vendor = file(
        "10.toml",
        "[[app]]\nid = \"*\"\ndevice-nodes = [\"/dev/tty*:rw\", \"/dev/i2c-*:r\", \"v/c=d\"]\n",
    );
    let site = file(
        "50.toml",
        "[[app]]\nid = \"*\"\ndevice-nodes = [\"/dev/ttyUSB*:rw\", \"/dev/i2c-1:rw\"]\n",
    );
    let asked = [
        "/dev/ttyUSB0",
        "/dev/ttyS0",
        "/dev/i2c-1",
        "/dev/i2c-2",
        "/dev/*",
        "v/c=d",
    ];
    for files in [[vendor.clone(), site.clone()], [site, vendor]] {
        let args: Vec<String> = asked
            .iter()
            .map(|device| format!("--device-node={device}"))
            .collect();
        let layer = parse_args(Source::CommandLine, &args).unwrap();
        let (resolved, warnings) = LayerStack::new(vec![layer])
            .resolve(&Conditions::default(), &combined(&files))
            .unwrap();
        let left: Vec<String> = resolved
            .parts()
            .devices
            .values()
            .map(|granted| granted.value.to_string())
            .collect();
        assert_eq!(left, ["/dev/i2c-1:r", "/dev/ttyUSB0:rw"]);
        assert!(!warnings.is_empty());
    }
    let none = file(
        "x",
        "[[app]]\nid = \"*\"\ndevice-nodes = []\non-excess = \"refuse\"\n",
    );
    let layer = parse_args(Source::CommandLine, &["--device-node=/dev/null".to_owned()]).unwrap();
    let refusal = LayerStack::new(vec![layer])
        .resolve(&Conditions::default(), &combined(&[none]))
        .unwrap_err();
    assert!(refusal.to_string().contains("/dev/null:rw"), "{refusal}");
}

#[test]
fn profiles_that_rules_require_add_up_in_any_order() {
    let one = "[[app]]\nid = \"*\"\n[app.apparmor]\nprofile = \"generated\"\nstack = [\"site\"]\n";
    let other = "[[app]]\nid = \"*\"\n[app.apparmor]\nprofile = \"other\"\nmode = \"enforce\"\n";
    for texts in [[one, other], [other, one]] {
        let required = combined(&texts.map(|text| file("x.toml", text))).apparmor;
        assert!(required.generated.is_some() && required.enforce.is_some());
        let names: Vec<&str> = required.profiles.keys().map(ProfileName::as_str).collect();
        assert_eq!(names, ["other", "site"]);
    }
}

#[test]
fn a_policy_cannot_take_protection_away() {
    for line in [
        "profile = \"unconfined\"",
        "mode = \"complain\"",
        "stack = [\"a//&b\"]",
    ] {
        let text = format!("[[app]]\nid = \"*\"\n[app.apparmor]\n{line}\n");
        let source = SourceText::new("x.toml", text.as_bytes()).unwrap();
        assert!(PolicyFile::parse(&source).is_err(), "{line}");
    }
}

const EXAMPLE: &str = include_str!("../../../configs/policy/example.toml");
const PAGE: &str = include_str!("../../../hack/docs/policy.md");

/// The keys that the parser knows, by its own word.
fn keys(text: &str) -> Vec<String> {
    let source = SourceText::new("x.toml", text.as_bytes()).unwrap();
    let error = PolicyFile::parse(&source).unwrap_err().message.to_string();
    let (_, known) = error.split_once("expected one of ").unwrap();
    let words = known.split(", ").map(|word| word.trim_matches('`'));
    words.map(str::to_owned).collect()
}

#[test]
fn every_key_is_in_the_example_and_on_the_page() {
    let rule = keys("[[app]]\nid = \"*\"\nx = 1\n");
    let apparmor = keys("[[app]]\nid = \"*\"\n[app.apparmor]\nx = 1\n");
    assert!(
        rule.len() > 10 && apparmor.len() == 4,
        "{rule:?} {apparmor:?}"
    );
    for key in rule.iter().chain(&apparmor) {
        let in_example = [format!("{key} = "), format!("[app.{key}]")];
        let has = in_example.iter().any(|text| EXAMPLE.contains(text));
        assert!(has, "`{key}` is not in the example");
        let rows = PAGE.lines().filter(|line| line.starts_with("| `"));
        let on_page = [format!("`{key}`"), format!("`apparmor.{key}`")];
        let mut rows = rows.filter_map(|row| row.split('|').nth(1));
        let has = rows.any(|row| on_page.iter().any(|text| row.contains(text)));
        assert!(has || key == "apparmor", "`{key}` is not on the page");
    }
}

#[test]
fn the_example_is_a_policy() {
    let policy = combine(
        &[file("example.toml", EXAMPLE)],
        &AppId::parse("com.vendor.App").unwrap(),
    );
    let policy = policy.unwrap();
    assert_eq!(policy.ports.len(), 1);
    assert_eq!(policy.bus_names.len(), 4);
    assert_eq!(policy.on_excess, OnExcess::Refuse);
    // what is shown is what was written
    let shown = policy.bounds();
    let shown: Vec<String> = shown
        .iter()
        .map(|b| format!("{} {}", b.key, b.value))
        .collect();
    for line in [
        "connect tcp:443",
        "bind nothing",
        "session-bus.org.freedesktop.Flatpak none",
        "default-limits.pids-max 128",
        "origins flathub, site",
        "apparmor.stack site-baseline, if it can be had",
    ] {
        assert!(shown.iter().any(|shown| shown == line), "{line}: {shown:?}");
    }
}
