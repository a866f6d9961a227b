//! `list`, `info`, `doctor`, help, and the files made from the table of options.

use flatrack_testbed::{HELLO, Testbed, needs};

use crate::support::json;

#[test]
fn list_shows_what_stock_flatpak_installed() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    assert!(bed.flatrack(["list"]).assert_success().contains(HELLO));
    let list = json(&bed.flatrack(["list", "--json"]));
    assert!(
        list.as_array()
            .unwrap()
            .iter()
            .any(|app| app.to_string().contains(HELLO)),
        "{list}"
    );
}

#[test]
fn info_names_runtime_and_commit() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    let info = json(&bed.flatrack(["info", "--json", HELLO])).to_string();
    let active = bed
        .system_installation()
        .join("app")
        .join(HELLO)
        .join("current/active");
    let commit = std::fs::read_link(active).unwrap().display().to_string();
    assert!(
        info.contains(&commit) && info.contains(flatrack_testbed::PLATFORM),
        "{info}"
    );
}

#[test]
fn doctor_says_what_this_machine_can_enforce() {
    let bed = Testbed::new();
    let said = bed.flatrack(["doctor"]);
    for word in ["seccomp", "memory", "AppArmor", "Landlock"] {
        assert!(
            said.stdout.to_lowercase().contains(&word.to_lowercase()),
            "{word}:\n{}",
            said.stdout
        );
    }
    assert!(
        json(&bed.flatrack(["doctor", "--json"]))
            .to_string()
            .contains("seccomp")
    );
}

#[test]
fn every_command_has_help() {
    let bed = Testbed::new();
    let verbs =
        "run exec ps kill stop list info permissions explain spec bundle update stats doctor";
    for verb in verbs.split(' ') {
        assert!(
            bed.flatrack([verb, "--help"])
                .assert_success()
                .contains("Usage:"),
            "{verb}"
        );
    }
}

#[test]
fn man_pages_completions_and_reference_come_from_the_same_table() {
    let bed = Testbed::new();
    let dir = bed.root().join("home/generated");
    bed.flatrack(["gen".as_ref(), dir.as_os_str()])
        .assert_success();
    let completions =
        ["flatrack.bash", "_flatrack", "flatrack.fish"].map(|name| format!("completions/{name}"));
    for name in completions
        .iter()
        .map(String::as_str)
        .chain(["man/flatrack-run.1", "permissions.md"])
    {
        let text = std::fs::read_to_string(dir.join(name)).unwrap();
        // a man page escapes its hyphens
        assert!(text.replace('\\', "").contains("memory-max"), "{name}");
    }
}
