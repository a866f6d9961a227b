//! `flatrack override`: what an app may do from now on, without a word to Flatpak's files.

use std::sync::atomic::{AtomicBool, Ordering};

use flatrack_testbed::{Testbed, User, needs};

use crate::support::json;

const ID: &str = "org.flatrack.Test.Overridden";

fn bed() -> Testbed {
    let bed = Testbed::new().with_flatpak();
    bed.write("home/note", "found");
    bed.app(ID)
        .finish_arg("--filesystem=~/note:ro")
        .script("cat ~/note; echo $A")
        .install();
    bed
}

#[test]
fn an_override_counts_from_the_next_start_until_it_is_taken_back() {
    needs!(StockFlatpak);
    let bed = bed();
    let flatpaks = bed.write_override(
        ID,
        "[Context]\nfilesystems=~/note;\n[Environment]\nA=flatpak\n",
    );
    let before = std::fs::read(&flatpaks).unwrap();
    assert_eq!(bed.flatrack(["run", ID]).assert_success(), "foundflatpak");
    let words = [
        "override",
        "--user",
        "--nofilesystem=~/note",
        "--env=A=own",
        ID,
    ];
    bed.flatrack(words).assert_success();
    let said = bed.flatrack(["run", ID]);
    assert_eq!(said.assert_success(), "own", "above Flatpak's");
    // the command line is above both
    let words = ["run", "--filesystem=~/note", ID];
    assert_eq!(bed.flatrack(words).assert_success(), "foundown");
    let shown = bed.flatrack(["override", "--user", "--show", ID]);
    let expected = "[Context]\nfilesystems=!~/note;\n\n[Environment]\nA=own";
    assert_eq!(shown.assert_success(), expected);
    let shown = json(&bed.flatrack(["override", "--user", "--json", ID])).to_string();
    assert!(
        shown.contains("own-user-app") && shown.contains(ID),
        "{shown}"
    );
    let explained = bed.flatrack(["explain", ID]);
    assert!(
        explained
            .assert_success()
            .contains("flatrack's user override")
    );

    bed.flatrack(["override", "--user", "--reset", ID])
        .assert_success();
    assert_eq!(bed.flatrack(["run", ID]).assert_success(), "foundflatpak");
    assert_eq!(std::fs::read(&flatpaks).unwrap(), before);
    assert_eq!(
        bed.flatrack(["override", "--user", "--show", ID])
            .assert_success(),
        ""
    );
}

#[test]
fn an_override_for_all_apps_is_below_the_one_for_an_app() {
    needs!(StockFlatpak);
    let bed = bed();
    bed.flatrack(["override", "--user", "--env=A=all"])
        .assert_success();
    assert_eq!(bed.flatrack(["run", ID]).assert_success(), "foundall");
    bed.flatrack(["override", "--user", "--env=A=one", ID])
        .assert_success();
    assert_eq!(bed.flatrack(["run", ID]).assert_success(), "foundone");
}

#[test]
fn what_was_said_before_stays() {
    let bed = Testbed::new();
    let add = |option: &str| {
        bed.flatrack(["override", "--user", option, ID])
            .assert_success();
    };
    let file = bed.write(
        format!("home/.config/flatrack/overrides/{ID}"),
        "[Later]\nkey=kept\n",
    );
    let options = [
        "--socket=x11",
        "--nosocket=wayland",
        "--socket-if=pulseaudio:has-wayland",
        "--memory-max=64M",
        "--add-policy=a.b=c",
        "--remove-policy=a.b=d",
        "--usb=vnd:0FD9",
        "--allow-connect=tcp:443",
        "--allow-connect=tcp:80",
        "--unset-env=B",
        "--persist=.x",
        "--nofilesystem=host:reset",
    ];
    options.into_iter().for_each(add);
    let expected = "[Later]\nkey=kept\n\n[Context]\nsockets=x11;!wayland;pulseaudio;if:pulseaudio:has-wayland;\n\
         unset-environment=B;\npersistent=.x;\nfilesystems=!host:reset;\n\n[X-Resources]\nmemory-max=64M\n\n\
         [Policy a]\nb=c;!d;\n\n[USB Devices]\nenumerable-devices=vnd:0fd9;\n\n[X-Network]\n\
         connect=tcp:443;tcp:80;\n";
    assert_eq!(std::fs::read_to_string(file).unwrap(), expected);
}

#[test]
fn a_start_sees_an_override_as_it_was_or_as_it_is() {
    needs!(StockFlatpak);
    let bed = bed();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let rewriter = scope.spawn(|| {
            let mut turn = 0_u32;
            while !done.load(Ordering::Relaxed) {
                let option = ["--nofilesystem=~/note", "--filesystem=~/note:ro"][turn as usize % 2];
                let words = ["override", "--user", option, "--env=A=x", ID];
                bed.flatrack(words).assert_success();
                turn += 1;
            }
            turn
        });
        bed.flatrack(["override", "--user", "--env=A=x", ID])
            .assert_success();
        for _ in 0..10 {
            let said = bed.flatrack(["run", ID]);
            let text = said.assert_success();
            assert!(["foundx", "x"].contains(&text), "{text}");
        }
        done.store(true, Ordering::Relaxed);
        assert!(rewriter.join().unwrap() > 0);
    });
    let left = std::fs::read_dir(bed.home().join(".config/flatrack/overrides")).unwrap();
    assert_eq!(left.count(), 1);
}

#[test]
fn what_cannot_be_meant_or_is_not_allowed_is_refused() {
    let bed = Testbed::of(User::ordinary());
    let refused = |words: &[&str], says: &str| {
        let words = [&["override"], words].concat();
        bed.flatrack(words).assert_refused(&[says]);
    };
    refused(&["--user", ID], "nothing to change");
    refused(&["--user", "--env=A=1", "../escape"], "escape");
    refused(&["--user", "--socket=x12", ID], "x12");
    let broken = bed.write("home/.config/flatrack/overrides/org.a.Broken", "no group");
    refused(&["--user", "--env=A=1", "org.a.Broken"], "org.a.Broken");
    assert_eq!(std::fs::read_to_string(broken).unwrap(), "no group");
    needs!(Root);
    // the user has no right to the system's
    refused(&["--env=A=1", ID], "--user");
    // a directory of another user
    let bed = Testbed::new();
    let dir = bed.home().join(".config/flatrack/overrides");
    std::fs::create_dir_all(&dir).unwrap();
    std::os::unix::fs::chown(&dir, Some(54321), None).unwrap();
    let said = bed.flatrack(["override", "--user", "--env=A=1", ID]);
    said.assert_refused(&["only you can write to"]);
}
