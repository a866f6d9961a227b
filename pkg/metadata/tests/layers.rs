//! Claims about metadata and overrides.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::{AppMetadata, Diagnostic, RefKind, SourceText, layer, options};
use flatrack_perms::{AppId, Grant, Layer, Source};

fn text(text: &str) -> SourceText {
    SourceText::new("test", text.as_bytes()).unwrap()
}

fn read(content: &str) -> (Layer, Vec<Diagnostic>) {
    layer::parse(Source::UserApp, &text(content)).unwrap()
}

/// What a file says, as options.
fn said(content: &str) -> Vec<String> {
    options::render(&read(content).0)
}

#[test]
fn every_group_means_what_its_options_mean() {
    let cases: [(&str, &[&str]); 16] = [
        (
            "[Context]\nshared=network;!ipc;",
            &["--share=network", "--unshare=ipc"],
        ),
        (
            "[Context]\nsockets=x11;if:x11:!has-wayland;",
            &["--socket-if=x11:!has-wayland"],
        ),
        (
            "[Context]\ndevices=if:all:!has-input-device",
            &["--device-if=all:!has-input-device"],
        ),
        (
            "[Context]\nfeatures=devel;!bluetooth",
            &["--allow=devel", "--disallow=bluetooth"],
        ),
        (
            "[Context]\nfilesystems=home:ro;!host;xdg-data/x:create;!host:reset",
            &[
                "--filesystem=home:ro",
                "--nofilesystem=host",
                "--filesystem=xdg-data/x:create",
                "--nofilesystem=host:reset",
            ],
        ),
        (
            "[Context]\npersistent=.mozilla;/x/",
            &["--persist=.mozilla", "--persist=x"],
        ),
        (
            "[Context]\nunset-environment=A;\n[Environment]\nA=1\nB=\nC=x\\ny;z",
            &["--env=A=1", "--env=B=", "--env=C=x\ny;z", "--unset-env=A"],
        ),
        (
            "[Session Bus Policy]\norg.a.B=talk\norg.c.*=none",
            &["--talk-name=org.a.B", "--no-talk-name=org.c.*"],
        ),
        (
            // there is no option for `see`
            "[System Bus Policy]\norg.a.B=own\norg.a.C=see",
            &["--system-own-name=org.a.B"],
        ),
        (
            "[Policy s]\nk=v;!w;",
            &["--add-policy=s.k=v", "--remove-policy=s.k=w"],
        ),
        (
            "[USB Devices]\nhidden-devices=vnd:0FD9;\nenumerable-devices=all;",
            &["--usb=all", "--nousb=vnd:0fd9"],
        ),
        (
            "[X-Resources]\nmemory-max=65536K\nnofile=1024:4K",
            &["--memory-max=64M", "--nofile=1024:4096"],
        ),
        (
            "[X-AppArmor]\nprofile=generated\nmode=complain\nstack=one;two;",
            &[
                "--apparmor=generated",
                "--apparmor-mode=complain",
                "--apparmor-stack=one",
                "--apparmor-stack=two",
            ],
        ),
        (
            "[X-AppArmor]\nprofile=\nstack=",
            &["--apparmor=", "--apparmor-stack="],
        ),
        ("[Unknown]\nfilesystems=host", &[]),
        (
            "[Context]\nshared=!warp;telepathy;if:warp:x\nfilesystems=xdg-trash:ro;",
            &[],
        ),
    ];
    for (content, options) in cases {
        assert_eq!(said(content), options, "{content}");
    }
}

#[test]
fn what_is_ignored_is_warned_about() {
    let (layer, warnings) = read("[Context]\nshared=telepathy;network\nsocket=x11\n");
    assert_eq!(layer.entries.len(), 1);
    let lines: Vec<u32> = warnings.iter().map(Diagnostic::line).collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn every_limit_is_read() {
    for (content, value) in [
        (
            "io-max=8:0 rbps=1; /dev/sda wiops=2K",
            "8:0 rbps=1; /dev/sda wiops=2K",
        ),
        ("hugetlb-2MB-max=1G", "1G"),
        ("oom-group=true", "true"),
        ("nice=-3", "-3"),
    ] {
        let (layer, _) = read(&format!("[X-Resources]\n{content}\n"));
        let values = layer.entries.iter().map(|entry| match &entry.grant {
            Grant::Limit(limit) => limit.value(),
            other => panic!("{other:?}"),
        });
        assert_eq!(values.collect::<Vec<_>>(), [value], "{content}");
    }
}

#[test]
fn every_grant_knows_its_line() {
    let (layer, _) = read("[Context]\n\nshared=network;ipc\n[Environment]\nA=1\n");
    let lines: Vec<_> = layer
        .entries
        .iter()
        .map(|entry| entry.origin.line)
        .collect();
    assert_eq!(lines, [Some(3), Some(3), Some(5)]);
    assert_eq!(
        layer.entries[0].origin.to_string(),
        "user override (test:3)"
    );
}

const APP: &str = "[Application]
name=org.example.App
runtime=org.example.Platform/x86_64/24.08
sdk=org.example.Sdk/x86_64/24.08
command=app
required-flatpak=1.12.0;1.14.1;
[Context]
shared=network;
[Extension org.example.App.Plugin@v2]
directory=share/plugins
versions=1;2
";

#[test]
fn metadata_is_read_whole() {
    let (app, warnings) = AppMetadata::parse(&text(APP), Source::App).unwrap();
    assert!(warnings.is_empty());
    assert_eq!(app.kind, RefKind::App);
    assert_eq!(
        app.runtime.unwrap().to_string(),
        "org.example.Platform/x86_64/24.08"
    );
    assert_eq!(app.sdk.unwrap().branch.as_str(), "24.08");
    assert_eq!(app.command.as_deref(), Some("app"));
    assert_eq!(app.required_flatpak, ["1.12.0", "1.14.1"]);
    assert_eq!(options::render(&app.layer), ["--share=network"]);
    let point = &app.extensions[0];
    assert_eq!(
        (point.name.as_str(), point.tag.as_deref()),
        ("org.example.App.Plugin", Some("v2"))
    );
    let versions: Vec<&str> = point.versions.iter().map(|one| one.as_str()).collect();
    assert_eq!(versions, ["1", "2"]);
}

#[test]
fn a_runtime_needs_no_runtime_and_an_extension_says_of_what() {
    let content =
        "[Runtime]\nname=org.example.Ext\n[ExtensionOf]\nref=app/a.b.c/x86_64/1\npriority=2\n";
    let (runtime, _) = AppMetadata::parse(&text(content), Source::Runtime).unwrap();
    assert_eq!(runtime.kind, RefKind::Runtime);
    assert_eq!(runtime.extension_of.unwrap()["priority"], "2");
}

#[test]
fn metadata_of_another_app_is_refused() {
    let (app, _) = AppMetadata::parse(&text(APP), Source::App).unwrap();
    app.check_id(&AppId::parse("org.example.App").unwrap())
        .unwrap();
    let error = app
        .check_id(&AppId::parse("org.example.Other").unwrap())
        .unwrap_err();
    assert_eq!(&error.source.text()[error.span.clone()], "org.example.App");
}
