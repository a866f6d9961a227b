//! What holds for every text.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::manifest::ManifestError;
use flatrack_metadata::{
    AppMetadata, Diagnostic, Keyfile, Manifest, PolicyFile, SourceText, keyfile, layer, options,
};
use flatrack_perms::{Arch, Source};
use proptest::prelude::*;

/// Bytes, and texts that come near to being right.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let words = proptest::sample::select(vec![
        "[Application]",
        "[Context]",
        "[Environment]",
        "[Session Bus Policy]",
        "[X-Resources]",
        "[X-Network]",
        "[Policy x]",
        "[USB Devices]",
        "[Extension a.b.c]",
        "\n",
        "\n",
        "=",
        ";",
        "\\",
        "!",
        "if:",
        ":",
        "name",
        "runtime",
        "a.b.c/d/e",
        "a.b.c",
        "command",
        "shared",
        "network",
        "filesystems",
        "home",
        "/../",
        "..",
        "persistent",
        "memory-max",
        "64M",
        "directory",
        "\r",
        "\u{1b}[2J",
        "\u{202e}",
        "\u{85}",
        "ü",
        " ",
        "\t",
        "id: ",
        "- ",
        "modules:",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        ",",
        "/*",
        "*/",
        "//",
        "type: file",
        "&a ",
        "*a ",
        "| ",
        "finish-args:",
        "--share=network",
        "--metadata=Context=shared=",
        "[[app]]",
        "[app.limits]",
        "deny",
        "id = \"*\"",
        "true",
        "null",
        "1.0",
        "\\u0000",
        "{\"id\":",
        "\u{feff}",
        "<<: ",
        "!!str ",
        "? ",
        "#",
        "%",
    ]);
    prop_oneof![
        1 => proptest::collection::vec(any::<u8>(), 0..200),
        4 => proptest::collection::vec(words, 0..40).prop_map(|words| words.concat().into_bytes()),
    ]
}

fn sound(diagnostic: &Diagnostic) -> Result<(), TestCaseError> {
    let shown = diagnostic.to_string();
    prop_assert!(
        diagnostic
            .source
            .text()
            .get(diagnostic.span.clone())
            .is_some()
    );
    let hides = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{feff}');
    prop_assert!(!shown.contains(hides), "{shown:?}");
    Ok(())
}

