//! Claims about manifests.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::manifest::{Manifest, ManifestError, SourceKind};
use flatrack_metadata::{AppMetadata, SourceText, options};
use flatrack_perms::{Arch, Source};

fn text(name: &str, content: &str) -> SourceText {
    SourceText::new(name, content.as_bytes()).unwrap()
}

fn read(content: &str) -> Manifest {
    let (manifest, warnings) = Manifest::parse(&text("app.yml", content)).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    manifest
}

const YAML: &str = r#"# an app
id: org.example.App
runtime: org.example.Platform
runtime-version: 24.10
sdk: org.example.Sdk//24.08
command: app
tags: [nightly]
build-options:
  env: {CC: "gcc", DEBUG: null}
finish-args:
  - --share=network
  - "--env=GREETING=hello; world"
  - --socket-if=x11:!has-wayland
  - --filesystem
  - home:ro
  - --metadata=X-Resources=memory-max=64M
  - --talk-name=org.example.*
  - --require-version=1.12.0
cleanup: ['*.la']
modules:
  - name: hello
    buildsystem: simple
    only-arches: [x86_64]
    build-commands:
      - install -D hello /app/bin/hello
      - |
        echo one
        echo two
    sources:
      - {type: file, path: src/hello, dest: sub, dest-filename: hello}
      - type: inline
        dest-filename: version
        contents: 1.10
      - type: script
        commands: [true me]
      - {type: dir, path: .., skip: [.git]}
"#;

const METADATA: &str = "[Application]
name=org.example.App
runtime=org.example.Platform/x86_64/24.10
sdk=org.example.Sdk/x86_64/24.08
tags=nightly;
command=app
required-flatpak=1.12.0;

[Context]
shared=network;
sockets=x11;if:x11:!has-wayland;
filesystems=home:ro;

[Environment]
GREETING=hello; world

[X-Resources]
memory-max=64M

[Session Bus Policy]
org.example.*=talk
";

#[test]
fn a_manifest_is_read_whole() {
    let manifest = read(YAML);
    assert_eq!(manifest.runtime_version.as_str(), "24.10");
    assert_eq!(manifest.branch.as_str(), "master");
    assert_eq!(manifest.build_env["CC"].as_deref(), Some("gcc"));
    assert_eq!(manifest.build_env["DEBUG"], None);
    let module = &manifest.modules[0];
    assert_eq!(module.build_commands[1], "echo one\necho two\n");
    assert!(module.arches.has(&Arch::parse("x86_64").unwrap()));
    assert!(!module.arches.has(&Arch::parse("aarch64").unwrap()));
    assert_eq!(module.sources[0].dest.as_deref(), Some("sub"));
    let kinds: Vec<&SourceKind> = module.sources.iter().map(|source| &source.kind).collect();
    let inline = SourceKind::Inline {
        contents: "1.10".to_owned(),
        dest_filename: "version".to_owned(),
    };
    let script = SourceKind::Script {
        commands: vec!["true me".to_owned()],
        dest_filename: "autogen.sh".to_owned(),
    };
    let dir = SourceKind::Dir {
        path: "..".to_owned(),
        skip: vec![".git".to_owned()],
    };
    assert_eq!(kinds[1..], [&inline, &script, &dir]);
}

#[test]
fn every_permission_of_a_manifest_knows_its_line() {
    let lines: Vec<_> = read(YAML)
        .finish_args
        .entries
        .iter()
        .map(|entry| entry.origin.line.unwrap())
        .collect();
    assert_eq!(lines, [11, 12, 13, 14, 16, 17]);
}

#[test]
fn the_metadata_is_what_build_finish_writes() {
    let arch = Arch::parse("x86_64").unwrap();
    assert_eq!(read(YAML).to_metadata(&arch).unwrap(), METADATA);
}

#[test]
fn the_metadata_asks_for_what_the_manifest_asks_for() {
    let (app, warnings) = AppMetadata::parse(&text("metadata", METADATA), Source::App).unwrap();
    assert!(warnings.is_empty());
    let sorted = |mut options: Vec<String>| {
        options.sort();
        options
    };
    let manifest = options::render(&read(YAML).finish_args);
    assert_eq!(sorted(options::render(&app.layer)), sorted(manifest));
}

#[test]
fn the_same_manifest_in_json_is_the_same() {
    let yaml = "id: a.b.c\nruntime: a.b.P\nsdk: a.b.S\nfinish-args: [--share=ipc]\n";
    let json = r#"/* c */ {"id": "a.b.c", "//": 1, "//": 2, "runtime": "a.b.\u0050", /* x */
        "sdk": "a.b.S", "x-a": {}, "$schema": "", "finish-args": ["--share=ipc"]}"#;
    let (json, warnings) = Manifest::parse(&text("app.json", json)).unwrap();
    assert!(warnings.is_empty());
    let yaml = read(yaml);
    assert_eq!(
        options::render(&json.finish_args),
        options::render(&yaml.finish_args)
    );
    assert_eq!(
        (json.id, json.runtime, json.sdk),
        (yaml.id, yaml.runtime, yaml.sdk)
    );
}

#[test]
fn what_is_not_built_yet_is_refused_by_name() {
    let content =
        "id: a.b.c\nruntime: a.b.P\nsdk: a.b.S\nmodules: [{name: x, buildsystem: cmake}]\n";
    let error = Manifest::parse(&text("app.yml", content)).unwrap_err();
    let ManifestError::NotSupported { what, place } = error else {
        panic!("{error}")
    };
    assert_eq!(what, "buildsystem: cmake");
    assert_eq!(&place.source.text()[place.span.clone()], "cmake");
}

#[test]
fn the_second_module_of_a_name_gets_a_number() {
    let module = "{name: x, buildsystem: simple, build-commands: [a]}";
    let content =
        format!("id: a.b.c\nruntime: a.b.P\nsdk: a.b.S\nmodules: [{module}, {module}, {module}]\n");
    let names: Vec<String> = read(&content)
        .modules
        .into_iter()
        .map(|module| module.name)
        .collect();
    assert_eq!(names, ["x", "x-2", "x-3"]);
}

#[test]
fn of_an_option_and_a_line_of_metadata_the_later_one_counts() {
    let written = |args: &str| {
        let content = format!("id: a.b.c\nruntime: a.b.P\nsdk: a.b.S\nfinish-args: [{args}]\n");
        let manifest = read(&content);
        let text_of_it = manifest
            .to_metadata(&Arch::parse("x86_64").unwrap())
            .unwrap();
        let (app, _) = AppMetadata::parse(&text("metadata", &text_of_it), Source::App).unwrap();
        (
            options::render(&app.layer),
            options::render(&manifest.finish_args).pop(),
        )
    };
    let line = "--metadata=X-Resources=memory-max=1G";
    for args in [
        format!("{line}, --memory-max=2G"),
        format!("--memory-max=2G, {line}"),
    ] {
        let (metadata, last) = written(&args);
        assert_eq!(metadata.last(), last.as_ref(), "{args}");
        assert_eq!(metadata.len(), 1);
    }
}
