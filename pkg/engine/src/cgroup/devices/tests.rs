use super::{Result, Rules};

fn rules(json: &str) -> Result<Option<Rules>> {
    Rules::of(Some(&serde_json::from_str(json).unwrap()))
}

fn writes(json: &str) -> Result<Vec<(&'static str, String)>> {
    rules(json)?.unwrap().writes()
}

#[test]
fn rules_keep_their_order_and_add_the_standard_devices() {
    let writes = writes(
        r#"{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":200,"access":"rw"}]}"#,
    )
    .unwrap();
    assert_eq!(writes[0], ("devices.deny", "a".into()));
    assert_eq!(writes[1], ("devices.allow", "c 10:200 rw".into()));
    assert_eq!(writes[2], ("devices.allow", "c *:* m".into()));
    assert!(writes.len() > 10);
}

#[test]
fn a_list_is_one_of_what_is_allowed() {
    let writes = writes(r#"{"devices":[{"allow":true,"type":"a","major":10,"access":"r"}]}"#);
    let writes = writes.unwrap();
    assert_eq!(writes[0], ("devices.deny", "a".into()));
    assert_eq!(writes[1], ("devices.allow", "b 10:* r".into()));
    assert_eq!(writes[2], ("devices.allow", "c 10:* r".into()));
}

#[test]
fn what_withholds_nothing_needs_no_cgroup() {
    for json in [
        r"{}",
        r#"{"devices":[]}"#,
        r#"{"devices":[{"allow":true,"access":"rwm"}]}"#,
        r#"{"devices":[{"allow":false},{"allow":true,"type":"a","major":-1,"minor":-1}]}"#,
    ] {
        assert_eq!(rules(json).unwrap(), None, "{json}");
    }
}

#[test]
fn what_is_no_rule_for_a_device_is_refused() {
    for rule in [
        r#"{"allow":true,"type":"p"}"#,
        r#"{"allow":true,"access":"x"}"#,
        r#"{"allow":true,"type":"c","major":-7}"#,
        r#"{"allow":true,"type":"c","major":5000000000}"#,
    ] {
        assert!(
            rules(&format!(r#"{{"devices":[{rule}]}}"#)).is_err(),
            "{rule}"
        );
    }
}

#[test]
fn a_refusal_that_v1_would_not_keep_is_told() {
    let refused = |allowed: &str, refused: &str| {
        writes(&format!(
            r#"{{"devices":[{allowed},{{"allow":false,"type":"c",{refused}}}]}}"#
        ))
        .is_err()
    };
    let wide = r#"{"allow":true,"type":"c","access":"rw"}"#;
    assert!(refused(wide, r#""major":1,"minor":11"#));
    assert!(!refused(wide, r#""access":"r""#), "the same words");
    assert!(
        !refused(wide, r#""major":1,"access":"m""#),
        "nothing in common"
    );
    let everything = r#"{"allow":true}"#;
    assert!(
        !refused(everything, r#""major":1,"minor":11"#),
        "an exception"
    );
}

/// Runs a program as the kernel would.
fn answer(json: &str, kind: u32, major: u32, minor: u32, access: u32) -> bool {
    let program = super::program::of(&rules(json).unwrap().unwrap().0).unwrap();
    let context = [access << 16 | kind, major, minor];
    let mut registers = [0u64; 11];
    let mut at = 0;
    loop {
        let one = program[at];
        let (to, from) = (
            usize::from(one.registers & 15),
            usize::from(one.registers >> 4),
        );
        let constant = i64::from(one.immediate).cast_unsigned();
        let jump = match one.code {
            0x61 => {
                registers[to] = u64::from(context[usize::try_from(one.offset).unwrap() / 4]);
                false
            }
            0xbf => {
                registers[to] = registers[from];
                false
            }
            0xb7 => {
                registers[to] = constant;
                false
            }
            0x57 => {
                registers[to] &= constant;
                false
            }
            0x77 => {
                registers[to] >>= constant;
                false
            }
            0x05 => true,
            0x15 => registers[to] == constant,
            0x55 => registers[to] != constant,
            0x95 => return registers[0] == 1,
            other => panic!("{other:x}"),
        };
        at += 1 + if jump {
            usize::try_from(one.offset).unwrap()
        } else {
            0
        };
    }
}

#[test]
fn the_program_lets_the_last_rule_count_for_each_access() {
    const BLOCK: u32 = 1;
    const CHARACTER: u32 = 2;
    let json = r#"{"devices":[{"allow":false},
        {"allow":true,"type":"c","major":1,"access":"rw"},
        {"allow":false,"type":"c","major":1,"minor":11,"access":"w"},
        {"allow":true,"type":"b","major":8,"minor":0,"access":"r"}]}"#;
    let ask = |kind, major, minor, access| answer(json, kind, major, minor, access);
    assert!(ask(CHARACTER, 1, 11, 2), "read: allowed with its driver");
    assert!(!ask(CHARACTER, 1, 11, 4), "written: refused for itself");
    assert!(!ask(CHARACTER, 1, 11, 6), "both at once");
    assert!(ask(CHARACTER, 1, 12, 6));
    assert!(ask(BLOCK, 8, 0, 2) && !ask(BLOCK, 8, 0, 4) && !ask(BLOCK, 8, 1, 2));
    assert!(!ask(BLOCK, 1, 12, 2), "the other kind");
    assert!(ask(CHARACTER, 10, 200, 1), "everyone may make nodes");
    assert!(!ask(CHARACTER, 10, 200, 3), "but not open them");
    assert!(ask(CHARACTER, 1, 3, 7) && ask(CHARACTER, 136, 9, 6));
    let json = r#"{"devices":[{"allow":true},{"allow":false,"type":"c","major":10}]}"#;
    assert!(!answer(json, CHARACTER, 10, 200, 2));
    assert!(answer(json, CHARACTER, 11, 0, 6) && answer(json, BLOCK, 10, 0, 2));
}