fn check<T>(result: Result<(T, Vec<Diagnostic>), Diagnostic>) -> Result<Option<T>, TestCaseError> {
    match result {
        Ok((value, warnings)) => {
            warnings.iter().try_for_each(sound)?;
            Ok(Some(value))
        }
        Err(error) => sound(&error).map(|()| None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_text_makes_a_parser_panic_and_every_place_is_inside(bytes in bytes()) {
        for name in ["x", "x.yml", "\u{1b}[2J.json"] {
            let text = match SourceText::new(name, &bytes) {
                Ok(text) => text,
                Err(error) => {
                    sound(&error)?;
                    continue;
                }
            };
            check(AppMetadata::parse(&text, Source::App))?;
            check(layer::parse(Source::UserApp, &text))?;
            check(PolicyFile::parse(&text).map(|file| (file, Vec::new())))?;
            let manifest = Manifest::parse(&text).map_err(|error| match error {
                ManifestError::Wrong(place) | ManifestError::NotSupported { place, .. } => *place,
            });
            if let Some(manifest) = check(manifest)? {
                let _written = manifest.to_metadata(&Arch::parse("x86_64").unwrap());
            }
        }
    }

    #[test]
    fn a_keyfile_that_is_written_reads_back_as_the_same(bytes in bytes()) {
        let Ok(text) = SourceText::new("x", &bytes) else { return Ok(()) };
        let Ok(keyfile) = Keyfile::parse(&text) else { return Ok(()) };
        let written = keyfile.write();
        let again = Keyfile::parse(&SourceText::new("x", written.as_bytes()).unwrap()).unwrap();
        prop_assert_eq!(rows(&again), rows(&keyfile));
        prop_assert_eq!(again.write(), written);
    }

    #[test]
    fn every_string_and_list_comes_back_from_a_keyfile(
        string in "([^\0\x0b\x0c][^\0]{0,30})?",
        list in proptest::collection::vec("[^\0\x0b\x0c][^\0]{0,8}", 1..6),
    ) {
        let mut writer = keyfile::Writer::default();
        writer.set("G", "string", &string).unwrap();
        writer.set_list("G", "list", &list).unwrap();
        let text = SourceText::new("x", writer.to_string().as_bytes()).unwrap();
        let keyfile = Keyfile::parse(&text).unwrap();
        let read = keyfile.get("G", "string").unwrap().string().unwrap();
        prop_assert_eq!(read.as_str(), &string);
        let read = keyfile.get("G", "list").unwrap().list().unwrap();
        let read: Vec<&str> = read.iter().map(|item| item.as_str()).collect();
        prop_assert_eq!(read, list.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn options_that_are_rendered_read_back_as_the_same(args in proptest::collection::vec(option(), 0..12)) {
        let layer = options::parse_args(Source::CommandLine, &args).unwrap();
        let rendered = options::render(&layer);
        let again = options::parse_args(Source::CommandLine, &rendered).unwrap();
        prop_assert_eq!(&again, &layer);
        prop_assert_eq!(options::render(&again), rendered);
    }

    #[test]
    fn what_is_changed_is_as_if_it_had_been_written_at_once(
        first in proptest::collection::vec(option(), 0..8),
        second in proptest::collection::vec(option(), 0..8),
    ) {
        let write = |mut writer: options::MetadataWriter, args: &[String]| {
            let mut index = 0;
            while index < args.len() {
                let arg = options::next_arg(args, &mut index).unwrap();
                writer.add(&arg).unwrap();
            }
            writer.finish().unwrap().to_string()
        };
        let change = |text: &str, args: &[String]| {
            let text = SourceText::new("x", text.as_bytes()).unwrap();
            let keyfile = Keyfile::parse(&text).unwrap();
            write(options::MetadataWriter::change(&keyfile).unwrap(), args)
        };
        let said = |text: &str| {
            let text = SourceText::new("x", text.as_bytes()).unwrap();
            resolved(layer::parse(Source::UserApp, &text).unwrap().0)
        };
        let in_two_steps = change(&change("[Unknown]\na=b\n", &first), &second);
        let at_once = change("", &[first, second].concat());
        prop_assert_eq!(said(&in_two_steps), said(&at_once), "{} {}", in_two_steps, at_once);
        prop_assert!(in_two_steps.contains("[Unknown]\na=b\n"));
    }

    #[test]
    fn what_build_finish_writes_grants_what_the_options_grant(
        args in proptest::collection::vec(option(), 0..12),
    ) {
        let json = serde_json::json!({
            "id": "a.b.c", "runtime": "a.b.P", "sdk": "a.b.S", "finish-args": args,
        });
        let text = SourceText::new("x.json", json.to_string().as_bytes()).unwrap();
        let (manifest, _) = Manifest::parse(&text).unwrap();
        let written = manifest.to_metadata(&Arch::parse("x86_64").unwrap()).unwrap();
        let text = SourceText::new("metadata", written.as_bytes()).unwrap();
        let (app, warnings) = AppMetadata::parse(&text, Source::App).unwrap();
        prop_assert!(warnings.is_empty());
        prop_assert_eq!(resolved(app.layer), resolved(manifest.finish_args), "{}", written);
    }
}

/// Everything in a keyfile but places.
fn rows(keyfile: &Keyfile) -> Vec<(String, Vec<(String, String)>)> {
    let entries = |group: keyfile::GroupRef<'_>| {
        group
            .values()
            .map(|value| (value.key().to_owned(), value.raw().to_owned()))
            .collect()
    };
    keyfile
        .groups()
        .map(|group| (group.name().to_owned(), entries(group)))
        .collect()
}

fn option() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "--share=network",
        "--unshare=network",
        "--share=ipc",
        "--device=dri",
        "--nodevice=dri",
        "--device-if=all:!has-input-device",
        "--device-if=kvm:has-wayland",
        "--allow=devel",
        "--disallow=devel",
        "--filesystem=home",
        "--filesystem=~/a\\:b:ro",
        "--nofilesystem=home",
        "--filesystem=xdg-run/x:create",
        "--filesystem=/srv/x;y",
        "--nofilesystem=host:reset",
        "--nofilesystem=/srv/x",
        "--persist=.x",
        "--persist=.",
        "--env=A=1",
        "--env=A= \tx\n;\\",
        "--unset-env=A",
        "--env=B=",
        "--memory-max=64M",
        "--memory-max=max",
        "--cpu-max=12.5%",
        "--nofile=1:2",
        "--oom-score-adj=-5",
        "--no-talk-name=org.a.B",
        "--remove-policy=a.b=c;d",
        "--nousb=vnd:0fd9",
    ])
    .prop_map(str::to_owned)
}

/// The rights without who granted them.
fn resolved(layer: flatrack_perms::Layer) -> Vec<String> {
    let stack = flatrack_perms::LayerStack::new(vec![layer]);
    let facts = flatrack_perms::Conditions {
        has_wayland: true,
        has_usb_portal: Some(false),
    };
    let (resolved, _) = stack
        .resolve(&facts, &flatrack_perms::Policy::default())
        .unwrap();
    let parts = resolved.parts();
    let mut rights: Vec<String> = parts.permissions.keys().map(ToString::to_string).collect();
    rights.extend(
        parts
            .filesystems
            .iter()
            .map(|(place, access)| format!("{place} {:?}", access.value)),
    );
    rights.extend(parts.persist.keys().map(|path| format!("{path:?}")));
    rights.extend(
        parts
            .environment
            .iter()
            .map(|(name, value)| format!("{name:?} {:?}", value.value)),
    );
    rights.extend(
        parts
            .limits
            .list()
            .iter()
            .map(|limit| limit.value.to_string()),
    );
    rights
}
