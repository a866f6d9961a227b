use super::*;

fn round(key: &str, value: &str) -> Result<String, String> {
    let key = LimitKey::find(key).unwrap();
    key.parse(value).map(|l| l.value()).map_err(|e| e.problem)
}

#[test]
fn values_are_read_and_written_in_their_shortest_form() {
    for (key, value, written) in [
        ("memory-max", "64M", "64M"),
        ("memory-max", "65536k", "64M"),
        ("memory-max", "1000", "1000"),
        ("memory-max", "0", "0"),
        ("memory-max", "max", "max"),
        ("cpu-max", "50%", "50%"),
        ("cpu-max", "1.5", "150%"),
        ("cpu-max", "12.5%", "12500 100000"),
        ("cpu-max", "20000 50000", "20000 50000"),
        ("cpu-weight", "100", "100"),
        ("cpuset", "0-2,4", "0-2,4"),
        ("pids-max", "64", "64"),
        ("nofile", "1024:4K", "1024:4096"),
        ("core", "infinity", "infinity"),
        ("oom-score-adj", "-5", "-5"),
    ] {
        assert_eq!(round(key, value), Ok(written.to_owned()), "{key}={value}");
    }
}

#[test]
fn nonsense_is_refused() {
    for (key, value) in [
        ("memory-max", ""),
        ("memory-max", "-1"),
        ("memory-max", "64Q"),
        ("memory-max", "64 M"),
        ("memory-max", "1e9"),
        ("memory-max", "99999999999999999999"),
        ("memory-max", "9999999999T"),
        ("cpu-max", "0"),
        ("cpu-max", "half"),
        ("cpu-max", "10 5"),
        ("cpu-weight", "0"),
        ("cpu-weight", "10001"),
        ("cpuset", "3-1"),
        ("cpuset", ""),
        ("pids-max", "0"),
        ("nofile", "4096:1024"),
        ("oom-score-adj", "1001"),
    ] {
        assert!(round(key, value).is_err(), "{key}={value}");
    }
}

#[test]
fn every_key_is_found_by_its_name() {
    for key in LimitKey::all() {
        assert_eq!(LimitKey::find(key.key()), Some(key));
        assert!(!key.doc().is_empty());
    }
}
