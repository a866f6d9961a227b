use std::fs;
use std::path::Path;

use flatrack_metadata::AppMetadata;
use flatrack_perms::Source;

use super::*;
use crate::testing::{COMMIT, Store};

fn points(lines: &str) -> Vec<ExtensionPoint> {
    let text = format!("[Runtime]\nname=org.example.Platform\n{lines}");
    let text = SourceText::new("metadata", text.as_bytes()).unwrap();
    AppMetadata::parse(&text, Source::Runtime)
        .unwrap()
        .0
        .extensions
}

fn resolve(store: &Store, lines: &str, around: &Surroundings) -> Extensions {
    let parent = Pref::parse("org.example.Platform/x86_64/1").unwrap();
    store
        .find()
        .extensions(&points(lines), &parent, around)
        .unwrap()
}

fn deploy(store: &Store, name: &str, priority: i32) -> PathBuf {
    let dir = store.deploy(&store.system(), &format!("runtime/{name}"), COMMIT);
    let text = format!("[Runtime]\nname=x\n[ExtensionOf]\npriority={priority}\n");
    fs::write(dir.join("metadata"), text).unwrap();
    dir
}

/// Directory and commit of what is mounted, in order.
fn mounted(found: &Extensions) -> Vec<String> {
    let row = |one: &Extension| format!("{} {}", one.directory.display(), one.deploy.full_ref.pref);
    found.mounted.iter().map(row).collect()
}

#[test]
fn every_listed_version_is_mounted_and_priority_decides_the_order() {
    let store = Store::new();
    for (name, priority) in [
        ("org.example.A/x86_64/1", 0),
        ("org.example.B/x86_64/2", 5),
        ("org.example.B/x86_64/3", 0),
    ] {
        deploy(&store, name, priority);
    }
    let found = resolve(
        &store,
        "[Extension org.example.A]\ndirectory=a\n\
         [Extension org.example.B@x]\nversions=2;3;4\nversion=1\ndirectory=b\n",
        &Surroundings::default(),
    );
    assert_eq!(
        mounted(&found),
        [
            "b org.example.B/x86_64/2",
            "a org.example.A/x86_64/1",
            "b org.example.B/x86_64/3"
        ]
    );
    let missing = &found.passed_over[0];
    assert_eq!(missing.pref.to_string(), "org.example.B/x86_64/4");
    assert!(matches!(missing.why, Why::NotInstalled));
}

#[test]
fn one_of_the_exact_name_stands_for_all_below_it_even_where_it_is_not_enabled() {
    let store = Store::new();
    deploy(&store, "org.example.GL.default/x86_64/1", 0);
    let lines = "[Extension org.example.GL]\ndirectory=lib/GL\nsubdirectories=true\nenable-if=active-gl-driver\n";
    let around = Surroundings {
        gl_drivers: vec!["default".to_owned()],
        ..Surroundings::default()
    };
    let found = resolve(&store, lines, &around);
    assert_eq!(
        mounted(&found),
        ["lib/GL/default org.example.GL.default/x86_64/1"]
    );
    assert!(found.mounted[0].own_parent);
    assert!(mounted(&resolve(&store, lines, &Surroundings::default())).is_empty());

    deploy(&store, "org.example.GL/x86_64/1", 0);
    let found = resolve(&store, lines, &around);
    assert!(mounted(&found).is_empty());
    assert!(matches!(found.passed_over[0].why, Why::NotEnabled(_)));
}

#[test]
fn one_kept_by_hand_comes_first() {
    let store = Store::new();
    deploy(&store, "org.example.T.a/x86_64/1", 99);
    fs::create_dir_all(store.user().join("extension/org.example.T.b/x86_64/1")).unwrap();
    let lines = "[Extension org.example.T]\ndirectory=t\nsubdirectories=true\n";
    let found = resolve(&store, lines, &Surroundings::default());
    assert_eq!(
        mounted(&found),
        [
            "t/b org.example.T.b/x86_64/1",
            "t/a org.example.T.a/x86_64/1"
        ]
    );
    assert_eq!(found.mounted[0].deploy.commit, "local");
}

#[test]
fn one_that_is_half_there_is_passed_over() {
    for break_it in [
        |dir: &Path| fs::remove_file(dir.join("metadata")),
        |dir: &Path| fs::remove_dir_all(dir.join("files")),
        |dir: &Path| fs::remove_file(dir.join("deploy")),
    ] {
        let store = Store::new();
        let dir = deploy(&store, "org.example.A.x/x86_64/1", 0);
        break_it(&dir).unwrap();
        let lines = "[Extension org.example.A]\ndirectory=a\nsubdirectories=true\n";
        let found = resolve(&store, lines, &Surroundings::default());
        assert!(found.mounted.is_empty());
        assert!(matches!(found.passed_over[0].why, Why::Damaged(_)));
    }
    // as in Flatpak a link that names nothing means: not installed
    let store = Store::new();
    let dir = deploy(&store, "org.example.A/x86_64/1", 0);
    fs::remove_dir_all(dir).unwrap();
    let lines = "[Extension org.example.A]\ndirectory=a\n";
    let found = resolve(&store, lines, &Surroundings::default());
    assert!(matches!(found.passed_over[0].why, Why::NotInstalled));
}

#[test]
fn conditions_are_alternatives_and_an_unknown_one_never_holds() {
    let around = Surroundings {
        gtk_theme: Some("Adw".to_owned()),
        kernel_modules: BTreeSet::from(["zfs".to_owned()]),
        desktops: vec!["GNOME".to_owned()],
        ..Surroundings::default()
    };
    let enabled = |text: &str, id: &str| {
        let conditions: Vec<EnableIf> = text.split(';').map(EnableIf::parse).collect();
        around.enable(&conditions, &AppId::parse(id).unwrap())
    };
    assert!(enabled("active-gtk-theme", "org.gtk.theme.Adw"));
    assert!(!enabled("active-gtk-theme", "org.gtk.theme.Other"));
    assert!(enabled("unknown;have-kernel-module-zfs", "a.b.c"));
    assert!(enabled("on-xdg-desktop-gnome", "a.b.c"));
    assert!(!enabled("have-intel-gpu;on-xdg-desktop-KDE;new", "a.b.c"));
}
