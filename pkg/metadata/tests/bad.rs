//! Every file of `tests/bad` is refused or warned about exactly as the `.stderr` beside it says.
//!
//! `BLESS=1 cargo test -p flatrack-metadata --test bad` writes what is said now.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test reads its cases")]

use std::fmt::Display;
use std::path::Path;

use flatrack_metadata::{
    AppMetadata, Diagnostic, Manifest, PolicyFile, SourceText, layer, options,
};
use flatrack_perms::Source;

#[test]
fn every_bad_file_is_refused_with_its_place() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut cases: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.retain(|path| path.extension().is_some_and(|end| end != "stderr"));
    cases.sort();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        let said = said(name, &std::fs::read(&case).unwrap());
        let expected =
            case.with_extension(format!("{}.stderr", case.extension().unwrap().display()));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &said).unwrap();
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        if said != expected || said.is_empty() {
            wrong.push(format!("--- {name}\n{said}\n--- expected\n{expected}"));
        }
        assert!(
            !said.contains(|c: char| c.is_control() && c != '\n'),
            "{name} shows a control character"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which parser reads a file, by the end of its name.
fn said(name: &str, bytes: &[u8]) -> String {
    let text = match SourceText::new(name, bytes) {
        Ok(text) => text,
        Err(error) => return format!("{error}\n"),
    };
    match name.rsplit('.').next().unwrap() {
        "metadata" => shown(AppMetadata::parse(&text, Source::App)),
        "override" => shown(layer::parse(Source::UserApp, &text)),
        "yml" | "json" => shown(Manifest::parse(&text)),
        "toml" => shown(PolicyFile::parse(&text).map(|file| (file, Vec::new()))),
        "args" => {
            let args: Vec<String> = text.text().lines().map(str::to_owned).collect();
            shown(options::parse_args(Source::CommandLine, &args).map(|layer| (layer, Vec::new())))
        }
        end => panic!("no parser reads `.{end}`"),
    }
}

fn shown<T>(result: Result<(T, Vec<Diagnostic>), impl Display>) -> String {
    match result {
        Ok((_, warnings)) => warnings
            .iter()
            .map(|warning| format!("{warning}\n"))
            .collect(),
        Err(error) => format!("{error}\n"),
    }
}
