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
