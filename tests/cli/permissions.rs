//! Permissions: in force, shown, and each with the file and line that granted it.

use flatrack_testbed::{HELLO, Testbed, needs};

use crate::support::json;

/// An app that prints a file of the home which it may see.
fn reader(bed: &Testbed, id: &str, grant: &str) {
    bed.write("home/Documents/note", "found");
    bed.app(id)
        .finish_arg(grant)
        .script("cat $HOME/Documents/note")
        .install();
}

#[test]
fn a_granted_directory_is_there() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Reader";
    reader(&bed, id, "--filesystem=~/Documents:ro");
    assert_eq!(bed.flatrack(["run", id]).assert_success(), "found");
    let said = bed.flatrack([
        "run",
        "--command=sh",
        id,
        "-c",
        "echo x >$HOME/Documents/note",
    ]);
    assert_ne!(said.code, 0, "read-only was written");
}

#[test]
fn an_override_takes_a_grant_away() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Reader";
    reader(&bed, id, "--filesystem=~/Documents:ro");
    bed.write_override(id, "[Context]\nfilesystems=!~/Documents;\n");
    assert_ne!(bed.flatrack(["run", id]).code, 0);
    bed.write_override(id, "[Context]\n");
    assert_ne!(
        bed.flatrack(["run", "--nofilesystem=~/Documents", id]).code,
        0
    );
}

#[test]
fn variables_are_set_and_unset() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let words = [
        "run",
        "--env=A=1",
        "--unset-env=LANG",
        "--command=sh",
        HELLO,
        "-c",
        "echo $A-$LANG-",
    ];
    assert_eq!(bed.flatrack(words).assert_success(), "1--");
}

#[test]
fn rights_of_every_kind_hold_while_their_condition_does() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let script = "readlink /proc/self/ns/net; grep -c devel=true /.flatpak-info; \
         grep -c ' /dev/shm .*mode=755' /proc/self/mounts; grep ^shared /.flatpak-info";
    let run = |condition: &str| {
        let options = ["share-if=network", "allow-if=devel", "device-if=shm"];
        let options = options.map(|option| format!("--{option}:{condition}"));
        let mut words = vec!["run"];
        words.extend(options.iter().map(String::as_str));
        words.extend(["--command=sh", HELLO, "-c", script]);
        let said = bed.flatrack(words).assert_success().to_owned();
        said.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let host = std::fs::read_link("/proc/self/ns/net").unwrap();
    let host = host.to_str().unwrap();
    for holds in [
        "true",
        "!false",
        "has-input-device",
        "!has-wayland",
        "!has-usb-portal",
    ] {
        let said = run(holds);
        assert_eq!(
            (said[0].as_str(), &said[1..3]),
            (host, &["1".into(), "0".into()][..]),
            "{holds}"
        );
        // portals are told of the condition
        assert_eq!(said[3], format!("shared=network;if:network:{holds};"));
    }
    for fails in [
        "false",
        "!true",
        "has-wayland",
        "what-is-this",
        "!what-is-this",
        "has-usb-portal",
    ] {
        let said = run(fails);
        assert_ne!(said[0], host, "{fails}");
        assert_eq!(&said[1..3], ["0", "1"], "{fails}");
    }
}

#[test]
fn what_portals_read_is_carried_to_them() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Carried";
    bed.app(id)
        .finish_arg("--add-policy=softwareupdate.sources=a")
        .finish_arg("--add-policy=softwareupdate.sources=b")
        .metadata("USB Devices", "enumerable-devices", "vnd:0FD9+dev:0063;")
        .script("sed -n '/^.Policy/,$p' /.flatpak-info")
        .install();
    let list = bed.write("usb", "# storage stays hidden\n!cls:08:*;\n\n");
    let list = format!("--usb-list-file={}", list.display());
    let words = ["run", "--remove-policy=softwareupdate.sources=a", &list, id];
    let expected = "[Policy softwareupdate]\nsources=b;\n\n[USB Devices]\nenumerable-devices=vnd:0fd9+dev:0063;\n\
         hidden-devices=cls:08:*;";
    assert_eq!(bed.flatrack(words).assert_success(), expected);
    let shown = bed.flatrack(["permissions", id]);
    assert!(
        shown
            .assert_success()
            .contains("policy softwareupdate.sources=a")
    );
}

#[test]
fn a_persistent_directory_is_in_the_home_of_the_app() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let words = [
        "run",
        "--persist=.thing",
        "--command=sh",
        HELLO,
        "-c",
        "echo x >$HOME/.thing/f",
    ];
    bed.flatrack(words).assert_success();
    assert!(
        bed.home()
            .join(".var/app")
            .join(HELLO)
            .join(".thing/f")
            .exists()
    );
}

#[test]
fn explain_names_the_file_and_the_line_of_each_grant() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Explained";
    bed.app(id).finish_arg("--share=network").install();
    bed.write_override(id, "[Context]\nfilesystems=~/Documents:ro;\n");
    let said = bed.flatrack(["explain", id]);
    let text = said.assert_success();
    let file = format!("overrides/{id}");
    assert!(
        text.lines()
            .any(|line| line.contains("network") && line.contains("metadata")),
        "{text}"
    );
    assert!(text.contains(&format!("{file}:2")), "{text}");
}

#[test]
fn permissions_are_shown_as_text_and_as_json() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Shown";
    bed.app(id)
        .finish_arg("--share=network")
        .metadata("X-Resources", "pids-max", "20")
        .install();
    assert!(
        bed.flatrack(["permissions", id])
            .assert_success()
            .contains("network")
    );
    let shown = json(&bed.flatrack(["permissions", "--json", id])).to_string();
    assert!(shown.contains("network") && shown.contains("20"), "{shown}");
}

/// What the app wrote into its own directory decides where a mount goes, unless links there are refused. Portals take an
/// app for the one that its `/.flatpak-info` names.
#[test]
fn a_link_in_the_apps_own_directory_does_not_move_a_mount_over_its_identity() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let id = "org.flatrack.Test.Forger";
    bed.write(
        "home/.config/some",
        "[Application]\nname=org.example.Other\n",
    );
    bed.app(id)
        .finish_arg("--filesystem=xdg-config/some")
        .script("cat /.flatpak-info")
        .install();
    let honest = bed.flatrack(["run", id]);
    assert!(honest.assert_success().contains(id));
    let config = bed.root().join("home/.var/app").join(id).join("config");
    for target in ["/.flatpak-info", "../../../../../../.flatpak-info"] {
        let link = config.join("some");
        drop(std::fs::remove_file(&link));
        std::os::unix::fs::symlink(target, &link).unwrap();
        let said = bed.flatrack(["run", id]);
        assert!(!said.stdout.contains("org.example.Other"), "{target}");
    }
}
