//! Claims about specs of the Container Device Interface.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use flatrack_metadata::{CdiSpec, CdiSyntax, SourceText};

fn read(text: &str, syntax: CdiSyntax) -> Result<CdiSpec, String> {
    let source = SourceText::new("spec", text.as_bytes()).unwrap();
    CdiSpec::parse(&source, syntax).map_err(|error| error.to_string())
}

const YAML: &str = "cdiVersion: 0.6.0
kind: vendor.com/gpu
devices:
  - name: '0'
    containerEdits:
      deviceNodes: [{path: /dev/gpu0, hostPath: /dev/null, permissions: r, major: 1, minor: 3, type: c, fileMode: 438}]
containerEdits:
  env: [A=b=c]
  mounts: [{hostPath: /srv/x, containerPath: /opt/x, options: [ro, nosuid]}]
";

#[test]
fn both_syntaxes_say_the_same() {
    let yaml = read(YAML, CdiSyntax::Yaml).unwrap();
    let json = r#"{"cdiVersion":"0.6.0","kind":"vendor.com/gpu","devices":[{"name":"0","containerEdits":{"deviceNodes":[
        {"path":"/dev/gpu0","hostPath":"/dev/null","permissions":"r","major":1,"minor":3}]}}],
        "containerEdits":{"env":["A=b=c"],"mounts":[{"hostPath":"/srv/x","containerPath":"/opt/x","options":["ro"]}]}}"#;
    assert_eq!(read(json, CdiSyntax::Json).unwrap(), yaml);
    let (name, edits) = &yaml.devices[0];
    assert_eq!(name.to_string(), "vendor.com/gpu=0");
    assert_eq!(edits.nodes[0].number, Some((false, 1, 3)));
    assert_eq!(yaml.common.env, [("A".to_owned(), "b=c".to_owned())]);
    assert!(yaml.common.mounts[0].read_only);
}

#[test]
fn what_would_not_be_done_is_refused() {
    for (from, to, word) in [
        ("0.6.0", "9.9.9", "9.9.9"),
        ("vendor.com/gpu", "gpu", "vendor/class"),
        (
            "env: [A=b=c]",
            "hooks: [{hookName: createContainer, path: /bin/x}]",
            "hooks",
        ),
        ("env: [A=b=c]", "additionalGids: [5]", "additionalGids"),
        ("env: [A=b=c]", "env: [A]", "NAME=VALUE"),
        ("env: [A=b=c]", "surprise: 1", "surprise"),
        ("/dev/null", "/etc/shadow", "/etc/shadow"),
        ("/dev/null", "/dev/../etc/shadow", "/dev/"),
        ("permissions: r", "permissions: rx", "rx"),
        ("name: '0'", "name: '-'", "name of a device"),
    ] {
        let error = read(&YAML.replace(from, to), CdiSyntax::Yaml).unwrap_err();
        assert!(error.contains(word), "{word} in {error}");
    }
}
