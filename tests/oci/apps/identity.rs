//! What is an app, and which one it is.

use std::fs;
use std::os::unix::fs::symlink;

use flatrack_testbed::needs;
use serde_json::{Value, json};

use super::{APP, app, host_directory, run};
use crate::bundle::Bundle;
use crate::runtime::Runtime;

#[test]
fn privileged_annotations_widen_nothing_and_name_the_app_that_is_meant() {
    needs!(Root);
    let said =
        |annotations: Value, script: &str| run(&app("", script).set("/annotations", annotations));
    let other = said(json!({"org.flatrack.app": "org.example.Other"}), "echo ran");
    other.assert_code(1);
    assert!(
        other.stderr.contains("org.example.Other"),
        "{}",
        other.stderr
    );
    let rules = json!({"org.flatrack.landlock": "{\"abi\":2,\"files\":[{\"path\":\"/\",\"access\":\"change\"}]}", "org.flatrack.app": APP});
    let script = "touch /usr/x /app/x /x 2>/dev/null; ls /x /app/x 2>/dev/null; echo ran";
    let plain = said(json!({}), script);
    assert_eq!(said(rules, script).assert_success(), plain.assert_success());
}

#[test]
fn privileged_other_images_run_as_they_always_did() {
    needs!(Root);
    let plain = Bundle::new("cat /metadata; ls /files");
    fs::create_dir(plain.inside("files")).unwrap();
    fs::write(plain.inside("metadata"), "not of an app\n").unwrap();
    assert_eq!(run(&plain).assert_success(), "not of an app");
    // links of an image are not followed to find out what it is
    for (link, target) in [("files", "/"), ("metadata", "/etc/passwd")] {
        let bundle = app("", "echo ran");
        let place = bundle.inside(link);
        match place.is_dir() {
            true => fs::remove_dir_all(&place).unwrap(),
            false => fs::remove_file(&place).unwrap(),
        }
        symlink(target, &place).unwrap();
        let said = run(&bundle);
        assert!(
            said.code != 0 && !said.stdout.contains("ran"),
            "{link}: {said:?}"
        );
    }
}

#[test]
fn privileged_a_name_that_is_taken_touches_nothing_of_the_one_that_has_it() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100");
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let label = || {
        fs::read_to_string(format!(
            "/proc/{}/attr/current",
            runtime.state(&bundle.id)["pid"]
        ))
        .unwrap_or_default()
    };
    let (before, files) = (label(), bundle.path().join("flatrack/files/init"));
    let again = runtime.create(&bundle);
    assert!(again.stderr.contains("already exists"), "{}", again.stderr);
    assert!(files.exists());
    assert_eq!(label(), before);
    runtime.end(&bundle.id);
}

#[test]
fn privileged_a_home_that_an_image_names_is_not_looked_into() {
    needs!(Root);
    let home = host_directory();
    let overrides = home.path().join(".config/flatrack/overrides");
    fs::create_dir_all(&overrides).unwrap();
    fs::write(overrides.join(APP), "[Environment]\nTOKEN=of-a-person\n").unwrap();
    let env = json!([format!("HOME={}", home.path().display())]);
    let bundle = app("", "echo token $TOKEN; ls ~").set("/process/env", env);
    assert_eq!(run(&bundle).assert_success(), "token");
}

#[test]
fn privileged_an_image_does_not_pass_for_an_app_by_an_annotation() {
    needs!(Root);
    let runtime = Runtime::ours();
    let bundle = Bundle::new("sleep 100").set(
        "/annotations",
        json!({"org.flatrack.pod": "app", "org.flatrack.app": APP}),
    );
    fs::create_dir(bundle.path().join("flatrack")).unwrap();
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let process = bundle.path().join("process.json");
    let none = json!({"user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"], "args": ["grep", "CapEff", "/proc/self/status"], "noNewPrivileges": true});
    fs::write(&process, none.to_string()).unwrap();
    let said = runtime.run(["exec", "--process", process.to_str().unwrap(), &bundle.id]);
    assert!(
        said.assert_success().ends_with("0000000000000000"),
        "{said:?}"
    );
    runtime.end(&bundle.id);
    assert!(bundle.path().join("flatrack").exists());
}
