//! Malformed text gets one clear error with the place, exit 125, and nothing is started.

use flatrack_testbed::{HELLO, Testbed, needs};

/// Runs a build directory with that metadata, which must be refused.
#[track_caller]
fn refused(metadata: &str, words: &[&str]) {
    let bed = Testbed::new();
    let dir = bed
        .host_build_dir("org.flatrack.Test.Bad")
        .raw_metadata(metadata)
        .write();
    let said = bed.flatrack(["run".as_ref(), dir.as_os_str()]);
    said.assert_refused(words);
    assert_eq!(said.stdout, "");
    assert!(
        !said.stderr.contains('\u{1b}'),
        "a control character was passed on: {:?}",
        said.stderr
    );
}

const APP: &str = "[Application]\nname=org.flatrack.Test.Bad\nruntime=org.flatrack.Host.Platform/x86_64/1\ncommand=main\n";

#[test]
fn a_line_without_a_key_is_shown_and_underlined() {
    refused(
        &format!("{APP}what is this\n"),
        &["metadata", "what is this", "^"],
    );
}

#[test]
fn a_duplicate_group_is_refused() {
    refused(
        &format!("{APP}[Context]\nshared=ipc;\n[Context]\nshared=network;\n"),
        &["Context"],
    );
}

#[test]
fn a_file_without_an_application_is_refused() {
    refused("[Context]\nshared=network;\n", &["Application"]);
    refused("", &["Application"]);
}

#[test]
fn an_id_that_is_no_id_is_refused() {
    for id in [
        "../x",
        "a/b",
        "org.-x.y",
        "-org.x.y",
        "one",
        "org..x",
        "org.x.\u{1b}[2J",
    ] {
        refused(&APP.replace("org.flatrack.Test.Bad", id), &["name"]);
    }
}

#[test]
fn a_size_that_is_no_size_is_refused_with_its_value() {
    for size in ["64Q", "-1", "", "1e9", "99999999999999999999", "6 4M"] {
        refused(
            &format!("{APP}[X-Resources]\nmemory-max={size}\n"),
            &["memory-max"],
        );
    }
}

#[test]
fn an_unknown_resource_key_is_refused() {
    refused(
        &format!("{APP}[X-Resources]\nmemory-maximum=64M\n"),
        &["memory-maximum"],
    );
}

#[test]
fn a_permission_that_is_not_built_yet_is_refused_by_its_name() {
    refused(
        &format!("{APP}[X-Resources]\nio-max=8:0 rbps=1\n"),
        &["io-max"],
    );
}

#[test]
fn a_path_that_climbs_is_refused() {
    refused(
        &format!("{APP}[Context]\nfilesystems=xdg-download/../..;\n"),
        &["filesystems", ".."],
    );
}

#[test]
fn a_nul_byte_is_refused() {
    refused(
        &format!("{APP}[Context]\nshared=net\0work;\n"),
        &["metadata"],
    );
}

#[test]
fn bad_options_are_refused_with_their_value() {
    let bed = Testbed::new();
    let dir = bed.host_build_dir("org.flatrack.Test.Options").write();
    let dir = dir.to_str().unwrap();
    let bad = [
        "--memory-max=lots",
        "--cpu-max=-5%",
        "--cpu-max=0",
        "--pids-max=none",
        "--share=everything",
        "--filesystem=../etc",
        "--env=no-equals-sign",
    ];
    for option in bad {
        let value = option.split_once('=').unwrap().1;
        bed.flatrack(["run", option, dir]).assert_refused(&[value]);
    }
}

#[test]
fn a_broken_override_is_refused_with_its_file() {
    needs!(StockFlatpak);
    let bed = Testbed::new().with_flatpak();
    bed.write_override(HELLO, "[Context\nshared=network;\n");
    bed.flatrack(["run", HELLO])
        .assert_refused(&["overrides", HELLO, "[Context"]);
}

#[test]
fn a_broken_manifest_is_refused_with_its_line() {
    let bed = Testbed::new();
    let file = bed.write("app.yaml", "id: org.flatrack.Test.Manifest\nmodules: [\n");
    let said = bed.flatrack(["run".as_ref(), file.as_os_str()]);
    said.assert_refused(&["app.yaml"]);
}

/// A directory of sources may hold links; what is unpacked after it is not written through them.
#[test]
fn a_manifest_source_is_not_written_through_a_link_of_another() {
    let bed = Testbed::new();
    let outside = bed.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    bed.write("manifest/tree/file", "");
    std::os::unix::fs::symlink(&outside, bed.root().join("manifest/tree/link")).unwrap();
    std::os::unix::fs::symlink(outside.join("new"), bed.root().join("manifest/tree/new")).unwrap();
    for source in [
        "{type: inline, contents: x, dest: link, dest-filename: new}",
        "{type: inline, contents: x, dest: link/below, dest-filename: new}",
        "{type: inline, contents: x, dest-filename: new}",
        "{type: script, commands: [x], dest-filename: new}",
        "{type: file, path: tree/file, dest: link, dest-filename: new}",
        "{type: dir, path: tree, dest: link}",
    ] {
        let text = format!(
            "id: org.flatrack.Test.Link\nruntime: org.flatrack.Host.Platform\nruntime-version: '1'\n\
             sdk: org.flatrack.Host.Platform\ncommand: 'true'\nmodules:\n- name: m\n  buildsystem: simple\n  build-commands: ['true']\n  \
             sources: [{{type: dir, path: tree}}, {source}]\n"
        );
        let manifest = bed.write("manifest/link.yaml", text);
        let _either = bed.flatrack(["run".as_ref(), manifest.as_os_str()]);
        assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0, "{source}");
    }
}

#[test]
fn a_manifest_source_outside_its_directory_is_refused() {
    let bed = Testbed::new();
    let text = "id: org.flatrack.Test.Manifest\nruntime: org.flatrack.Host.Platform\nruntime-version: '1'\n\
                sdk: org.flatrack.Host.Platform\ncommand: x\nmodules:\n- name: x\n  buildsystem: simple\n  \
                build-commands: ['true']\n  sources: [{type: file, path: x, dest: ../../..}]\n";
    bed.write("x", "");
    let file = bed.write("app.yaml", text);
    bed.flatrack(["run".as_ref(), file.as_os_str()])
        .assert_refused(&["../../.."]);
}
