//! Device rules of v1.

use oci_spec::runtime::{LinuxDeviceCgroup, LinuxDeviceType};

/// What every container may use, as with every other runtime: making nodes (opening them is another matter), the standard devices,
/// terminals.
const DEFAULT_DEVICES: &[&str] = &[
    "c *:* m",
    "b *:* m",
    "c 1:3 rwm",
    "c 1:5 rwm",
    "c 1:7 rwm",
    "c 1:8 rwm",
    "c 1:9 rwm",
    "c 5:0 rwm",
    "c 5:1 rwm",
    "c 5:2 rwm",
    "c 136:* rwm",
];

/// v1 device rules as (file, value), in order; empty if the spec has none.
pub(in super::super) fn device_rules(rules: &[LinuxDeviceCgroup]) -> Vec<(&'static str, String)> {
    let mut writes: Vec<_> = rules
        .iter()
        .map(|rule| {
            (
                if rule.allow() {
                    "devices.allow"
                } else {
                    "devices.deny"
                },
                rule_text(rule),
            )
        })
        .collect();
    if !writes.is_empty() {
        writes.extend(
            DEFAULT_DEVICES
                .iter()
                .map(|rule| ("devices.allow", (*rule).to_owned())),
        );
    }
    writes
}

fn rule_text(rule: &LinuxDeviceCgroup) -> String {
    let number = |value: Option<i64>| {
        value
            .filter(|value| *value >= 0)
            .map_or_else(|| "*".into(), |value| value.to_string())
    };
    let access = rule
        .access()
        .as_deref()
        .filter(|access| !access.is_empty())
        .unwrap_or("rwm");
    let kind = match rule.typ() {
        None | Some(LinuxDeviceType::A | LinuxDeviceType::P) => return "a".into(),
        Some(LinuxDeviceType::B) => 'b',
        Some(LinuxDeviceType::C | LinuxDeviceType::U) => 'c',
    };
    format!(
        "{kind} {}:{} {access}",
        number(rule.major()),
        number(rule.minor())
    )
}
