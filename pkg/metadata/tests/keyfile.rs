//! Claims about the keyfile format.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::{Keyfile, SourceText};

fn keyfile(text: &str) -> Keyfile {
    Keyfile::parse(&SourceText::new("test", text.as_bytes()).unwrap()).unwrap()
}

#[test]
fn repeated_groups_merge_and_each_entry_keeps_its_line() {
    let keyfile = keyfile("[Context]\nshared=ipc;\n[Other]\n[Context]\nsockets=x11;\n");
    let lines: Vec<_> = keyfile
        .group("Context")
        .unwrap()
        .values()
        .map(|value| (value.key(), value.origin(flatrack_perms::Source::App).line))
        .collect();
    assert_eq!(lines, [("shared", Some(2)), ("sockets", Some(5))]);
}

#[test]
fn outside_of_permissions_the_last_of_a_key_counts() {
    assert_eq!(
        keyfile("[Build]\na=1\na=2\n")
            .get("Build", "a")
            .unwrap()
            .raw(),
        "2"
    );
}

#[test]
fn lists_and_escapes_are_read_as_glib_reads_them() {
    let cases: [(&str, &[&str]); 7] = [
        ("a;b;", &["a", "b"]),
        ("a;b", &["a", "b"]),
        ("a\\;b;c", &["a;b", "c"]),
        ("\\sa\\tb\\\\;", &[" a\tb\\"]),
        ("", &[]),
        (";;a;", &["a"]),
        ("a ; b;", &["a ", " b"]),
    ];
    for (raw, items) in cases {
        let keyfile = keyfile(&format!("[G]\nk= {raw}\n"));
        let list = keyfile.get("G", "k").unwrap().list().unwrap();
        assert_eq!(
            list.iter().map(|item| item.as_str()).collect::<Vec<_>>(),
            items,
            "{raw}"
        );
    }
}

#[test]
fn an_item_with_escapes_knows_its_place() {
    let text = "[G]\nk=\\sx\\;y;zz;\n";
    let keyfile = keyfile(text);
    let list = keyfile.get("G", "k").unwrap().list().unwrap();
    assert_eq!(&text[list[0].span()], "\\sx\\;y");
    assert_eq!(&text[list[0].place(1..4)], "x\\;y");
    assert_eq!(&text[list[1].span()], "zz");
}

#[test]
fn space_comments_and_line_ends_of_windows_are_passed_over() {
    let keyfile = keyfile("# c\r\n\r\n  [G]  \r\n k = v \r\n#x=y\r\n");
    assert_eq!(keyfile.get("G", "k").unwrap().raw(), "v ");
    assert_eq!(keyfile.groups().count(), 1);
}

#[test]
fn translations_are_kept_apart() {
    let keyfile = keyfile("[Application]\nname[de]=Anwendung\nname=org.example.App\n");
    assert_eq!(
        keyfile.get("Application", "name").unwrap().raw(),
        "org.example.App"
    );
    assert!(
        keyfile
            .get("Application", "name[de]")
            .unwrap()
            .is_localized()
    );
}

#[test]
fn booleans_are_true_and_false() {
    let keyfile = keyfile("[G]\na=true\nb=false\nc=yes\n");
    assert!(keyfile.get("G", "a").unwrap().boolean().unwrap());
    assert!(!keyfile.get("G", "b").unwrap().boolean().unwrap());
    assert!(keyfile.get("G", "c").unwrap().boolean().is_err());
}

#[test]
fn a_text_of_more_than_a_mebibyte_is_refused() {
    assert!(SourceText::new("big", &vec![b'#'; SourceText::MOST]).is_ok());
    assert!(SourceText::new("big", &vec![b'#'; SourceText::MOST + 1]).is_err());
}

#[test]
fn a_problem_is_shown_with_its_line_its_place_and_what_to_write() {
    let text = SourceText::new(
        "overrides/org.example.App",
        b"[X-Resources]\n\nmemory-max=64Q\n",
    );
    let error = flatrack_metadata::layer::parse(flatrack_perms::Source::UserApp, &text.unwrap());
    assert_eq!(
        error.unwrap_err().to_string(),
        "error: this is not a size
 --> overrides/org.example.App:3:12
  |
3 | memory-max=64Q
  |            ^^^ bytes, or a number with `K`, `M`, `G` or `T`, or `max`"
    );
}
