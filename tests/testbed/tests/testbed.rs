//! The testbed's own claims: what it builds is real, and what it says about the machine is true.

use std::fs;

use flatrack_testbed::{Capability, HELLO, Leftovers, Testbed, User, needs};

const NO_BUS: &str = "--no-session-bus";

#[test]
fn stock_flatpak_runs_the_first_app() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::new().with_flatpak();
    let said = bed.run("flatpak", ["run", NO_BUS, HELLO]);
    assert_eq!(said.assert_success(), format!("hello from {HELLO}"));
}

#[test]
fn stock_flatpak_runs_an_app_of_an_ordinary_user() {
    needs!(StockFlatpak, UserNamespaces);
    let bed = Testbed::of(User::ordinary()).with_flatpak();
    let id = "org.flatrack.Test.Own";
    bed.app(id)
        .metadata("X-Resources", "memory-max", "64M")
        .script("id -u")
        .install();
    let uid = bed.user().uid.to_string();
    assert_eq!(
        bed.run("flatpak", ["run", NO_BUS, id]).assert_success(),
        uid
    );
    let deployed = bed
        .user_installation()
        .join("app")
        .join(id)
        .join("current/active/metadata");
    let metadata = fs::read_to_string(deployed).unwrap();
    assert!(
        metadata.contains("[X-Resources]\nmemory-max=64M"),
        "{metadata}"
    );
}

#[test]
fn a_testbed_has_no_environment_but_its_own() {
    let bed = Testbed::new();
    let said = bed.run("env", Vec::<&str>::new());
    let root = bed.root().display().to_string();
    for line in said.assert_success().lines() {
        let named = ["PATH=", "LANG="].iter().any(|name| line.starts_with(name));
        assert!(named || line.contains(&root), "{line}");
    }
}

#[test]
fn serial_a_cgroup_that_stays_is_found() {
    needs!(Root, PidsLimit);
    let bed = Testbed::alone(User::current());
    let before = Leftovers::snapshot(&bed);
    let parent = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"]
        .into_iter()
        .find(|dir| fs::exists(dir).unwrap());
    let dir = format!("{}/flatrack-test-leftover", parent.unwrap());
    fs::create_dir(&dir).unwrap();
    let found = std::panic::catch_unwind(|| before.assert_none());
    fs::remove_dir(&dir).unwrap();
    assert!(found.is_err(), "the cgroup was not seen");
    before.assert_none();
}

#[test]
fn every_capability_has_its_own_keyword() {
    use Capability::*;
    let all = [
        Root,
        StockFlatpak,
        FlatpakBuilder,
        Crun,
        Runc,
        Script,
        UserNamespaces,
        MemoryLimit,
        CpuLimit,
        PidsLimit,
        Cgroup2,
        AppArmor,
    ];
    let keywords: std::collections::BTreeSet<_> = all.iter().map(|one| one.keyword()).collect();
    assert_eq!(keywords.len(), all.len());
}
