//! Settings of the desktop: what the machine presets, and what the user had before the app was a Flatpak.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use flatrack_testbed::{Outcome, Testbed, needs};

const ID: &str = "org.flatrack.Test.Settings";

/// A database with these keys, compiled by dconf itself.
fn database(bed: &Testbed, name: &str, keys: &str, locks: &str) -> PathBuf {
    let sources = format!("{name}.d");
    bed.write(format!("{sources}/keys"), keys);
    bed.write(format!("{sources}/locks/locks"), locks);
    let path = bed.root().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let done = Command::new("dconf")
        .arg("compile")
        .args([&path, &bed.root().join(sources)])
        .status();
    assert!(done.unwrap().success());
    path
}

fn app(bed: &Testbed, lines: &str, script: &str) -> PathBuf {
    bed.host_build_dir(ID).lines(lines).script(script).write()
}

#[test]
fn what_the_machine_presets_and_locks_is_read_and_nothing_else() {
    needs!(Dconf);
    let bed = Testbed::new();
    let keys = "[org/flatrack/Test/Settings]\nfont='own'\nsize=3\n[org/flatrack/Test/Settings/sub]\nx=true\n\
                [shared/theme]\ncolour='granted'\nother='kept'\n[secret]\nword='hidden'\n";
    let locks = "/org/flatrack/Test/Settings/size\n/secret/word\n";
    let shared = database(&bed, "machine", keys, locks);
    let profile = bed.write(
        "profile",
        format!("user-db:user\nfile-db:{}\n", shared.display()),
    );
    let dir = app(
        &bed,
        "[X-DConf]\npaths=/shared/theme/colour;no path;",
        "cat /etc/glib-2.0/settings/*",
    );
    let mut command = bed.flatrack_command(["run", dir.to_str().unwrap()]);
    let said = Outcome::from(command.env("DCONF_PROFILE", profile).output().unwrap());
    let expected = "[org/flatrack/Test/Settings]\nfont='own'\nsize=3\n\n\
                    [org/flatrack/Test/Settings/sub]\nx=true\n[shared/theme]\ncolour='granted'\n\
                    /org/flatrack/Test/Settings/size";
    assert_eq!(said.assert_success(), expected);
    assert!(said.stderr.contains("not a dconf path"), "{}", said.stderr);
}

#[test]
fn what_the_user_had_set_becomes_the_apps_own_once() {
    needs!(Dconf);
    let bed = Testbed::new();
    let keys = "[org/flatrack/test/settings]\nfont='old'\n[org/other]\nword='hidden'\n";
    database(&bed, "home/.config/dconf/user", keys, "");
    let own = ".var/app/org.flatrack.Test.Settings/config/glib-2.0/settings/keyfile";
    let script = format!("cat $HOME/{own}; echo new >$HOME/{own}");
    let dir = app(
        &bed,
        "[X-DConf]\nmigrate-path=/org/flatrack/test/settings/",
        &script,
    );
    let run = || bed.flatrack(["run", dir.to_str().unwrap()]);
    let expected = "[org/flatrack/test/settings]\nfont='old'";
    assert_eq!(run().assert_success(), expected);
    assert_eq!(run().assert_success(), "new");
}

/// An app names the place itself, so it gets what is plainly its own and no more.
#[test]
fn settings_of_others_are_not_copied() {
    needs!(Dconf);
    let bed = Testbed::new();
    database(
        &bed,
        "home/.config/dconf/user",
        "[org/other]\nword='hidden'\n",
        "",
    );
    let script = "grep -r hidden $HOME /etc/glib-2.0 2>/dev/null || echo nothing";
    for path in [
        "/org/other/",
        "/",
        "/org/flatrack/Test/Settings/../../../other/",
    ] {
        let dir = app(&bed, &format!("[X-DConf]\nmigrate-path={path}"), script);
        let said = bed.flatrack(["run", dir.to_str().unwrap()]);
        assert_eq!(said.assert_success(), "nothing", "{path}");
        assert!(
            said.stderr.contains("nothing is copied"),
            "{path}: {}",
            said.stderr
        );
    }
}

/// The directory is the app's, and a link in it may lead anywhere.
#[test]
fn a_link_of_the_apps_does_not_lead_the_copy_out() {
    needs!(Dconf);
    let bed = Testbed::new();
    let keys = "[org/flatrack/Test/Settings]\nfont='old'\n";
    database(&bed, "home/.config/dconf/user", keys, "");
    let outside = bed.root().join("outside");
    fs::create_dir(&outside).unwrap();
    let dir = app(
        &bed,
        "[X-DConf]\nmigrate-path=/org/flatrack/Test/Settings/",
        "true",
    );
    let config = bed.root().join("home/.var/app").join(ID).join("config");
    fs::create_dir_all(&config).unwrap();
    std::os::unix::fs::symlink(&outside, config.join("glib-2.0")).unwrap();
    let said = bed.flatrack(["run", dir.to_str().unwrap()]);
    assert!(said.stderr.contains("not copied"), "{}", said.stderr);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}
