//! Profiles of the pod and of the app.

use std::fs;

use flatrack_testbed::needs;
use serde_json::json;

use super::{APP, app, bind, host_directory, run};
use crate::runtime::Runtime;

#[test]
fn privileged_an_image_does_not_choose_to_be_unconfined() {
    needs!(Root);
    let said = run(&app("[X-AppArmor]\nprofile=unconfined", "echo ran"));
    said.assert_code(1);
    assert!(said.stderr.contains("cannot ask for"), "{}", said.stderr);
}

/// A profile of the site's, loaded for as long as this is there.
struct Loaded(String);

impl Loaded {
    fn new(name: &str, rules: &str) -> Self {
        let loaded = Self(format!("profile {name} {{\n{rules}\n}}\n"));
        loaded.parser("--replace");
        loaded
    }

    fn parser(&self, what: &str) {
        use std::io::Write as _;
        let mut parser = std::process::Command::new("/usr/sbin/apparmor_parser")
            .args([what, "--skip-cache"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let text = self.0.as_bytes();
        parser.stdin.take().unwrap().write_all(text).unwrap();
        assert!(parser.wait().unwrap().success());
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        self.parser("--remove");
    }
}

#[test]
fn apparmor_profiles_of_the_pod_and_of_the_app_both_hold() {
    needs!(Root, AppArmor);
    let site = "flatrack-test-pod-site";
    let rules = "file,\nunix,\nsignal,\nptrace,\ndeny /data/theirs rw,";
    let _loaded = Loaded::new(site, rules);
    let host = host_directory();
    fs::write(host.path().join("theirs"), "").unwrap();
    let script = "cat /proc/self/attr/current; cat /data/secret
        cat /data/theirs 2>&1 | grep -o denied";
    let runtime = Runtime::ours();
    let bundle = app("", "sleep 100")
        .mount(bind(host.path(), "/data", "rw"))
        .set("/process/apparmorProfile", json!(site));
    runtime.create(&bundle).assert_code(0);
    runtime.run(["start", &bundle.id]).assert_code(0);
    let name = format!("flatrack.{APP}+pod.{}", bundle.id);
    let is_loaded = || {
        let all = fs::read_to_string("/sys/kernel/security/apparmor/profiles").unwrap();
        all.contains(&name)
    };
    assert!(is_loaded());
    // by a pipe, as engines do it: a file of the host's is nothing that the profile knows
    let said = runtime.command(["exec", &bundle.id, "sh", "-c", script]);
    let said = String::from_utf8({ said }.output().unwrap().stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].contains(site) && lines[0].contains(&name),
        "{said:?}"
    );
    assert_eq!(lines[1..], ["of the host", "denied"], "{said:?}");
    runtime.end(&bundle.id);
    assert!(!is_loaded(), "the profile of a container that is gone");
    // an engine that wants no profile does not take the app's away
    let alone =
        app("", "cat /proc/self/attr/current").set("/process/apparmorProfile", json!("unconfined"));
    assert!(run(&alone).stdout.contains(&format!("flatrack.{APP}+pod.")));
}
