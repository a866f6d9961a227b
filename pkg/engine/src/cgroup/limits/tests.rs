//! Which writes a document turns into.

use super::*;

fn resources(json: &str) -> LinuxResources {
    serde_json::from_str(json).unwrap()
}

fn writes(json: &str, version: Version) -> Vec<(String, String)> {
    settings(&resources(json), &|_| version)
        .unwrap()
        .into_iter()
        .map(|setting| (setting.file, setting.value))
        .collect()
}

#[test]
fn the_same_limits_for_both_versions() {
    let json = r#"{"memory":{"limit":1048576,"swap":2097152},"cpu":{"quota":50000,"period":100000,"shares":1024,"cpus":"0"},"pids":{"limit":7}}"#;
    let pair = |file: &str, value: &str| (file.to_owned(), value.to_owned());
    assert_eq!(
        writes(json, Version::V1),
        [
            pair("memory.limit_in_bytes", "1048576"),
            pair("cpu.shares", "1024"),
            pair("pids.max", "7"),
            pair("memory.memsw.limit_in_bytes", "2097152"),
            pair("cpu.cfs_period_us", "100000"),
            pair("cpu.cfs_quota_us", "50000"),
            pair("cpuset.cpus", "0"),
        ]
    );
    assert_eq!(
        writes(json, Version::V2),
        [
            pair("memory.max", "1048576"),
            pair("cpu.weight", "39"),
            pair("pids.max", "7"),
            pair("memory.swap.max", "1048576"),
            pair("cpu.max", "50000 100000"),
            pair("cpuset.cpus", "0"),
        ]
    );
}

#[test]
fn no_limit_has_its_own_spelling() {
    let json = r#"{"memory":{"limit":-1},"pids":{"limit":0}}"#;
    assert_eq!(
        writes(json, Version::V2),
        [
            ("memory.max".into(), "max".into()),
            ("pids.max".into(), "max".into())
        ]
    );
    assert!(
        settings(&resources(json), &|_| Version::V1)
            .unwrap()
            .iter()
            .all(|setting| setting.unlimited)
    );
}

#[test]
fn each_controller_is_asked_for_its_own_version() {
    let json = r#"{"memory":{"limit":1048576},"hugepageLimits":[{"pageSize":"2MB","limit":7}],"unified":{"hugetlb.1GB.max":"8"}}"#;
    let hybrid = |name: &str| match name {
        "hugetlb" => Version::V2,
        _ => Version::V1,
    };
    let settings = settings(&resources(json), &hybrid).unwrap();
    let files: Vec<&str> = settings.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(
        files,
        [
            "memory.limit_in_bytes",
            "hugetlb.2MB.max",
            "hugetlb.1GB.max"
        ]
    );
}

#[test]
fn what_cannot_be_done_is_an_error() {
    for (json, version) in [
        (r#"{"unified":{"memory.high":"1M"}}"#, Version::V1),
        (r#"{"unified":{"../memory.high":"1M"}}"#, Version::V2),
        (r#"{"memory":{"swappiness":10}}"#, Version::V2),
        (r#"{"memory":{"limit":10,"swap":5}}"#, Version::V2),
        (r#"{"cpu":{"realtimeRuntime":10}}"#, Version::V1),
    ] {
        assert!(
            matches!(
                settings(&resources(json), &|_| version),
                Err(Error::LimitNotEnforceable { .. })
            ),
            "{json}"
        );
    }
}
