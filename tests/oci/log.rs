//! What engines read of a failure, and what is not said of a success.

use flatrack_testbed::needs;
use serde_json::Value;

use crate::runtime::Runtime;

#[test]
fn a_failure_is_a_line_of_json_in_the_log_too() {
    let runtime = Runtime::ours();
    let log = runtime.root().join("log");
    let path = log.to_str().unwrap();
    let outcome = runtime.run(["--log", path, "--log-format", "json", "state", "none"]);
    outcome.assert_code(1);
    let text = std::fs::read_to_string(&log).unwrap();
    let line: Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!(line["level"], "error");
    let message = line["msg"].as_str().unwrap();
    assert!(message.contains("does not exist"), "{message}");
    assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    assert!(line["time"].as_str().unwrap().ends_with('Z'));
    std::fs::remove_file(log).unwrap();
}

#[test]
fn text_is_the_other_form() {
    let runtime = Runtime::ours();
    let log = runtime.root().join("log");
    runtime
        .run(["state", "none", "--log", log.to_str().unwrap()])
        .assert_code(1);
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(
        text.starts_with("time=\"") && text.contains("level=error msg=\""),
        "{text}"
    );
    std::fs::remove_file(log).unwrap();
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    needs!(Root);
    let runtime = Runtime::ours();
    for (args, word) in [
        (&["checkpoint", "one"][..], "checkpoint"),
        (&["restore", "--image-path", "/x", "one"], "restore"),
        (&["create", "--no-pivot", "one"], "--no-pivot"),
    ] {
        let outcome = runtime.run(args);
        outcome.assert_code(1);
        assert!(outcome.stderr.contains(word), "{}", outcome.stderr);
    }
}

#[test]
fn features_are_a_document() {
    let outcome = Runtime::ours().run(["features"]);
    let features: Value = serde_json::from_str(outcome.assert_success()).unwrap();
    assert_eq!(features["linux"]["selinux"]["enabled"], false);
    assert!(
        features["mountOptions"]
            .as_array()
            .unwrap()
            .contains(&"rbind".into())
    );
    assert!(outcome.stderr.is_empty());
}
