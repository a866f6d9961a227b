use std::fs::{self, Permissions};
use std::os::unix::fs::symlink;

use super::*;
use crate::default_arch;
use crate::testing::Store;

fn merged_host() -> tempfile::TempDir {
    let host = tempfile::tempdir().unwrap();
    fs::create_dir_all(host.path().join("usr/bin")).unwrap();
    fs::create_dir_all(host.path().join("etc")).unwrap();
    symlink("usr/bin", host.path().join("bin")).unwrap();
    symlink("/usr/lib", host.path().join("lib")).unwrap();
    host
}

fn pref(arch: &str, branch: &str) -> Pref {
    Pref::parse(&format!("{HOST_PLATFORM}/{arch}/{branch}")).unwrap()
}

fn open(host: &Path) -> Result<Deploy, Error> {
    let arch = default_arch().unwrap();
    host_platform(host, &pref(arch.as_str(), BRANCH), &arch)
}

#[test]
fn a_merged_host_is_a_runtime() {
    let host = merged_host();
    let deploy = open(host.path()).unwrap();
    assert_eq!(deploy.files.path(), host.path().join("usr"));
    assert_eq!(
        (deploy.commit.as_str(), &deploy.place),
        ("host", &Place::Builtin)
    );
    let text = String::from_utf8(deploy.metadata.bytes.clone()).unwrap();
    assert!(text.starts_with("[Runtime]\nname=org.flatrack.Host.Platform\n"));
    assert!(deploy.lock().unwrap().is_none());
}

#[test]
fn a_host_with_programs_outside_of_usr_is_refused() {
    for (name, target) in [
        ("sbin", "bin"),
        ("lib64", "usr/../opt"),
        ("lib32", "opt/usr"),
    ] {
        let host = merged_host();
        symlink(target, host.path().join(name)).unwrap();
        assert!(
            matches!(open(host.path()), Err(Error::NotUsrMerged { .. })),
            "{name}"
        );
    }
    let host = merged_host();
    fs::remove_file(host.path().join("bin")).unwrap();
    fs::create_dir(host.path().join("bin")).unwrap();
    let error = open(host.path()).unwrap_err();
    assert!(
        error.to_string().contains("is not a link into `usr`"),
        "{error}"
    );
}

#[test]
fn only_the_arch_and_the_branch_there_are_can_be_had() {
    let host = merged_host();
    let arch = default_arch().unwrap();
    for wrong in [pref(arch.as_str(), "2"), pref("vax", BRANCH)] {
        let error = host_platform(host.path(), &wrong, &arch).unwrap_err();
        let hint = error.hint().unwrap();
        assert!(
            hint.contains(&format!("{HOST_PLATFORM}/{arch}/1")),
            "{hint}"
        );
    }
}

#[test]
fn it_is_found_without_being_installed_and_cannot_be_replaced() {
    let store = Store::new();
    let arch = default_arch().unwrap();
    let wanted = pref(arch.as_str(), BRANCH);
    store.deploy(&store.user(), &format!("runtime/{wanted}"), "abc");
    let host = merged_host();
    let mut environment = store.environment();
    environment.host = host.path().to_owned();
    let found = crate::Installations::find(&environment, &crate::Scope::All).unwrap();
    assert_eq!(found.runtime(&wanted, None).unwrap().place, Place::Builtin);
}

#[test]
fn entries_of_etc_are_shown_where_they_exist_and_everybody_may_read_them() {
    let host = merged_host();
    let etc = host.path().join("etc");
    fs::create_dir_all(etc.join("ssl/certs")).unwrap();
    fs::create_dir_all(etc.join("ssl/private")).unwrap();
    fs::write(etc.join("services"), "").unwrap();
    fs::write(etc.join("shadow"), "").unwrap();
    fs::write(etc.join("protocols"), "").unwrap();
    fs::set_permissions(etc.join("protocols"), Permissions::from_mode(0o640)).unwrap();
    fs::write(host.path().join("usr/os-release"), "").unwrap();
    symlink("../usr/os-release", etc.join("os-release")).unwrap();
    fs::create_dir(host.path().join("root")).unwrap();
    symlink("../root", etc.join("fonts")).unwrap();
    symlink("..", etc.join("xdg")).unwrap();
    symlink("../etc", etc.join("perl")).unwrap();
    let entries = open(host.path()).unwrap().etc;
    let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["os-release", "services", "ssl/certs"]);
    let real = host.path().canonicalize().unwrap();
    assert_eq!(entries[0].source, real.join("usr/os-release"));
}

#[test]
fn the_table_is_sorted_and_each_entry_has_a_reason_and_no_secret() {
    let secret = [
        "passwd",
        "group",
        "shadow",
        "gshadow",
        "sudoers",
        "ssh",
        "machine-id",
        "ssl/private",
        "krb5",
        "NetworkManager",
        "wpa_supplicant",
        "ssl",
        "pki",
        "hosts",
        "resolv.conf",
        "localtime",
    ];
    for rule in ETC {
        assert!(
            !rule.why.is_empty() && !secret.contains(&rule.name),
            "{}",
            rule.name
        );
        assert!(
            !rule
                .name
                .split('/')
                .any(|part| part.is_empty() || part.starts_with('.'))
        );
    }
    assert!(ETC.is_sorted_by(|a, b| a.name < b.name));
}
