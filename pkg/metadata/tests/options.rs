//! Claims about options.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::options::{parse_args, parse_option, render, table};
use flatrack_perms::vocabulary::FAMILIES;
use flatrack_perms::{Kind, LimitKey, Source};

fn args(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

#[test]
fn every_option_of_the_vocabulary_is_in_the_table_once() {
    let mut names: Vec<&str> = table().iter().map(|row| row.name).collect();
    for kind in Kind::TABLE {
        assert!(
            [kind.allow, kind.deny, kind.allow_if]
                .iter()
                .all(|name| names.contains(name))
        );
    }
    for row in FAMILIES {
        let options = [row.allow, row.deny];
        assert!(
            options
                .iter()
                .all(|name| name.is_empty() || names.contains(name)),
            "{row:?}"
        );
    }
    assert!(LimitKey::all().all(|key| names.contains(&key.key())));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn a_value_stands_behind_an_equals_sign_or_in_the_next_argument() {
    let one = parse_args(Source::App, &args(&["--share=network", "--env=A=b=c"])).unwrap();
    let two = parse_args(
        Source::App,
        &args(&["--share", "network", "--env", "A=b=c"]),
    )
    .unwrap();
    assert_eq!(one, two);
}

#[test]
fn an_error_names_the_argument_and_the_part_of_it() {
    let list = args(&["--share=network", "--memory-max", "64Q"]);
    let error = parse_args(Source::App, &list).unwrap_err();
    assert_eq!((error.index, error.error.range), (2, 0..3));
    let list = args(&["--filesystem=home:rx"]);
    let error = parse_args(Source::App, &list).unwrap_err();
    assert_eq!(&list[0][error.error.range], "rx");
    let list = args(&["--nofilesystem=~/../x"]);
    let error = parse_args(Source::App, &list).unwrap_err();
    assert_eq!(&list[0][error.error.range], "~/../x");
}

#[test]
fn an_option_that_is_misspelt_finds_its_neighbour() {
    let error = parse_args(Source::App, &args(&["--memroy-max=1G"])).unwrap_err();
    let said = "`--memroy-max=1G`: there is no such option\nhint: did you mean `--memory-max`?";
    assert_eq!(error.to_string(), said);
}

#[test]
fn values_that_look_right_and_are_not_are_refused() {
    let cases = [
        ("share", "netwrok"),
        ("share", "!network"),
        ("share", ""),
        ("device-if", "all"),
        ("device-if", "all:"),
        ("socket-if", "fallback-x11:true"),
        ("filesystem", "!home"),
        ("filesystem", "host:reset"),
        ("nofilesystem", "!home"),
        ("persist", "../x"),
        ("env", "A"),
        ("env", "=x"),
        ("env", "A=b\0c"),
        ("unset-env", "A=B"),
        ("talk-name", ":1.2"),
        ("talk-name", "org"),
        ("add-policy", "a.b"),
        ("add-policy", "a.b=!c"),
        ("usb", "dev:1234"),
        ("usb", "all+vnd:1234"),
        ("usb-list", "all;vnd:xx"),
        ("pids-max", "0"),
        ("apparmor-mode", "off"),
        ("no-such", "x"),
    ];
    for (name, value) in cases {
        assert!(parse_option(name, value).is_err(), "--{name}={value}");
    }
}

#[test]
fn a_list_of_usb_devices_is_several_options() {
    let layer = parse_args(Source::App, &args(&["--usb-list=vnd:0FD9;!cls:09:*;"])).unwrap();
    assert_eq!(render(&layer), ["--usb=vnd:0fd9", "--nousb=cls:09:*"]);
}
